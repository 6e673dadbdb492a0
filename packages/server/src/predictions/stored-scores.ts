import { RapportError } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import type { Reason } from './reasons.ts'

const query = readQueries(new URL('./scores.sql', import.meta.url))

/** One score of one customer, with the model that made it. */
export interface StoredScore {
  readonly score: string
  readonly value: number
  /** Ends of the interval; null where the score has none. */
  readonly low: number | null
  readonly high: number | null
  /** Strongest first; empty where the score is not explained. */
  readonly reasons: readonly Reason[]
  readonly modelId: string
  /** Instant it was made as of. */
  readonly asOf: number
}

export interface ScoredCustomer extends StoredScore {
  readonly customerId: string
}

type Row<Kind extends StoredScore> = Omit<Kind, 'reasons'> & { readonly reasons: string | null }

/** Every score of a customer, by name; none for a customer that no model has scored. */
export async function customerScores(warehouse: Warehouse, customerId: string): Promise<StoredScore[]> {
  const rows = await warehouse.rows<Row<StoredScore>>(query('customer_scores'), { customer_id: customerId })
  return rows.map((row) => ({ ...row, reasons: readReasons(row.reasons) }))
}

/**
 * The customers with the highest or lowest values of a score, equal ones by id.
 *
 * @param limit 1 … 10,000
 * @throws RapportError `predictions.limit`
 */
export async function topCustomers(
  warehouse: Warehouse,
  score: string,
  limit = 20,
  direction: 'highest' | 'lowest' = 'highest',
): Promise<ScoredCustomer[]> {
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= 10_000)) {
    throw new RapportError('predictions.limit', `limit must be a whole number from 1 to 10000, got ${limit}`)
  }
  const name = direction === 'highest' ? 'highest_scores' : 'lowest_scores'
  const rows = await warehouse.rows<Row<ScoredCustomer>>(query(name), { score, limit })
  return rows.map((row) => ({ ...row, reasons: readReasons(row.reasons) }))
}

/** Names of the scores that some customer has. */
export async function scoreNames(warehouse: Warehouse): Promise<string[]> {
  return (await warehouse.rows<{ score: string }>(query('score_names'))).map(({ score }) => score)
}

const readReasons = (text: string | null): Reason[] => (text === null ? [] : (JSON.parse(text) as Reason[]))
