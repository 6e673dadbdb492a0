import { type Instant, isoOf, type Work } from '../../../base/index.ts'
import type { Warehouse } from '../../../warehouse/index.ts'
import { meanOf } from '../../choose-by-loss.ts'
import type { NotEnough } from '../../result.ts'
import { type Moment, readCuts } from '../asking/cuts.ts'
import { hasFitted, readModelRows } from '../customer-model.ts'
import type { Quality } from '../methods/method.ts'
import { methodOf } from '../methods/method-of.ts'
import { notTrained, servingModel } from '../serving.ts'
import { type DriftReport, driftOf } from './drift.ts'

export interface Evaluated {
  readonly found: true
  readonly modelId: string
  readonly cut: Instant
  readonly customers: number
  /** On the newest customers whose horizon is over. */
  readonly now: Quality
  /** On the hold-out when it was trained. */
  readonly trained: Quality
  readonly outcome: {
    readonly trained: number
    readonly now: number
    /** Standard errors that the two are apart. */
    readonly apart: number
    readonly verdict: 'steady' | 'shifted'
  }
  readonly drift: DriftReport
}

/**
 * How good the serving model is on the newest customers of whom it is known what came, and how far they have moved from
 * those of its training: inputs, scores and outcomes. Where they are no newer than what it learned from, it is judged as it
 * was fitted before them.
 *
 * @returns why not, where too few are known
 * @throws RapportError as `servingModel` and `readCuts`
 */
export async function evaluateCustomers(
  warehouse: Warehouse,
  name: string,
  moment: Moment,
  work?: Work,
): Promise<Evaluated | NotEnough> {
  const serving = await servingModel(warehouse, name, 'is judged')
  if (!hasFitted(serving.fitted) || serving.card.kind !== 'customers') throw notTrained(name, 'is judged')
  const { prediction, modelId, fitted: model, card } = serving
  const method = methodOf(prediction.definition)!
  const cuts = await readCuts(warehouse, prediction, moment, work)
  if (!cuts.found) return cuts
  const { cut, customerIds, outcomes } = cuts.test
  const rows = { ...(await readModelRows(warehouse, model, customerIds, cut, work)), outcomes }
  // What the published fit learned from reaches to the moment of its training.
  const fitted = cut >= serving.asOf ? model.fitted : model.judged
  const { value } = method.predict(fitted, rows)
  const known = outcomes.filter((outcome) => !Number.isNaN(outcome))
  const now = meanOf(known)
  const error = Math.sqrt(meanOf(known.map((outcome) => (outcome - now) ** 2)) / known.length)
  const { mean: trained, error: errorThen } = model.drift.outcome
  const apart = Math.abs(now - trained) / Math.max(1e-12, Math.hypot(error, errorThen))
  return {
    ...{ found: true, modelId, cut, customers: customerIds.length, trained: card.quality },
    now: method.judge(`${card.method} as of ${isoOf(cut).slice(0, 10)}`, fitted, rows),
    outcome: { trained, now, apart, verdict: apart > 3 ? 'shifted' : 'steady' },
    drift: driftOf(model.drift, model.features, rows, value),
  }
}
