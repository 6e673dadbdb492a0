import type { Saveable } from '@rapport/learn'
import { type Instant, RapportError } from '../../base/index.ts'
import { boundOldModels, readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { FamilyResult } from './family-result.ts'
import { modelOfJson } from './model-json.ts'

const query = readQueries(new URL('../families.sql', import.meta.url))

/** A family as it is kept. */
export interface StoredFamily {
  readonly family: string
  /** What was asked for: plain JSON. */
  readonly request: unknown
  /** Null where nothing was found. */
  readonly modelId: string | null
  /** Of the data that its model was fitted to. */
  readonly asOf: Instant
  readonly result: FamilyResult
}

/** Puts a family in place of the one of that name, if any; call it inside a transaction. */
export async function keepFamily(warehouse: Warehouse, kept: StoredFamily): Promise<void> {
  const { family, request, modelId, asOf, result } = kept
  await warehouse.run(query('forget_family'), { family })
  await warehouse.run(query('keep_family'), {
    ...{ family, kind: result.kind, request: JSON.stringify(request), model_id: modelId },
    ...{ as_of: { instant: asOf }, result: JSON.stringify(result) },
  })
  await warehouse.run(query('forget_exemplars'))
  await warehouse.run(query('forget_untaught_labels'))
  await boundOldModels(warehouse, 'segments')
}

/** Every family, by name. */
export async function storedFamilies(warehouse: Warehouse): Promise<readonly StoredFamily[]> {
  type Row = { family: string; request: string; model_id: string | null; as_of: number; result: string }
  return (await warehouse.rows<Row>(query('families'))).map(({ family, request, model_id, as_of, result }) => ({
    family,
    request: JSON.parse(request) as unknown,
    modelId: model_id,
    asOf: as_of,
    result: JSON.parse(result) as FamilyResult,
  }))
}

/** @throws RapportError `segments.model` when the store has no such model */
export async function storedModel<Model extends Saveable>(warehouse: Warehouse, id: string): Promise<Model> {
  const [found] = await warehouse.rows<{ fitted: string }>(query('one_model'), { id })
  if (!found) throw new RapportError('segments.model', `the model ${id} must be in the store, it is not`)
  return modelOfJson<Model>(found.fitted)
}
