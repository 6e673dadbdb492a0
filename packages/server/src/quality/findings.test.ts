import { expect, test } from 'vitest'
import { type Examples, findingsFrom, type LineFacts } from './findings.ts'

const facts: LineFacts = {
  ...{ lines: 5, lines_without_customer: 0, repeated_lines: 0, cancelled_lines: 0, cancelled_orders: 0, orders: 5 },
  ...{ adjustments: 0, free_lines: 0, lines_without_product: 0, non_product_lines: 0, currencies: 1 },
  ...{ lines_with_cost: 5, lines_after: 0, records_taken: 194 },
}
const examples: Examples = {
  ...{ nonProducts: [], adjustments: [], priceConflicts: { total: 0, examples: [] }, gaps: { total: 0, examples: [] } },
  ...{ quarantined: { total: 6, examples: [] }, sharedEmails: 0 },
}

test('what could not be taken is a share of everything received, not of order lines', () => {
  expect(findingsFrom(facts, examples)).toMatchObject([{ id: 'quarantined', count: 6, of: 200, severity: 'warning' }])
})
