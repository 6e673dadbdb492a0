import type { PredictionDefinition } from '@rapport/protocol'
import { elapsedMs, isoOf, stopIfAborted, type Work, within } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { chooseByLoss, gainOf, meanOf } from '../choose-by-loss.ts'
import { tellingFeatures } from '../customer-rows.ts'
import { differingFeatures } from '../differences.ts'
import { usualValues } from '../reasons.ts'
import type { NotEnough } from '../result.ts'
import { type AskedCustomers, type Moment, type OutcomeRows, readCutRows, readCuts } from './asking/cuts.ts'
import type { Prediction } from './asking/definition.ts'
import { leakageOf } from './asking/leakage.ts'
import type { CustomerModel } from './customer-model.ts'
import { driftBasis } from './judging/drift.ts'
import { readGroups } from './judging/groups.ts'
import { type AskedCount, gainWords, limitsOf, type ModelCard } from './judging/model-card.ts'
import { type Promotion, promotionOf } from './judging/promote.ts'
import type { Candidate } from './methods/method.ts'
import { type AnyMethod, methodOf } from './methods/method-of.ts'
import { addModel, dropScores } from './registry.ts'

export interface TrainOptions extends Moment {
  /** How long methods may be tried; the baseline always is. ms */
  readonly budgetMs: number
}

/** What became of a training. */
export interface Trained<Card = ModelCard> extends Promotion {
  readonly found: true
  readonly modelId: string
  readonly version: number
  readonly card: Card
}

/**
 * Learns a prediction as of its training cut, judges it as of the next one, fits the best method again with
 * the newest labelled customers, and puts it into the registry; it serves where it is not worse than the one that does.
 *
 * @returns why not, where the data are too few or give the answer away; scores of before are then taken back
 * @throws RapportError as `readCuts`, `work.aborted`
 */
export async function trainCustomers(
  warehouse: Warehouse,
  prediction: Prediction,
  options: TrainOptions,
  work?: Work,
): Promise<Trained | NotEnough> {
  const started = elapsedMs()
  const { definition } = prediction
  const method = methodOf(definition)!
  const cuts = await readCuts(warehouse, prediction, options, work)
  if (!cuts.found) {
    await dropScores(warehouse, prediction)
    return cuts
  }
  const rows = await readCutRows(warehouse, cuts, options.reads, work)
  if (!isAnythingTold(rows.training)) {
    await dropScores(warehouse, prediction)
    return { found: false, because: nothingToldWords(cuts.features.length) }
  }
  const leakage = leakageOf(rows.newest, method.sides(rows.newest), { about: definition.label, seed: options.seed })
  if (leakage.because !== undefined) {
    await dropScores(warehouse, prediction)
    return { found: false, because: leakage.because }
  }

  const { candidates, notTried } = await tryMethods(method, rows.training, started, options, work)
  const { best, because } = chooseByLoss(candidates, {
    measure: method.measure,
    customerIds: rows.training.customerIds,
  })
  const chosen = candidates[best]!
  const kind = method.kinds(rows.latest).find((one) => method.nameOf(one) === chosen.name)
  // Where the newest customers cannot be told apart in that way, the fit on those before them stays.
  const final =
    kind === undefined
      ? chosen.fitted
      : await method.refit(kind, chosen.fitted, rows.latest, options.seed, within(work, 'last fit'))
  const model = modelOf(method, final, chosen.fitted, rows.test)
  const card = await cardOf(
    { warehouse, definition, method, cuts, rows, notTried, because, started, suspects: leakage.suspects },
    { candidates, chosen, final, named: model.named },
    work,
  )
  const promotion = await promotionOf(
    warehouse,
    prediction,
    method,
    { rows: rows.test, cut: cuts.test.cut, fitted: chosen.fitted },
    work,
  )
  stopIfAborted(work)
  const added = await addModel(warehouse, {
    ...{ definition, kind: chosen.name, asOf: options.asOf, card, fitted: model },
    ...promotion,
  })
  return { found: true, ...added, card, ...promotion }
}

const isAnythingTold = (rows: OutcomeRows): boolean =>
  tellingFeatures(
    rows,
    rows.features.map((_, position) => position),
  ).length > 0

const nothingToldWords = (features: number): string =>
  `none of its ${features} features tells these customers apart: they come of orders, visits (page calls), products viewed, carts, ` +
  'emails, tickets and traits, and of what was declared; send these with the id of the customer, declare features of events that ' +
  'a shop named itself (rapport features declare), or choose ' +
  'other families of features'

/** Fits one method after another until the time is over; the next is begun only if it is likely to end in time. */
async function tryMethods(
  method: AnyMethod,
  rows: OutcomeRows,
  started: number,
  { seed, budgetMs }: TrainOptions,
  work?: Work,
): Promise<{ readonly candidates: readonly Candidate<unknown>[]; readonly notTried: readonly string[] }> {
  const kinds = method.kinds(rows)
  const candidates: Candidate<unknown>[] = []
  let longest = 0
  for (const [at, kind] of kinds.entries()) {
    const spent = elapsedMs() - started
    if (at > 0 && spent + longest > budgetMs) {
      return { candidates, notTried: kinds.slice(at).map((left) => method.nameOf(left)) }
    }
    work?.onProgress?.({ stage: 'methods', done: at, total: kinds.length })
    candidates.push(await method.fit(kind, rows, seed, within(work, method.nameOf(kind))))
    stopIfAborted(work)
    longest = Math.max(longest, elapsedMs() - started - spent)
  }
  return { candidates, notTried: [] }
}

