import type { ClusterCandidate } from '../../../segments/index.ts'
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
<dt>Revenue</dt><dd>${format.money(segment.revenue)}</dd>
<dt>Profit</dt><dd>${orWhy(segment.profit, format.money, segment.profitUnknownBecause ?? 'not known')}</dd>
<dt>Stability</dt><dd>${orWhy(segment.stability, format.decimal, 'not measured')}</dd>
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

/** What was tried, and what speaks for it. */
export function candidatesTable(candidates: Discovered['candidates'], format: Format): Html | false {
  if (candidates.length === 0) return false
  const why = 'not measured'
  const three = (value: number): string => format.fixed(value, 3)
  const number = (head: string, cell: (row: ClusterCandidate) => Html | string) =>
    ({ head, numeric: true, cell }) as const
  return html`<h3>How many segments?</h3><p class="lead">Silhouette and Calinski-Harabasz: more is better; Davies-Bouldin: less is better. “Without clusters” is the silhouette of what is found among customers of the same shape without groups: a real grouping must beat it.</p>${
    tableOf(
      'Numbers of segments that were tried',
      [
        { head: 'Segments', cell: ({ k, setting }) => (setting === undefined ? k : `${k} (${setting})`) },
        { head: 'Silhouette', numeric: true, cell: (row) => orWhy(row.silhouette, three, why) },
        ...(candidates.some(({ nullSilhouette }) => nullSilhouette !== null)
          ? [number('Without clusters', ({ nullSilhouette }) => orWhy(nullSilhouette, three, why))]
          : []),
        { head: 'Davies-Bouldin', numeric: true, cell: (row) => orWhy(row.daviesBouldin, three, why) },
        { head: 'Calinski-Harabasz', numeric: true, cell: (row) => orWhy(row.calinskiHarabasz, format.count, why) },
        { head: 'Stability', numeric: true, cell: (row) => orWhy(row.stability, three, why) },
        ...(candidates.some(({ gap }) => gap !== undefined)
          ? [number('Gap', ({ gap }) => (gap ? `${three(gap.value)} ± ${three(gap.standardError)}` : why))]
          : []),
        ...(candidates.some(({ noneShare }) => noneShare !== undefined)
          ? [number('In none', ({ noneShare }) => orWhy(noneShare ?? null, format.percent, why))]
          : []),
      ],
      candidates,
    ).markup
  }`
}
