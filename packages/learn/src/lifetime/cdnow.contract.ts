import { readFileSync } from 'node:fs'
import { dataPath } from '../../../../tooling/test-data.ts'
import type { Unfitted } from './index.ts'

/** The CDNOW sample's calibration summary, in weeks, 2,357 customers. */
export function readCdnow(): {
  readonly frequency: Float64Array
  readonly recency: Float64Array
  readonly age: Float64Array
  readonly meanSpend: Float64Array
} {
  const file = dataPath('cdnow', 'cdnow_customers_summary_with_transactions.csv')
  const rows = readFileSync(file, 'utf8').trim().split(/\r?\n/).slice(1)
  const cells = rows.map((row) => row.split(',').map(Number))
  const column = (index: number): Float64Array => Float64Array.from(cells, (row) => row[index] ?? Number.NaN)
  return { frequency: column(1), recency: column(2), age: column(3), meanSpend: column(4) }
}

/** Summaries of one customer. */
export const oneCustomer = (frequency: number, recency: number, age: number) => ({
  frequency: Float64Array.of(frequency),
  recency: Float64Array.of(recency),
  age: Float64Array.of(age),
})

/** The model, when there is one. */
export function fitted<Model extends { readonly kind: string }>(model: Model | Unfitted): Exclude<Model, Unfitted> {
  if (model.kind === 'unfitted') throw new Error(`no model: ${JSON.stringify(model)}`)
  return model as Exclude<Model, Unfitted>
}
