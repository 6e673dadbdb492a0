import type { Analysis } from '../../analysis.ts'
import { type Chart, figure } from '../chart.ts'
import { rankedBars, rankedHeight } from '../charts/ranked-bars.ts'
import { scatterMap, symbolAt } from '../charts/scatter-map.ts'
import { factValue as withUnit } from '../fact-value.ts'
import { counted, type Format, orWhy, sentence } from '../format.ts'
import { type Html, html, name } from '../html.ts'
import { missing, type Section } from '../section.ts'
import { shortLabels } from '../short-labels.ts'
import { tableOf } from '../table.ts'

type Discovered = Analysis['segments']['discovered']
type Found = Extract<Discovered, { found: true }>
type Segment = Found['segments'][number]

const profileMax = 7

/** Groups found in what customers do; or that there are none, and why. */
export function discoveredSection({ segments: { discovered } }: Analysis, format: Format): Section {
  const base = { id: 'segments', title: 'Segments found in behaviour' }
  const indices = candidatesTable(discovered.candidates, format)
  if (!discovered.found) return { ...base, html: html`${missing(discovered.reason)}${indices}`, charts: [] }
  const map = mapOf(discovered, format)
  const profiles = discovered.segments.map((segment, at) => ({ segment, chart: profileOf(segment, at, format) }))
  return {
    ...base,
    html: html`<p>${sentence(discovered.verdict)}</p>
<p class="lead">Stability under resampling: ${format.decimal(discovered.stability)} of 1.</p>
<details><summary>The ${discovered.features.length} features that customers were compared by</summary><ul class="plain">${discovered.features.map(({ label }) => html`<li>${label}</li>`)}</ul></details>
${legendOf(discovered)}
${figure(map)}
<h3>What sets each segment apart</h3>
<p class="lead">Bars show how far the segment’s mean lies from everyone’s, in standard deviations: right of zero is more, left is less.</p>
<div class="cards">${profiles.map(({ segment, chart }) => card(segment, chart, format))}</div>
${indices}`,
    charts: [map, ...profiles.map(({ chart }) => chart)],
  }
}

const legendOf = ({ segments }: Found): Html =>
  html`<ul class="legend">${segments.map(
    (segment, at) =>
      html`<li><span class="mark series-${(at % 7) + 1}" aria-hidden="true">${symbolAt(at).sign}</span> ${name(segment.name)}</li>`,
  )}</ul>`

const card = (segment: Segment, chart: Chart, format: Format): Html => html`<article class="card">
<h4>${name(segment.name)}</h4>
<p class="size">${counted(format, segment.customers, 'customer')} (${format.percent(segment.share)}), ${format.percent(segment.revenueShare)} of revenue</p>
<dl>
<dt>Revenue</dt><dd>${format.money(segment.revenue)}</dd>
<dt>Profit</dt><dd>${orWhy(segment.profit, format.money, segment.profitUnknownBecause ?? 'not known')}</dd>
<dt>Stability</dt><dd>${orWhy(segment.stability, format.decimal, 'not measured')}</dd>
</dl>
${figure(chart)}
</article>`

function profileOf(segment: Segment, at: number, format: Format): Chart {
  const entries = segment.profile.slice(0, profileMax)
  const { labels, common } = shortLabels(entries.map(({ label }) => label))
  const bars = entries.map((entry, place) => ({
    label: labels[place]!,
    value: entry.effect,
    text: `${entry.label}\n${withUnit(entry.mean, entry.unit, format)} here, ${withUnit(entry.overallMean, entry.unit, format)} over all`,
  }))
  const [first] = entries
  return {
    id: `profile-${at + 1}`,
    title: `Profile of ${segment.name}${common === null ? '' : ` (“…” is ${common})`}`,
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

function mapOf({ map, segments }: Found, format: Format): Chart {
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
    id: 'segment-map',
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

function candidatesTable(candidates: Discovered['candidates'], format: Format): Html | false {
  if (candidates.length === 0) return false
  const why = 'not measured'
  const three = (value: number): string => format.fixed(value, 3)
  return html`<h3>How many segments?</h3><p class="lead">Silhouette and Calinski-Harabasz: more is better; Davies-Bouldin: less is better. “Without clusters” is the silhouette of shuffled data of the same spread: a real grouping must beat it.</p>${
    tableOf(
      'Numbers of segments that were tried',
      [
        { head: 'Segments', cell: ({ k }) => k },
        { head: 'Silhouette', numeric: true, cell: (row) => orWhy(row.silhouette, three, why) },
        { head: 'Without clusters', numeric: true, cell: (row) => orWhy(row.nullSilhouette, three, why) },
        { head: 'Davies-Bouldin', numeric: true, cell: (row) => orWhy(row.daviesBouldin, three, why) },
        { head: 'Calinski-Harabasz', numeric: true, cell: (row) => orWhy(row.calinskiHarabasz, format.count, why) },
        { head: 'Stability', numeric: true, cell: (row) => orWhy(row.stability, three, why) },
      ],
      candidates,
    ).markup
  }`
}
