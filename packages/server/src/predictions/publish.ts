import { type Instant, now, type Work } from '../base/index.ts'
import { boundOldModels, type Warehouse } from '../warehouse/index.ts'

/** A fitted model on its way into the store. */
export interface ModelRecord {
  /** 'lapse', 'lifetime'. */
  readonly purpose: string
  readonly kind: string
  readonly asOf: Instant
  /** What a reader must know: training set, cut dates, metrics. */
  readonly card: object
  /** The model value; typed arrays are kept as lists. */
  readonly fitted: object
}

/** Scores of customers in the same order. */
export interface ScoreColumn {
  readonly score: string
  readonly value: Float64Array
  readonly low?: Float64Array
  readonly high?: Float64Array
  /** `[n]` JSON per customer: [{feature, value, effect, words}]. */
  readonly reasons?: readonly (string | null)[]
}

/**
 * Stores a model under the next version of its purpose and kind and replaces the scores it makes, all or nothing.
 *
 * @returns the model's id: 'lapse-boosting-3'
 */
export function publishScores(
  warehouse: Warehouse,
  model: ModelRecord,
  customerIds: readonly string[],
  columns: readonly ScoreColumn[],
  work?: Work,
): Promise<string> {
  return warehouse.transaction(async () => {
    const { purpose, kind, asOf } = model
    const [last] = await warehouse.rows<{ version: number | null }>(
      'select max(version) as version from models where purpose = $purpose and kind = $kind',
      { purpose, kind },
    )
    const { modelId, version } = await freeModelVersion(warehouse, `${purpose}-${kind}`, (last?.version ?? 0) + 1)
    await warehouse.run(
      'insert into models values ($model_id, $purpose, $kind, $version, $created_at, $as_of, $card, $fitted)',
      {
        model_id: modelId,
        purpose,
        kind,
        version,
        created_at: { instant: now() },
        as_of: { instant: asOf },
        card: JSON.stringify(model.card, plainArrays),
        fitted: JSON.stringify(model.fitted, plainArrays),
      },
    )
    for (const column of columns) await replaceScore(warehouse, column, customerIds, { modelId, asOf }, work)
    await boundOldModels(warehouse, purpose)
    return modelId
  })
}

/**
 * The first version from this one on whose id no model has: what is called `lapse-boosting` by somebody who declares a
 * prediction has the ids that the lapse of an analysis would take.
 */
export async function freeModelVersion(
  warehouse: Warehouse,
  named: string,
  from: number,
): Promise<{ readonly modelId: string; readonly version: number }> {
  const models = await warehouse.rows<{ modelId: string }>(
    `select model_id as "modelId" from models where starts_with(model_id, $named || '-')`,
    { named },
  )
  const taken = new Set(models.map(({ modelId }) => modelId))
  let version = from
  while (taken.has(`${named}-${version}`)) version += 1
  return { modelId: `${named}-${version}`, version }
}

/** Puts what a model says of customers in the place of what was said before; to be called inside a transaction. */
export async function replaceScore(
  warehouse: Warehouse,
  { score, value, low, high, reasons }: ScoreColumn,
  customerIds: readonly string[],
  { modelId, asOf }: { readonly modelId: string; readonly asOf: Instant },
  work?: Work,
): Promise<void> {
  const missing = new Float64Array(value.length).fill(Number.NaN)
  await warehouse.run('drop table if exists staged_scores')
  await warehouse.stage(
    'staged_scores',
    {
      customer_id: customerIds,
      value,
      low: low ?? missing,
      high: high ?? missing,
      reasons: reasons ?? customerIds.map(() => null),
    },
    work,
  )
  await warehouse.run('delete from scores where score = $score', { score })
  await warehouse.run(
    `insert into scores
    select customer_id, $score, value, low, high, reasons, $model_id, $as_of from staged_scores
    where not isnan(value) order by customer_id`,
    { score, model_id: modelId, as_of: { instant: asOf } },
  )
  await warehouse.run('drop table staged_scores')
}

const plainArrays = (_: string, value: unknown): unknown =>
  ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value
