import { matrix } from '@rapport/numerics'
import { type Instant, RapportError, type Work } from '../../base/index.ts'
import type { Feature } from '../../features/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { type CustomerRows, rowsAt } from '../customer-rows.ts'
import { readMoments } from '../read-moments.ts'
import type { DriftBasis } from './judging/drift.ts'

/** A model about customers as it is kept. Plain data, see `model-text.ts`. */
export interface CustomerModel<Fitted> {
  readonly kind: 'customer-model'
  /** Definitions of the columns that it reads, in their order. */
  readonly features: readonly Feature[]
  /** What the codes of categories stood for. */
  readonly categories: readonly (readonly [feature: string, values: readonly string[]])[]
  /** Fitted on the training cut alone: what later models are compared with, on customers that it has not seen. */
  readonly judged: Fitted
  /** The same method fitted on the newest labelled cut: what is published. */
  readonly fitted: Fitted
  /** `[features]` the median of each number, which values are told beside. */
  readonly usual: Float64Array
  /** Positions of the features that may be named as a reason. */
  readonly named: readonly number[]
  readonly drift: DriftBasis
}

export const hasFitted = (model: unknown): model is CustomerModel<unknown> =>
  typeof model === 'object' && model !== null && 'kind' in model && model.kind === 'customer-model'

/** Customers as of a moment as a model reads them: its own definitions, its own codes of categories. */
export async function readModelRows<Fitted>(
  warehouse: Warehouse,
  { features, categories }: Pick<CustomerModel<Fitted>, 'features' | 'categories'>,
  customerIds: readonly string[],
  asOf: Instant,
  work?: Work,
): Promise<CustomerRows> {
  if (customerIds.length === 0) throw new RapportError('predictions.rows', 'at least one customer must be asked about')
  const read = await readMoments(warehouse, [{ asOf, customerIds }], features, work)
  return recoded(rowsAt(read, asOf, customerIds), new Map(categories))
}

/** The same rows with the codes that a model was trained on; a category that it never saw is missing to it. */
export function recoded(rows: CustomerRows, categories: ReadonlyMap<string, readonly string[]>): CustomerRows {
  const { columns, values } = rows.matrix
  const own = values.slice()
  rows.features.forEach(({ name }, column) => {
    const wanted = categories.get(name)
    const held = rows.categories.get(name)
    if (wanted === undefined || held === undefined) return
    const codes = held.map((word) => wanted.indexOf(word))
    for (let at = column; at < own.length; at += columns) {
      const code = codes[own[at]!]
      own[at] = code === undefined || code < 0 ? Number.NaN : code
    }
  })
  return { ...rows, categories, matrix: matrix(rows.matrix.rows, columns, own) }
}
