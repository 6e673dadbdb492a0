import { type ClusterCandidate, isMade, isUnstable } from '../../../segments/index.ts'
import type { Analysis } from '../../analysis.ts'
import { type Chart, figure } from '../chart.ts'
import { rankedBars, rankedHeight } from '../charts/ranked-bars.ts'
import { scatterMap, symbolAt } from '../charts/scatter-map.ts'
import { factValue as withUnit } from '../fact-value.ts'
import { counted, type Format, orWhy } from '../format.ts'
import { type Html, html, name } from '../html.ts'
import { shortLabels } from '../short-labels.ts'
import { tableOf } from '../table.ts'

export type Discovered = Analysis['segments']['discovered']
export type Found = Extract<Discovered, { found: true }>
type Segment = Found['segments'][number]

const profileMax = 7

export const legendOf = ({ segments }: Found): Html =>
  html`<ul class="legend">${segments.map(
    (segment, at) =>
      html`<li><span class="mark series-${(at % 7) + 1}" aria-hidden="true">${symbolAt(at).sign}</span> ${name(segment.name)}</li>`,
  )}</ul>`

/** One segment: its size, worth and profile. */
export const card = (segment: Segment, chart: Chart, format: Format): Html => html`<article class="card">
<h4>${name(segment.name)}</h4>
<p class="size">${counted(format, segment.customers, 'customer')} (${format.percent(segment.share)}), ${format.percent(segment.revenueShare)} of revenue</p>
<dl>
<dt>Segment</dt><dd>${name(segment.id)}</dd>
<dt>Revenue</dt><dd>${format.money(segment.revenue)}</dd>
<dt>Profit</dt><dd>${orWhy(segment.profit, format.money, segment.profitUnknownBecause ?? 'not known')}</dd>
<dt>Stability</dt><dd>${orWhy(segment.stability, (value) => format.fixed(value, 2), 'not measured')}${isUnstable(segment) && ', low: it does not come back when customers are drawn anew'}</dd>
</dl>
${figure(chart)}
</article>`

/** @param prefix of the chart's id, where a page has several lists of segments */
export function profileOf(segment: Segment, at: number, format: Format, prefix = ''): Chart {
  const entries = segment.profile.slice(0, profileMax)
  const { labels, common } = shortLabels(entries.map(({ label }) => label))
  const bars = entries.map((entry, place) => ({
    label: labels[place]!,
    value: entry.effect,
    text: `${entry.label}\n${withUnit(entry.mean, entry.unit, format)} here, ${withUnit(entry.overallMean, entry.unit, format)} over all`,
  }))
  const [first] = entries
  return {
    id: `${prefix}profile-${at + 1}`,
    title: `What sets it apart, in standard deviations${common === null ? '' : ` (“…” is ${common})`}`,
    summary: first
      ? `${first.label} differs most: ${withUnit(first.mean, first.unit, format)} against ${withUnit(first.overallMean, first.unit, format)}`
      : 'nothing sets it apart',
    height: rankedHeight(bars),
    option: rankedBars(bars, 'decimal', 150),
    table: tableOf(
      `Profile of ${segment.name}`,
      [
        { head: 'Feature', cell: ({ label }) => label },
        { head: 'Here', numeric: true, cell: ({ mean, unit }) => withUnit(mean, unit, format) },
        { head: 'Over all', numeric: true, cell: ({ overallMean, unit }) => withUnit(overallMean, unit, format) },
        { head: 'Effect', numeric: true, cell: ({ effect }) => format.decimal(effect) },
      ],
      segment.profile,
    ),
  }
}

