import type { Instant, Work } from '../../../base/index.ts'
import type { Warehouse } from '../../../warehouse/index.ts'
import { gainOf } from '../../choose-by-loss.ts'
import type { OutcomeRows } from '../asking/cuts.ts'
import type { Prediction } from '../asking/definition.ts'
import { hasFitted, readModelRows } from '../customer-model.ts'
import type { AnyMethod } from '../methods/method-of.ts'
import { findServing, isRead } from '../serving.ts'

/** Whether a new model serves, and why. */
export interface Promotion {
  readonly serves: boolean
  readonly because: string
}

/**
 * A new model takes the place of the one that serves unless it loses more on the newest hold-out by more than the standard
 * error of the difference. Both are compared as they were fitted before that hold-out, so that neither has seen it.
 *
 * @param challenger the newest hold-out, and the new model as fitted before it
 */
export async function promotionOf(
  warehouse: Warehouse,
  { definition }: Prediction,
  method: AnyMethod,
  challenger: { readonly rows: OutcomeRows; readonly cut: Instant; readonly fitted: unknown },
  work?: Work,
): Promise<Promotion> {
  const { rows, cut, fitted } = challenger
  const serving = await findServing(warehouse, definition.name)
  if (serving === undefined) return { serves: true, because: 'it is the first' }
  if (!isRead(serving)) {
    return {
      serves: true,
      because: `${serving.modelId} was made by another version of Rapport and cannot be compared with it`,
    }
  }
  const before = serving.prediction.definition
  const isSame =
    JSON.stringify([before.target, before.horizonDays]) === JSON.stringify([definition.target, definition.horizonDays])
  if (!isSame || !hasFitted(serving.fitted)) {
    return { serves: true, because: `${serving.modelId} predicted something else` }
  }
  const model = serving.fitted
  const own = await readModelRows(warehouse, model, rows.customerIds, cut, work)
  const { mean, error } = gainOf(
    method.losses(model.judged, { ...own, outcomes: rows.outcomes }),
    method.losses(fitted, rows),
  )
  const figure = `${method.measure} ${mean >= 0 ? 'lower' : 'higher'} by ${Math.abs(mean).toFixed(4)} (standard error ${error.toFixed(4)})`
  return mean >= -error
    ? { serves: true, because: `not worse than ${serving.modelId} on the newest hold-out: ${figure}` }
    : {
        serves: false,
        because: `worse than ${serving.modelId} on the newest hold-out, which goes on serving: ${figure}`,
      }
}