function modelOf(method: AnyMethod, fitted: unknown, judged: unknown, test: OutcomeRows): CustomerModel<unknown> {
  return {
    ...{ kind: 'customer-model', features: test.features, categories: [...test.categories], judged, fitted },
    usual: usualValues(test),
    named: [...differingFeatures({ ...test, labels: method.sides(test) })],
    drift: driftBasis(test.matrix, method.predict(judged, test).value, test.outcomes),
  }
}

interface Told {
  readonly warehouse: Warehouse
  readonly definition: PredictionDefinition
  readonly method: AnyMethod
  readonly cuts: { readonly start: { readonly purchases: number | null; readonly events: number | null } } & {
    readonly asOf: number
    readonly training: AskedCustomers
    readonly earlier: readonly AskedCustomers[]
    readonly test: AskedCustomers
    readonly beyondHistory: readonly { readonly label: string }[]
  }
  readonly rows: { readonly training: OutcomeRows; readonly test: OutcomeRows }
  readonly notTried: readonly string[]
  readonly because: string
  readonly started: number
  /** What seems to know too much, in words. */
  readonly suspects: readonly string[]
}

interface Compared {
  readonly candidates: readonly Candidate<unknown>[]
  readonly chosen: Candidate<unknown>
  readonly final: unknown
  readonly named: readonly number[]
}

async function cardOf(told: Told, { candidates, chosen, final, named }: Compared, work?: Work): Promise<ModelCard> {
  const { warehouse, definition, method, cuts, rows } = told
  const [baseline] = candidates
  const gained = gainOf(method.losses(baseline!.fitted, rows.test), method.losses(chosen.fitted, rows.test))
  const gain = { ...gained, words: gainWords(method.measure, gained) }
  const quality = method.judge(chosen.name, chosen.fitted, rows.test)
  const { said, came } = method.compared(chosen.fitted, rows.test)
  const groups = await readGroups(warehouse, rows.test.customerIds, cuts.test.cut, said, came)
  const first = Math.min(cuts.start.purchases ?? Infinity, cuts.start.events ?? Infinity)
  const shared = cuts.test.population > cuts.test.customerIds.length
  return {
    ...{ kind: 'customers', prediction: definition.name, predicts: definition.label },
    population: definition.population,
    horizonDays: definition.horizonDays,
    data: {
      ...{
        from: isoOf(first),
        trainedAsOf: isoOf(cuts.training.cut),
        trainingCuts: [cuts.training, ...cuts.earlier].map(({ cut }) => isoOf(cut)),
        judgedAsOf: isoOf(cuts.test.cut),
      },
      until: isoOf(cuts.asOf),
    },
    customers: {
      training: {
        ...countOf(cuts.training),
        used: new Set(rows.training.customerIds).size,
        rows: rows.training.customerIds.length,
        outcome: meanKnown(rows.training.outcomes),
      },
      holdOut: countOf(cuts.test),
    },
    consent: {
      purpose: definition.purpose,
      words: `only customers who agree to ${definition.purpose} and to being profiled, by their word or by what the store declares, were learned from and are scored`,
    },
    ...{ tried: candidates.map(({ name }) => name), notTried: told.notTried },
    ...{ method: chosen.name, chosenBecause: told.because, quality, gain },
    baseline: method.judge(baseline!.name, baseline!.fitted, rows.test),
    drivers: driversOf(method, final, rows.test, named, work),
    ...{ groups, leftOut: cuts.beyondHistory.map(({ label }) => label) },
    limits: [...limitsOf(groups, { quality, gain, shared }), ...told.suspects],
    seconds: Math.round((elapsedMs() - told.started) / 100) / 10,
  }
}

const countOf = ({ population, customerIds, withoutConsent, outcomes }: AskedCustomers): AskedCount => ({
  ...{ population, used: customerIds.length, rows: customerIds.length, withoutConsent },
  outcome: meanKnown(outcomes),
})

const meanKnown = (outcomes: Float64Array): number => meanOf(outcomes.filter((value) => !Number.isNaN(value)))

const driversShown = 12
/** So many customers tell what a model rests on as well as all of them. */
const driverRowsMax = 500

/** Each named feature's share of all that moves scores. */
function driversOf(
  method: AnyMethod,
  fitted: unknown,
  test: OutcomeRows,
  named: readonly number[],
  work?: Work,
): ModelCard['drivers'] {
  const n = Math.min(driverRowsMax, test.customerIds.length)
  const { columns, values } = test.matrix
  const some = {
    ...test,
    customerIds: test.customerIds.slice(0, n),
    matrix: { rows: n, columns, values: values.slice(0, n * columns) },
  }
  const effects = method.effects(fitted, some, work?.signal ? { signal: work.signal } : {})
  if (effects === undefined) return []
  const sums = new Float64Array(columns)
  effects.values.forEach((effect, at) => {
    sums[at % columns]! += Math.abs(effect)
  })
  const all = sums.reduce((sum, size) => sum + size, 0)
  return test.features
    .map(({ name, label }, column) => ({ feature: name, label, importance: all > 0 ? sums[column]! / all : 0 }))
    .filter(({ importance }, column) => importance > 0 && named.includes(column))
    .sort((left, right) => right.importance - left.importance)
    .slice(0, driversShown)
}