export function mapOf({ map, segments }: Found, format: Format, prefix = ''): Chart {
  const groups = segments.map((segment, index) => ({
    name: segment.name,
    points: map.segment.flatMap((own, at) => (own === index ? [[map.x[at]!, map.y[at]!] as const] : [])),
  }))
  const center = (points: readonly (readonly [number, number])[], axis: 0 | 1): Html | string =>
    orWhy(
      points.length > 0 ? points.reduce((sum, point) => sum + point[axis], 0) / points.length : null,
      format.decimal,
      'none drawn',
    )
  return {
    id: `${prefix}segment-map`,
    title: 'How alike customers are',
    summary: `each point is a customer of a sample of ${format.count(map.x.length)}; the two axes show ${format.percent(map.explained)} of all differences`,
    height: 440,
    option: scatterMap(groups),
    table: tableOf(
      `Middle of each segment on the map, whose axes show ${format.percent(map.explained)} of all differences`,
      [
        { head: 'Segment', cell: (group) => name(group.name) },
        { head: 'Points drawn', numeric: true, cell: ({ points }) => format.count(points.length) },
        { head: 'Across', numeric: true, cell: ({ points }) => center(points, 0) },
        { head: 'Up', numeric: true, cell: ({ points }) => center(points, 1) },
      ],
      groups,
    ),
  }
}

/** What the map shows of them, and what it cannot. */
export const mapWords = ({ map }: Found, format: Format): Html =>
  html`<p class="lead">Each point is a customer: ${format.count(map.x.length)} of those in a group who are known well. The two axes show ${format.percent(map.explained)} of all differences: groups that lie over each other here may be apart in others.</p>`

/** What was tried, and what speaks for it. @param made number of groups; null where there are none */
export function candidatesTable(
  candidates: Discovered['candidates'],
  made: number | null,
  format: Format,
): Html | false {
  if (candidates.length === 0) return false
  const shown = measures(format).filter(({ of }) => candidates.some((row) => of(row) !== null))
  const called = (row: ClusterCandidate): string => {
    const words = row.setting === undefined ? `${row.k}` : `${row.k} (${row.setting})`
    return made !== null && isMade(row, made) ? `${words}, made` : words
  }
  return html`<h4>How many segments?</h4><ul class="plain">${shown.map(({ head, words }) => html`<li>${head}: ${words}</li>`)}</ul>${
    tableOf(
      'Numbers of segments that were tried',
      [
        { head: 'Segments', cell: called },
        ...shown.map(({ head, of }) => ({
          ...{ head, numeric: true as const },
          cell: (row: ClusterCandidate) => of(row) ?? html`<span class="unknown">not measured</span>`,
        })),
      ],
      candidates,
    ).markup
  }`
}

interface Measure {
  readonly head: string
  /** How to read it. */
  readonly words: string
  /** Null where it was not measured. */
  readonly of: (row: ClusterCandidate) => string | null
}

function measures(format: Format): readonly Measure[] {
  const three = (value: number | null): string | null => (value === null ? null : format.fixed(value, 3))
  return [
    {
      head: 'Silhouette',
      words: 'how much nearer customers are to their own group than to the next, at most 1',
      of: ({ silhouette }) => three(silhouette),
    },
    {
      head: 'Without groups',
      words:
        'the silhouette of what is found among customers of the same shape without groups, which a real grouping must beat',
      of: ({ nullSilhouette }) => three(nullSilhouette),
    },
    {
      head: 'Davies-Bouldin',
      words: 'spread within groups against the distance between them, less is better',
      of: ({ daviesBouldin }) => three(daviesBouldin),
    },
    {
      head: 'Calinski-Harabasz',
      words: 'variance between groups against that within, more is better',
      of: ({ calinskiHarabasz }) => (calinskiHarabasz === null ? null : format.count(calinskiHarabasz)),
    },
    {
      head: 'Stability',
      words: 'how alike the groups are when customers are drawn anew, at most 1',
      of: ({ stability }) => three(stability),
    },
    {
      head: 'Gap',
      words: 'how much tighter than points spread evenly in a box, with its standard error; it decides nothing here',
      of: ({ gap }) => (gap ? `${format.fixed(gap.value, 3)} ± ${format.fixed(gap.standardError, 3)}` : null),
    },
    {
      head: 'In none',
      words: 'the share in no group, of those who are known well',
      of: ({ noneShare }) => (noneShare === undefined ? null : format.percent(noneShare)),
    },
  ]
}
