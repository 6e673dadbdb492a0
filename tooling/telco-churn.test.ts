import { expect, test } from 'vitest'
import { loadTelcoChurn } from './telco-churn.ts'
import { withoutData } from './test-data.ts'

// Figures of the data set's README: 7,043 rows, 11 blank TotalCharges, churn rate 0.2654.
test.skipIf(withoutData)('telco_churn has the rows, blanks and churn rate that its README states', () => {
  const { columns, labels, fold } = loadTelcoChurn()
  expect(columns).toHaveLength(19)
  expect(labels).toHaveLength(7043)
  expect(fold.slice(0, 7)).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 0, 1))
  expect(labels.reduce((sum, label) => sum + label, 0) / labels.length).toBeCloseTo(0.2654, 4)
  const total = columns.find((column) => column.name === 'TotalCharges')!
  expect(total.kind === 'number' && total.values.filter(Number.isNaN).length).toBe(11)
})
