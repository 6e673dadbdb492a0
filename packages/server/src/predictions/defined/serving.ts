import { type Instant, RapportError } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import { type Prediction, readDefinition } from './asking/definition.ts'
import { type AnyCard, readCard, type StoredCard, type UnreadCard } from './model-format.ts'
import { modelOfText } from './model-text.ts'

const query = readQueries(new URL('./registry.sql', import.meta.url))

/** The model whose scores are published. */
export interface ServingModel {
  readonly modelId: string
  readonly version: number
  /** As it was trained, whatever was declared since. */
  readonly prediction: Prediction
  readonly asOf: Instant
  readonly card: AnyCard
  readonly fitted: unknown
}

/** One that serves but cannot be read. */
export interface UnreadModel {
  readonly modelId: string
  readonly card: UnreadCard
}

/** Undefined where none was made yet. */
export async function findServing(warehouse: Warehouse, name: string): Promise<ServingModel | UnreadModel | undefined> {
  const [row] = await warehouse.rows<
    Pick<ServingModel, 'modelId' | 'version' | 'asOf'> & { definition: string; card: string; fitted: string }
  >(query('serving'), { name })
  if (!row) return undefined
  const { modelId, version, asOf } = row
  const card = readCard(row.card, { modelId, name })
  if (card.kind === 'unread') return { modelId, card }
  return {
    modelId,
    version,
    asOf,
    card,
    prediction: readDefinition(JSON.parse(row.definition)),
    fitted: modelOfText(row.fitted),
  }
}

export const isRead = (model: ServingModel | UnreadModel): model is ServingModel => model.card.kind !== 'unread'

/**
 * The model that serves.
 *
 * @param use what it must be there for: `scores`
 * @throws RapportError `predictions.model` where none was made yet, `predictions.format` where another version of the product made it
 */
export async function servingModel(warehouse: Warehouse, name: string, use: string): Promise<ServingModel> {
  const serving = await findServing(warehouse, name)
  if (serving === undefined) throw notTrained(name, use)
  if (!isRead(serving)) throw unread(serving.card)
  return serving
}

/** The same without what was fitted, which takes long to read. */
export async function servingCard(
  warehouse: Warehouse,
  name: string,
  use: string,
): Promise<Pick<ServingModel, 'modelId' | 'card'>> {
  const row = await servingRow(warehouse, name)
  if (row === undefined) throw notTrained(name, use)
  if (row.card.kind === 'unread') throw unread(row.card)
  return { modelId: row.modelId, card: row.card }
}

/** Whether a model serves, be it one that must be made anew. */
export const isTrained = async (warehouse: Warehouse, name: string): Promise<boolean> =>
  (await servingRow(warehouse, name)) !== undefined

async function servingRow(
  warehouse: Warehouse,
  name: string,
): Promise<{ readonly modelId: string; readonly card: StoredCard } | undefined> {
  const [row] = await warehouse.rows<{ modelId: string; card: string }>(query('serving_card'), { name })
  return row && { modelId: row.modelId, card: readCard(row.card, { modelId: row.modelId, name }) }
}

export const notTrained = (name: string, use: string): RapportError =>
  new RapportError('predictions.model', `${name} must be trained before it ${use}: rapport predict train ${name}`)

const unread = ({ because }: UnreadCard): RapportError => new RapportError('predictions.format', because)
