import type { Analysis } from '../../analysis.ts'
import { figure } from '../chart.ts'
import { type Format, sentence } from '../format.ts'
import { html } from '../html.ts'
import { missing, type Section } from '../section.ts'
import { candidatesTable, card, legendOf, mapOf, mapWords, profileOf } from './group-parts.ts'

/** Groups found in what customers do; or that there are none, and why. */
export function discoveredSection({ segments: { discovered } }: Analysis, format: Format): Section {
  const base = { id: 'segments', title: 'Segments found in behaviour' }
  const indices = candidatesTable(discovered.candidates, discovered.found ? discovered.k : null, format)
  if (!discovered.found) return { ...base, html: html`${missing(discovered.reason)}${indices}`, charts: [] }
  const map = mapOf(discovered, format)
  const profiles = discovered.segments.map((segment, at) => ({ segment, chart: profileOf(segment, at, format) }))
  return {
    ...base,
    html: html`<p>${sentence(discovered.verdict)}</p>
<p class="lead">Stability under resampling: ${format.fixed(discovered.stability, 2)} of 1.</p>
<details><summary>The ${discovered.features.length} features that customers were compared by</summary><ul class="plain">${discovered.features.map(({ label }) => html`<li>${label}</li>`)}</ul></details>
${legendOf(discovered)}
${figure(map)}
${mapWords(discovered, format)}
<h3>What sets each segment apart</h3>
<p class="lead">Bars show how far the segment’s mean lies from everyone’s, in standard deviations: right of zero is more, left is less.</p>
<div class="cards">${profiles.map(({ segment, chart }) => card(segment, chart, format))}</div>
${indices}`,
    charts: [map, ...profiles.map(({ chart }) => chart)],
  }
}
