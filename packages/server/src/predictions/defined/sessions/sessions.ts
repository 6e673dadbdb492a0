import { elapsedMs, type Instant, isoOf, stopIfAborted, type Work, within } from '../../../base/index.ts'
import { intentInputs, type KeptScoring, scoreOf, scoringFormat } from '../../../features/index.ts'
import type { Warehouse } from '../../../warehouse/index.ts'
import {
  type CandidateKind,
  candidateNames,
  chooseCandidate,
  type FittedCandidate,
  fitCandidate,
  logLosses,
  probabilitiesOf,
} from '../../candidates.ts'
import { gainOf } from '../../choose-by-loss.ts'
import { type LabelledRows, labelledRowsMax, tellingFeatures } from '../../customer-rows.ts'
import type { NotEnough } from '../../result.ts'
import type { Prediction } from '../asking/definition.ts'
import { gainWords } from '../judging/model-card.ts'
import type { Promotion } from '../judging/promote.ts'
import { eventMethod } from '../methods/events.ts'
import { addModel } from '../registry.ts'
import { findServing, isRead } from '../serving.ts'
import type { Trained, TrainOptions } from '../train.ts'
import { prefixes, qualityByPrefix } from './by-prefix.ts'
import { scoringOf } from './scoring-of.ts'
import { readSessionMoments, rowsAtMoments, type SessionMoments, takeMoments } from './session-moments.ts'
import type { CountedMoments, SessionsCard } from './sessions-card.ts'

const kinds: readonly CandidateKind[] = ['share', 'logistic', 'boosting']

/** Moments on each side, fewer of which teach nothing, or cannot judge what was learned. */
const trainingMin = 100
const holdOutMin = 30

/** Moments that are judged, and sessions at each of several lengths. */
const judgedMost = 5000

/** A model as it is kept: what is served, and the same method as it was fitted before the hold-out. */
export interface KeptSessionModel extends KeptScoring {
  readonly judged: KeptScoring['scoring']
}

/**
 * Learns who will order later in their session from moments in sessions of the past, as it was known then. It is judged on
 * later sessions of customers whom it has not seen, and fitted again with all of them.
 *
 * @returns why not, where too few sessions had an order, or had none
 */
export async function trainSessions(
  warehouse: Warehouse,
  { definition }: Prediction,
  { asOf, seed, budgetMs }: TrainOptions,
  work?: Work,
): Promise<Trained<SessionsCard> | NotEnough> {
  const started = elapsedMs()
  const split = await readSplit(warehouse, asOf, seed, work)
  if ('because' in split) return split
  const { training, holdOut, all } = split
  const rows = await rowsAtMoments(warehouse, training, intentInputs, within(work, 'training'))
  const wanted = rows.features.map((_, position) => position)
  if (tellingFeatures(rows, wanted).length === 0)
    return { found: false, because: 'nothing that is known of sessions tells those with an order from the others' }
  const candidates: FittedCandidate[] = []
  const notTried: string[] = []
  for (const kind of kinds) {
    if (candidates.length > 0 && elapsedMs() - started > budgetMs) {
      notTried.push(candidateNames[kind])
      continue
    }
    candidates.push(await fitCandidate(kind, rows, wanted, { seed }, within(work, candidateNames[kind])))
    stopIfAborted(work)
  }
  const { chosen, because } = chooseCandidate(candidates, rows)
  const judgedRows = await rowsAtMoments(warehouse, holdOut, intentInputs, within(work, 'hold-out'))
  const compared = compare(candidates[0]!, chosen, judgedRows)
  const byPrefix = await judgeByPrefix(warehouse, split, { chosen, share: meanOf(training.labels), asOf, seed }, work)
  const newest = await rowsAtMoments(warehouse, all, intentInputs, within(work, 'last fit'))
  const final = await fitCandidate(chosen.kind, newest, wanted, { seed, like: chosen.scorer }, within(work, 'last fit'))
  const card: SessionsCard = {
    ...{ kind: 'sessions', prediction: definition.name, predicts: definition.label },
    data: { from: isoOf(Math.min(...training.began)), judgedFrom: isoOf(split.cut), until: isoOf(asOf) },
    moments: { training: counted(training), holdOut: counted(holdOut) },
    consent: {
      purpose: definition.purpose,
      words:
        'only customers who agree to being profiled, by their word or by what the store declares, were learned from and are scored',
    },
    ...{ tried: candidates.map(({ kind }) => candidateNames[kind]), notTried },
    ...{ method: candidateNames[chosen.kind], chosenBecause: because },
    ...{ quality: compared.quality, baseline: compared.baseline, gain: compared.gain, byPrefix },
    inputs: intentInputs.map(({ name, label }) => ({ feature: name, label })),
    limits: limitsOf(compared.gain, training),
    seconds: Math.round((elapsedMs() - started) / 100) / 10,
  }
  const promotion = await promotionOf(warehouse, definition.name, judgedRows, compared.losses)
  stopIfAborted(work)
  const fitted: KeptSessionModel = {
    ...{ kind: 'feature-model', scoringFormat, inputs: intentInputs.map(({ value }) => value) },
    ...{ scoring: scoringOf(final), judged: scoringOf(chosen) },
  }
  const added = await addModel(warehouse, {
    ...{ definition, kind: candidateNames[chosen.kind], asOf, card, fitted },
    ...promotion,
  })
  return { found: true, ...added, card, ...promotion }
}

