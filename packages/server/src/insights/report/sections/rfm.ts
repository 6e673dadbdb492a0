import type { Analysis } from '../../analysis.ts'
import { type Chart, figure } from '../chart.ts'
import { heatMap } from '../charts/heat-map.ts'
import { counted, type Format, orWhy } from '../format.ts'
import { html, name } from '../html.ts'
import { missing, type Section } from '../section.ts'
import { tableOf } from '../table.ts'

type Rfm = Extract<Analysis['segments']['rfm'], { found: true }>

/** Segments by recency, frequency and spend, with the rule that makes each. */
export function rfmSection({ segments: { rfm } }: Analysis, format: Format): Section {
  const base = { id: 'rfm', title: 'Recency, frequency, spend' }
  if (!rfm.found) return { ...base, html: missing(rfm.reason), charts: [] }
  const chart = heatOf(rfm, format)
  const empty = 'nobody is here'
  const table = tableOf(
    'RFM segments',
    [
      {
        head: 'Segment and rule',
        wide: true,
        cell: (segment) => html`${name(segment.name)}<span class="rule">${segment.words}</span>`,
      },
      { head: 'Customers', numeric: true, cell: ({ customers }) => format.count(customers) },
      { head: 'Share', numeric: true, cell: ({ share }) => format.percent(share) },
      { head: 'Revenue', numeric: true, cell: ({ revenue }) => format.money(revenue) },
      { head: 'of revenue', numeric: true, cell: ({ revenueShare }) => format.percent(revenueShare) },
      {
        head: 'Days since last order',
        numeric: true,
        cell: (row) => orWhy(row.averageRecencyDays, format.count, empty),
      },
      {
        head: 'Orders each',
        numeric: true,
        cell: (row) => orWhy(row.averageOrders, (n) => format.decimal(n, 1), empty),
      },
      { head: 'Spend each', numeric: true, cell: (row) => orWhy(row.averageSpend, format.money, empty) },
    ],
    rfm.segments,
  )
  const notes = rfm.notes.length > 0 && html`<ul class="plain">${rfm.notes.map((note) => html`<li>${note}</li>`)}</ul>`
  return {
    ...base,
    html: html`<p class="lead">Every buyer gets three scores from 1 to ${rfm.bins}, ${rfm.bins} being the best: how lately, how often and how much they bought. Rules on the scores make the segments; the first that fits wins.</p>${notes}${figure(chart)}${table.markup}`,
    charts: [chart],
  }
}

function heatOf({ heatmap, bins }: Rfm, format: Format): Chart {
  const scores = Array.from({ length: bins }, (_, at) => at + 1)
  const most = heatmap.reduce((best, cell) => (cell.customers > best.customers ? cell : best))
  const spend = (amount: number | null): string =>
    amount === null ? 'nobody is here' : `${format.money(amount)} spent on average`
  return {
    id: 'rfm',
    title: 'Customers by recency and frequency score',
    summary: `most customers, ${format.count(most.customers)}, have recency ${most.recencyScore} and frequency ${most.frequencyScore}`,
    height: 360,
    option: heatMap({
      xLabels: scores.map(String),
      yLabels: scores.toReversed().map(String),
      xName: 'recency score (right: bought lately)',
      yName: 'frequency score',
      write: format.count,
      cells: heatmap.map(({ recencyScore, frequencyScore, customers, averageSpend }) => ({
        x: recencyScore - 1,
        y: bins - frequencyScore,
        value: customers,
        label: format.count(customers),
        text: `Recency ${recencyScore}, frequency ${frequencyScore}\n${counted(format, customers, 'customer')}\n${spend(averageSpend)}`,
      })),
    }),
    table: tableOf(
      'Customers by recency and frequency score',
      [
        { head: 'Recency', cell: ({ recencyScore }) => recencyScore },
        { head: 'Frequency', numeric: true, cell: ({ frequencyScore }) => frequencyScore },
        { head: 'Customers', numeric: true, cell: ({ customers }) => format.count(customers) },
        {
          head: 'Average spend',
          numeric: true,
          cell: ({ averageSpend }) => orWhy(averageSpend, format.money, 'nobody is here'),
        },
      ],
      heatmap,
    ),
  }
}
