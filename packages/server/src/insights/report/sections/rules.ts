import type { Analysis } from '../../analysis.ts'
import { type Format, orWhy } from '../format.ts'
import { html, name } from '../html.ts'
import { missing, type Section } from '../section.ts'
import { tableOf } from '../table.ts'

/** Segments by rule. A customer may be in several. */
export function rulesSection({ segments: { rules } }: Analysis, format: Format): Section {
  const base = { id: 'rules', title: 'Segments by rule', charts: [] }
  if (rules.length === 0) return { ...base, html: missing('No rule is defined.') }
  const noOrders = 'no orders'
  const table = tableOf(
    'Segments by rule',
    [
      {
        head: 'Segment and rule',
        wide: true,
        cell: (rule) => html`${name(rule.name)}<span class="rule">${rule.words}</span>`,
      },
      { head: 'Customers', numeric: true, cell: ({ customers }) => format.count(customers) },
      { head: 'Share', numeric: true, cell: ({ share }) => format.percent(share) },
      { head: 'Revenue', numeric: true, cell: ({ revenue }) => format.money(revenue) },
      {
        head: 'Orders each',
        numeric: true,
        cell: (row) => orWhy(row.averageOrders, (n) => format.decimal(n, 1), noOrders),
      },
      { head: 'Spend each', numeric: true, cell: (row) => orWhy(row.averageSpend, format.money, noOrders) },
    ],
    rules,
  )
  return {
    ...base,
    html: html`<p class="lead">Written down rather than found. Shares are of all known customers, buyers or not, and a customer may be in several.</p>${table.markup}`,
  }
}