/** What a model of sessions would be learned from. */
export interface CheckedSessions {
  readonly found: true
  readonly training: CountedMoments
  readonly holdOut: CountedMoments
}

/** @returns why not, as `trainSessions` */
export async function checkSessions(
  warehouse: Warehouse,
  { asOf, seed }: Pick<TrainOptions, 'asOf' | 'seed'>,
  work?: Work,
): Promise<CheckedSessions | NotEnough> {
  const split = await readSplit(warehouse, asOf, seed, work)
  if ('because' in split) return split
  return { found: true, training: counted(split.training), holdOut: counted(split.holdOut) }
}

interface Split {
  /** Sessions that began from then on, of customers held out, judge. */
  readonly cut: Instant
  readonly training: SessionMoments
  readonly holdOut: SessionMoments
  /** The newest of both, and of what is in neither. */
  readonly all: SessionMoments
}

/** In time and by customer: three quarters of the sessions of three quarters of the customers teach. */
async function readSplit(
  warehouse: Warehouse,
  asOf: Instant,
  seed: number,
  work?: Work,
): Promise<Split | (NotEnough & { readonly because: string })> {
  const most = 3 * labelledRowsMax
  const moments = await readSessionMoments(warehouse, { asOf, seed, most }, work)
  const { began, isHeldOut, labels } = moments
  if (began.length === 0)
    return {
      found: false,
      because: 'no session of a customer who may be profiled is over: send events with the id of the session',
    }
  // The latest session comes first.
  const cut = began[Math.floor(began.length / 4)]!
  const places = Array.from(began.keys())
  const some = (is: (row: number) => boolean, max: number): SessionMoments =>
    takeMoments(moments, places.filter(is).slice(0, max))
  const training = some((row) => began[row]! < cut && isHeldOut[row] === 0, labelledRowsMax)
  const holdOut = some((row) => began[row]! >= cut && isHeldOut[row] === 1, judgedMost)
  const all = some(() => true, labelledRowsMax)
  for (const [{ labels: own }, least, what] of [
    [training, trainingMin, 'to learn from'],
    [holdOut, holdOutMin, 'to judge by'],
  ] as const) {
    const ordered = own.reduce((sum, label) => sum + label, 0)
    if (Math.min(ordered, own.length - ordered) >= least) continue
    const of = `${began.length} moments in sessions, ${labels.reduce((sum, label) => sum + label, 0)} of them with an order later on`
    return {
      found: false,
      because: `moments ${what} must be at least ${least} with an order later in the session and as many without, got ${ordered} and ${own.length - ordered} (of ${of})`,
    }
  }
  return { cut, training, holdOut, all }
}

