import type { Analysis } from '../../analysis.ts'
import { type Chart, figure } from '../chart.ts'
import { stackedBars } from '../charts/stacked-bars.ts'
import type { Format } from '../format.ts'
import { html } from '../html.ts'
import { missing, type Section } from '../section.ts'
import { tableOf } from '../table.ts'

/** Revenue by month: what new, returning and unknown customers brought. */
export function revenueSection({ firstLook: { months } }: Analysis, format: Format): Section {
  const title = 'Revenue over time'
  if (months.length === 0) return { id: 'revenue', title, html: missing('No month has a sale.'), charts: [] }
  const best = months.reduce((most, month) => (month.revenue > most.revenue ? month : most))
  const labels = months.map(({ month, isPartial }) => (isPartial ? `${month}*` : month))
  const chart: Chart = {
    id: 'revenue',
    title: 'Revenue by month',
    summary: `${months.length} months; the strongest is ${best.month} with ${format.money(best.revenue)}`,
    height: 340,
    option: stackedBars(
      labels,
      [
        { name: 'Returning customers', values: months.map(({ returningRevenue }) => returningRevenue) },
        { name: 'New customers', values: months.map(({ newRevenue }) => newRevenue) },
        { name: 'Unknown', values: months.map(({ unknownRevenue }) => unknownRevenue) },
      ],
      'money',
    ),
    table: tableOf(
      'Revenue by month',
      [
        { head: 'Month', cell: ({ month, isPartial }) => (isPartial ? `${month} (part)` : month) },
        { head: 'Revenue', numeric: true, cell: ({ revenue }) => format.money(revenue) },
        { head: 'Returning', numeric: true, cell: ({ returningRevenue }) => format.money(returningRevenue) },
        { head: 'New', numeric: true, cell: ({ newRevenue }) => format.money(newRevenue) },
        { head: 'Unknown', numeric: true, cell: ({ unknownRevenue }) => format.money(unknownRevenue) },
        { head: 'Refunds', numeric: true, cell: ({ refunds }) => format.money(refunds) },
        { head: 'Orders', numeric: true, cell: ({ orders }) => format.count(orders) },
        { head: 'New customers', numeric: true, cell: ({ newCustomers }) => format.count(newCustomers) },
      ],
      months,
    ),
  }
  const partial = months.some(({ isPartial }) => isPartial)
    ? ' A star marks a month that the history covers only in part.'
    : ''
  return {
    id: 'revenue',
    title,
    html: html`<p class="lead">A customer is new in the month of the first purchase and returning after it; unknown are sales that name no customer.${partial}</p>${figure(chart)}`,
    charts: [chart],
  }
}
