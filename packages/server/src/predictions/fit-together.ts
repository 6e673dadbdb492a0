import { type Instant, type Work, within } from '../base/index.ts'
import { computeFeatures } from '../features/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { predict } from './predict.ts'
import type { PredictionsResult } from './result.ts'

export interface FitRequest {
  readonly asOf: Instant
  readonly seed: number
}

/**
 * Features as of a moment, and the analysis's predictions of them: lapse and lifetime value.
 *
 * @throws RapportError as `predict`
 */
export async function fitTogether(warehouse: Warehouse, request: FitRequest, work?: Work): Promise<PredictionsResult> {
  await computeFeatures(warehouse, { asOf: request.asOf }, within(work, 'features'))
  return predict(warehouse, request, work)
}
