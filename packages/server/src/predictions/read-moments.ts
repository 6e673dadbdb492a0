import type { Instant, Work } from '../base/index.ts'
import { type Feature, type FeatureMatrix, featuresInMemory } from '../features/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./moments.sql', import.meta.url))

/** Where the history begins: of purchases, and of what customers do on the site; null without any. */
export interface HistoryStart {
  readonly purchases: Instant | null
  readonly events: Instant | null
}

/** Of customers who may be profiled, as known by `asOf`. */
export async function readHistoryStart(warehouse: Warehouse, asOf: Instant): Promise<HistoryStart> {
  const [found] = await warehouse.rows<HistoryStart>(query('history_start'), { as_of: { instant: asOf } })
  return found!
}

/**
 * Features of customers as of the moments that they are asked about, in one pass: all moments have the same definitions.
 *
 * @param moments each customer once a moment; at least one in all
 */
export async function readMoments(
  warehouse: Warehouse,
  moments: readonly { readonly asOf: Instant; readonly customerIds: readonly string[] }[],
  catalogue: readonly Feature[],
  work?: Work,
): Promise<FeatureMatrix> {
  await warehouse.run('drop table if exists asked_moments')
  await warehouse.stage('asked_moments', {
    customer_id: moments.flatMap(({ customerIds }) => customerIds),
    as_of: Float64Array.from(moments.flatMap((moment) => moment.customerIds.map(() => moment.asOf))),
  })
  try {
    const asOf = Math.max(...moments.map((moment) => moment.asOf))
    return await featuresInMemory(warehouse, { asOf, customers: 'asked_moments', catalogue }, work)
  } finally {
    await warehouse.run('drop table if exists asked_moments')
  }
}
