import type { Analysis } from '../../analysis.ts'
import type { Breakdown } from '../../first-look.ts'
import { type Chart, figure } from '../chart.ts'
import { rankedBars, rankedHeight } from '../charts/ranked-bars.ts'
import { counted, type Format } from '../format.ts'
import { html, name } from '../html.ts'
import { missing, type Section } from '../section.ts'
import { tableOf } from '../table.ts'

const barsMax = 10

/** Where the revenue of the last period came from. */
export function breakdownsSection({ firstLook }: Analysis, format: Format): Section {
  const { bySource, byCountry, byCategory, periodDays } = firstLook
  const parts = [
    { id: 'by-source', word: 'source', rows: bySource },
    { id: 'by-country', word: 'country', rows: byCountry },
    { id: 'by-category', word: 'category', rows: byCategory },
  ]
  const shown = parts.map((part) => ({
    ...part,
    chart: part.rows.length > 0 ? chartOf(part.id, part.word, part.rows, periodDays, format) : undefined,
  }))
  return {
    id: 'breakdowns',
    title: 'Where revenue comes from',
    html: html`<p class="lead">Revenue of the last ${periodDays} days.</p><div class="charts">${shown.map(
      ({ chart, word }) =>
        chart
          ? figure(chart)
          : html`<div><h3>Revenue by ${word}</h3>${missing(`No sale of the period names a ${word}.`)}</div>`,
    )}</div>`,
    charts: shown.flatMap(({ chart }) => (chart ? [chart] : [])),
  }
}

function chartOf(id: string, word: string, rows: readonly Breakdown[], periodDays: number, format: Format): Chart {
  const bars = rows.slice(0, barsMax).map(({ value, revenue, share, orders }) => ({
    label: value,
    value: revenue,
    text: `${value}\n${format.money(revenue)}, ${format.percent(share)} of revenue\n${counted(format, orders, 'order')}`,
  }))
  const [first] = rows
  const rest = rows.length > barsMax ? ` (first ${barsMax} of ${rows.length})` : ''
  return {
    id,
    title: `Revenue by ${word}${rest}`,
    summary: first ? `${first.value} leads with ${format.percent(first.share)}` : '',
    height: rankedHeight(bars),
    option: rankedBars(bars, 'money'),
    table: tableOf(
      `Revenue by ${word}, last ${periodDays} days`,
      [
        { head: word.charAt(0).toUpperCase() + word.slice(1), cell: ({ value }: Breakdown) => name(value) },
        { head: 'Revenue', numeric: true, cell: ({ revenue }) => format.money(revenue) },
        { head: 'Share', numeric: true, cell: ({ share }) => format.percent(share) },
        { head: 'Orders', numeric: true, cell: ({ orders }) => format.count(orders) },
        { head: 'Period before', numeric: true, cell: ({ previousRevenue }) => format.money(previousRevenue) },
      ],
      rows,
    ),
  }
}
