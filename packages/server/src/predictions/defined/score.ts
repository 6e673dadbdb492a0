import { type Instant, isoOf, now, RapportError, type Work, within } from '../../base/index.ts'
import { removeDerivedOfNobody } from '../../consent/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { CustomerRows } from '../customer-rows.ts'
import { pause } from '../pause.ts'
import { replaceScore } from '../publish.ts'
import { reasonsOf } from '../reasons.ts'
import type { NotEnough } from '../result.ts'
import { readCohort } from './asking/cohort.ts'
import { isChance } from './asking/definition.ts'
import { type CustomerModel, hasFitted, readModelRows } from './customer-model.ts'
import { type DriftReport, driftOf } from './judging/drift.ts'
import type { Predicted } from './methods/method.ts'
import { type AnyMethod, methodOf } from './methods/method-of.ts'
import { dropScores, isSwitchedOff } from './registry.ts'
import { notTrained, servingModel } from './serving.ts'

const query = readQueries(new URL('./registry.sql', import.meta.url))

export interface Scored {
  readonly found: true
  readonly modelId: string
  readonly score: string
  readonly asOf: Instant
  readonly customers: number
  readonly withoutConsent: number
  /** Of whom nothing can be said, as of who will not order within the horizon. */
  readonly unknown: number
  /** Null where nothing can be said of anybody. */
  readonly mean: number | null
  readonly drift: DriftReport
}

/**
 * Scores everybody whom the serving model is about as of a moment, with reasons, in place of the scores before.
 *
 * @returns why not, where nobody belongs to the population; scores of before are then taken back
 * @throws RapportError as `servingModel`, `predictions.off` where it was switched off meanwhile, `work.aborted`
 */
export async function scoreCustomers(
  warehouse: Warehouse,
  name: string,
  asOf: Instant,
  work?: Work,
): Promise<Scored | NotEnough> {
  const { prediction, modelId, fitted: model } = await servingModel(warehouse, name, 'scores')
  if (!hasFitted(model)) throw notTrained(name, 'scores')
  const { score, definition } = prediction
  const method = methodOf(definition)!
  const cohort = await readCohort(warehouse, prediction, asOf, within(work, 'population'))
  if (cohort.customerIds.length === 0) {
    await dropScores(warehouse, prediction)
    return { found: false, because: `nobody belongs to its population as of ${isoOf(asOf)}` }
  }
  const rows = await readModelRows(warehouse, model, cohort.customerIds, asOf, work)
  const predicted = method.predict(model.fitted, rows)
  const reasons = await reasonsOfAll(method, model, rows, work)
  const drift = driftOf(model.drift, model.features, rows, predicted.value)
  const factor = definition.as === 'points' && isChance(definition) ? 100 : 1
  await warehouse.transaction(async () => {
    if (await isSwitchedOff(warehouse, name)) throw switchedOff(name)
    // A score that was called otherwise before is not left behind.
    await dropScores(warehouse, prediction)
    await warehouse.run(query('label_score'), {
      ...{ score, label: definition.label, purpose: definition.purpose },
      unit: unitOf(definition),
    })
    const column = { score, ...scaled(predicted, factor), reasons: reasons.map((own) => JSON.stringify(own)) }
    await replaceScore(warehouse, column, rows.customerIds, { modelId, asOf }, work)
    await warehouse.run(query('add_drift'), {
      ...{ model_id: modelId, as_of: { instant: asOf }, looked_at: { instant: now() } },
      report: JSON.stringify(drift),
    })
  })
  // Somebody who was erased while this ran is not brought back by it.
  await removeDerivedOfNobody(warehouse, work)
  const known = predicted.value.filter((value) => !Number.isNaN(value))
  return {
    ...{ found: true, modelId, score, asOf, withoutConsent: cohort.withoutConsent, drift },
    ...{ customers: known.length, unknown: predicted.value.length - known.length },
    mean: known.length === 0 ? null : (factor * known.reduce((sum, value) => sum + value, 0)) / known.length,
  }
}

export const switchedOff = (name: string): RapportError =>
  new RapportError('predictions.off', `${name} must be switched on first: rapport predict on ${name}`)

const scaled = ({ value, low, high }: Predicted, factor: number): Predicted => ({
  value: value.map((own) => own * factor),
  ...(low ? { low: low.map((own) => own * factor) } : {}),
  ...(high ? { high: high.map((own) => own * factor) } : {}),
})

function unitOf({
  target,
  as,
}: {
  readonly target: { readonly kind: string; readonly of?: unknown }
  readonly as: string
}): string {
  if (target.kind === 'when') return 'days'
  if (target.kind === 'amount') return target.of === 'spend' ? 'money' : 'amount'
  return as === 'points' ? 'points' : 'share'
}

const rowsPerExplanation = 5000

/** The strongest reasons of each customer; none where the model says the same of everybody. */
async function reasonsOfAll(
  method: AnyMethod,
  model: CustomerModel<unknown>,
  rows: CustomerRows,
  work?: Work,
): Promise<readonly ReturnType<typeof reasonsOf>[]> {
  const named = new Set(model.named)
  const reasons: ReturnType<typeof reasonsOf>[] = []
  const { columns, values } = rows.matrix
  for (let from = 0; from < rows.customerIds.length; from += rowsPerExplanation) {
    await pause(work)
    work?.onProgress?.({ stage: 'reasons', done: from, total: rows.customerIds.length })
    const customerIds = rows.customerIds.slice(from, from + rowsPerExplanation)
    const part = {
      ...rows,
      customerIds,
      matrix: {
        rows: customerIds.length,
        columns,
        values: values.slice(from * columns, (from + customerIds.length) * columns),
      },
    }
    const effects = method.effects(model.fitted, part, work?.signal ? { signal: work.signal } : {})
    for (let row = 0; row < customerIds.length; row += 1) {
      reasons.push(effects === undefined ? [] : reasonsOf(part, effects, row, model.usual, named, method.told))
    }
  }
  return reasons
}
