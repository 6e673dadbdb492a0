import { expect, test } from 'vitest'
import { type LabelledSetName, loadLabelledSet } from './labelled-sets.ts'
import { withoutData } from './test-data.ts'

const shareOf = (labels: Uint8Array): number => labels.reduce((sum, label) => sum + label, 0) / labels.length

// Rows and rates as the READMEs of the data sets state them.
test.skipIf(withoutData).each<[LabelledSetName, rows: number, columns: number, rate: number]>([
  ['telco', 7043, 19, 0.2654],
  ['leads', 9240, 7, 0.3854],
  ['shoppers', 12_330, 17, 0.1547],
  ['adult', 32_561, 14, (0.109461 * 10_771 + 0.305737 * 21_790) / 32_561],
])('%s has the rows, columns and rate that its README states', (name, rows, columns, rate) => {
  const set = loadLabelledSet(name)
  expect(set.columns).toHaveLength(columns)
  expect(set.labels).toHaveLength(rows)
  expect(set.columns.every(({ values }) => values.length === rows)).toBe(true)
  expect(set.fold.slice(0, 7)).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 0, 1))
  expect(shareOf(set.labels)).toBeCloseTo(rate, 4)
})

test.skipIf(withoutData)('blank TotalCharges of telco are missing, and quoted commas part no cells', () => {
  const total = loadLabelledSet('telco').columns.find((column) => column.name === 'TotalCharges')!
  expect(total.kind === 'number' && total.values.filter(Number.isNaN).length).toBe(11)
  const specialization = loadLabelledSet('leads').columns.find((column) => column.name === 'Specialization')!
  expect(specialization.kind === 'text' && specialization.values.includes('Banking, Investment And Insurance')).toBe(
    true,
  )
})
