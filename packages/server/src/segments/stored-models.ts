import { type Instant, now } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

export interface NewModel {
  /** 'k-means', 'dbscan' … */
  readonly kind: string
  readonly asOf: Instant
  /** What a reader must know of it. */
  readonly card: object
  /** JSON */
  readonly fitted: string
}

/** Keeps a model of this room beside the cards of earlier ones. @returns its id: 'segments-k-means-3' */
export async function storeModel(warehouse: Warehouse, { kind, asOf, card, fitted }: NewModel): Promise<string> {
  const [latest] = await warehouse.rows<{ version: number }>(query('latest_model_version'))
  const version = latest!.version + 1
  const id = `segments-${kind}-${version}`
  await warehouse.run(query('add_model'), {
    ...{ id, kind, version, fitted, card: JSON.stringify(card) },
    ...{ created_at: { instant: now() }, as_of: { instant: asOf } },
  })
  return id
}
