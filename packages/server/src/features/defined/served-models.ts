import type { FeatureExpression } from '@rapport/protocol'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { FeatureModels } from './plan-features.ts'
import type { Scoring } from './scoring.ts'

const query = readQueries(new URL('./served-models.sql', import.meta.url))

/** What `KeptScoring` is written in; of another format nothing is read, and what the model says is missing until it is made anew. */
export const scoringFormat = 1

/** A model that features can be made of, as predictions keep it. */
export interface KeptScoring {
  readonly kind: 'feature-model'
  readonly scoringFormat: number
  readonly inputs: readonly FeatureExpression[]
  readonly scoring: Scoring
}

/** The models of sessions that serve, by the prediction that they are of; none of one that is switched off. */
export async function servedModels(warehouse: Warehouse): Promise<FeatureModels> {
  const rows = await warehouse.rows<{ name: string; fitted: string }>(query('served_models'))
  return new Map(
    rows.flatMap(({ name, fitted }) => {
      const kept = JSON.parse(fitted) as KeptScoring
      if (kept.kind !== 'feature-model' || kept.scoringFormat !== scoringFormat) return []
      return [[name, { inputs: kept.inputs, scoring: kept.scoring }] as const]
    }),
  )
}

/** Another one whenever other models serve. */
export async function servedModelRevision(warehouse: Warehouse): Promise<string> {
  const rows = await warehouse.rows<{ modelId: string }>(query('served_model_ids'))
  return rows.map(({ modelId }) => modelId).join(' ')
}
