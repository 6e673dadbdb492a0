import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { GroupModel } from '../families/discover-family.ts'
import { type StoredFamily, storedFamilies, storedModel } from '../families/stored-families.ts'
import type { Teacher } from '../teaching/teacher.ts'
import { groupsModel } from './groups-model.ts'
import type { ByAnalyses, LiveModel } from './live-model.ts'
import { type KeptLabels, taughtModel } from './taught-model.ts'

const query = readQueries(new URL('../families.sql', import.meta.url))

export interface LiveModels {
  readonly models: readonly LiveModel[]
  /** Families whose members only analyses find anew, and why. */
  readonly byAnalyses: readonly ByAnalyses[]
}

/** Of a store without families. */
export const noFamilies: LiveModels = { models: [], byAnalyses: [] }

/** Ids of the segments that models put customers into as things happen. */
export const segmentsOfModels = ({ models }: LiveModels): readonly string[] =>
  models.flatMap(({ segments }) => segments.map(({ id }) => id))

/** As they were read last: making them of what is kept takes long where there are many. */
const lastRead = new WeakMap<Warehouse, { readonly revision: string; readonly found: LiveModels }>()

/** The models of all families, those that speak of customers as things happen apart from the others. */
export async function readLiveModels(warehouse: Warehouse): Promise<LiveModels> {
  // Before they are read: what changes meanwhile is seen the next time.
  const revision = await liveModelsRevision(warehouse)
  const last = lastRead.get(warehouse)
  if (last?.revision === revision) return last.found
  const found = await readAnew(warehouse)
  lastRead.set(warehouse, { revision, found })
  return found
}

async function readAnew(warehouse: Warehouse): Promise<LiveModels> {
  const models: LiveModel[] = []
  const byAnalyses: ByAnalyses[] = []
  for (const stored of await storedFamilies(warehouse)) {
    const model = await modelOf(warehouse, stored)
    if ('because' in model) byAnalyses.push(model)
    else models.push(model)
  }
  return { models, byAnalyses }
}

async function modelOf(
  warehouse: Warehouse,
  { family, modelId, result }: StoredFamily,
): Promise<LiveModel | ByAnalyses> {
  if (modelId === null) return { family, because: 'nothing was found' }
  if (result.kind === 'discover') return groupsModel(result, modelId, await storedModel<GroupModel>(warehouse, modelId))
  const teacher = await storedModel<Teacher>(warehouse, modelId)
  return taughtModel(result, modelId, teacher, await keptLabels(warehouse, family, teacher))
}

async function keptLabels(warehouse: Warehouse, family: string, { classes }: Teacher): Promise<KeptLabels> {
  const columns = await warehouse.columns(query('labels'), { family })
  const [labels, folds] = [columns.keys('label'), columns.numbers('fold')]
  return new Map(
    columns.keys('customer_id').map((id, at) => [id, { said: classes.names.indexOf(labels[at]!), fold: folds[at]! }]),
  )
}

/** Another text whenever families have other models, or somebody of those who were labelled is gone. */
export async function liveModelsRevision(warehouse: Warehouse): Promise<string> {
  const [found] = await warehouse.rows<{ revision: string | null }>(query('live_models_revision'))
  return found!.revision ?? ''
}
