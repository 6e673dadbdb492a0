import { type Html, html } from './html.ts'
import type { Table } from './table.ts'

/**
 * An option for Apache ECharts as JSON. Where ECharts wants a function or a colour, it holds a marker that the page's
 * script replaces: `{ $format: 'money' }`, `{ $tooltip: 'text' }` (the item's own `text`), `{ $color: 'muted' }`.
 */
export type ChartOption = Readonly<Record<string, unknown>>

export interface Chart {
  /** Unique in the page: lower-case letters, digits and hyphens. */
  readonly id: string
  readonly title: string
  /** What is to be seen, in a sentence: read out in place of the picture. */
  readonly summary: string
  /** CSS pixels. */
  readonly height: number
  readonly option: ChartOption
  /** The same numbers as text. */
  readonly table: Table
}

/** The place where the page's script draws the chart, with its numbers as a table one click away. */
export const figure = (chart: Chart): Html => html`<figure class="chart">
<figcaption>${chart.title}</figcaption>
<div class="plot" id="chart-${chart.id}" style="height:${chart.height}px" role="img" aria-label="${chart.title}: ${chart.summary}"></div>
<details class="alternative"><summary>Show as a table<span class="unseen">: ${chart.title}</span></summary>${chart.table.markup}</details>
</figure>`