function compare(baseline: FittedCandidate, chosen: FittedCandidate, rows: LabelledRows) {
  const { labels, customerIds } = rows
  const losses = logLosses(probabilitiesOf(chosen, rows), labels)
  const gained = gainOf(logLosses(probabilitiesOf(baseline, rows), labels), losses, customerIds)
  const judge = (one: FittedCandidate) =>
    eventMethod.judge(
      candidateNames[one.kind],
      { ...one, kind: 'events' },
      { ...rows, outcomes: Float64Array.from(labels) },
    )
  return {
    losses,
    quality: judge(chosen),
    baseline: judge(baseline),
    gain: { ...gained, words: gainWords('log loss', gained) },
  }
}

async function judgeByPrefix(
  warehouse: Warehouse,
  { cut }: Split,
  judged: { readonly chosen: FittedCandidate; readonly share: number; readonly asOf: Instant; readonly seed: number },
  work?: Work,
) {
  const { chosen, share, asOf, seed } = judged
  const wanted = { asOf, from: cut, seed, places: prefixes, most: 4 * prefixes.length * judgedMost }
  const read = await readSessionMoments(warehouse, wanted, work)
  const held = takeMoments(
    read,
    Array.from(read.began.keys()).filter((row) => read.isHeldOut[row] === 1),
  )
  const rows = await rowsAtMoments(warehouse, held, intentInputs, within(work, 'prefixes'))
  return qualityByPrefix(held.place, probabilitiesOf(chosen, rows), rows.labels, share)
}

/** As `promotionOf` of customers: not worse on the hold-out beyond chance than what serves, both as fitted before it. */
async function promotionOf(
  warehouse: Warehouse,
  name: string,
  rows: LabelledRows,
  losses: Float64Array,
): Promise<Promotion> {
  const serving = await findServing(warehouse, name)
  if (serving === undefined) return { serves: true, because: 'it is the first' }
  const kept = isRead(serving) ? (serving.fitted as KeptSessionModel) : undefined
  const inputs = JSON.stringify(intentInputs.map(({ value }) => value))
  if (kept?.kind !== 'feature-model' || kept.scoringFormat !== scoringFormat || JSON.stringify(kept.inputs) !== inputs)
    return { serves: true, because: `${serving.modelId} was told something else and cannot be compared with it` }
  const { columns, values } = rows.matrix
  const before = Float64Array.from(rows.labels, (_, row) =>
    scoreOf(
      kept.judged,
      Array.from(values.subarray(row * columns, (row + 1) * columns), (value) => (Number.isNaN(value) ? null : value)),
    ),
  )
  const { mean, error } = gainOf(logLosses(before, rows.labels), losses, rows.customerIds)
  const figure = `log loss ${mean >= 0 ? 'lower' : 'higher'} by ${Math.abs(mean).toFixed(4)} (standard error ${error.toFixed(4)})`
  return mean >= -error
    ? { serves: true, because: `not worse than ${serving.modelId} on the newest hold-out: ${figure}` }
    : {
        serves: false,
        because: `worse than ${serving.modelId} on the newest hold-out, which goes on serving: ${figure}`,
      }
}

const meanOf = (labels: Uint8Array): number => labels.reduce((sum, label) => sum + label, 0) / labels.length

const counted = ({ customerIds, labels }: SessionMoments): CountedMoments => ({
  customers: new Set(customerIds).size,
  moments: labels.length,
  ordered: meanOf(labels),
})

const limitsOf = (gain: SessionsCard['gain'], { began }: SessionMoments): readonly string[] => [
  'it tells in which sessions an order is likely, not which a message would move: for that sessions must be compared with others that had none',
  'it knows customers who are known, by an id or by their browser; visitors of whom nothing may be kept have no session',
  ...(gain.mean <= 1.96 * gain.error ? [gain.words] : []),
  ...(Math.max(...began) - Math.min(...began) < 90 * 86_400_000
    ? ['learned from less than 90 days: seasons and sales campaigns may be unlike them']
    : []),
]
