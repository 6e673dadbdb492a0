import { type Instant, type Work, within } from '../base/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { predictLifetime } from './lifetime.ts'
import { predictLapse } from './predict-lapse.ts'
import type { PredictionsResult } from './result.ts'

/**
 * All predictions about customers as of a moment, checked on a hold-out and published as scores. What the data cannot
 * answer is a result with a reason.
 *
 * @throws RapportError `work.aborted`; scores of an earlier run then stand
 */
export async function predict(
  warehouse: Warehouse,
  options: { readonly asOf: Instant; readonly seed: number },
  work?: Work,
): Promise<PredictionsResult> {
  const lapse = await predictLapse(warehouse, options, within(work, 'lapse'))
  const lifetime = await predictLifetime(warehouse, options, within(work, 'lifetime value'))
  return { lapse, lifetime }
}
