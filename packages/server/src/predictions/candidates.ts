import { applyPlatt, type Fold, fitPlatt, foldsFrom, type PlattModel } from '@rapport/learn'
import { takeRows } from '@rapport/numerics'
import { inTurns, RapportError, stopIfAborted, type Work } from '../base/index.ts'
import { chooseByLoss, meanOf } from './choose-by-loss.ts'
import { customerFolds, hasRepeated } from './customer-folds.ts'
import { type CustomerRows, type LabelledRows, tellingFeatures } from './customer-rows.ts'
import {
  fitForestScorer,
  fitLinear,
  fitTrees,
  linearMargins,
  marginsOf,
  preparedLike,
  prepareLinear,
  type Scorer,
} from './scorer.ts'

/** Ways to tell who a target comes true for, the plainest first. */
export type CandidateKind = 'share' | 'recency' | 'logistic' | 'forest' | 'boosting'

export const candidateNames: Readonly<Record<CandidateKind, string>> = {
  share: 'the same for everybody',
  recency: 'recency only',
  logistic: 'logistic regression',
  forest: 'random forest',
  boosting: 'gradient boosting',
}

/** A share for everybody where scores say nothing, else a sigmoid of the score. */
export type ProbabilityCalibration = PlattModel | { readonly kind: 'share'; readonly share: number }

/** A candidate fitted on all rows, with honest probabilities of those rows to compare candidates by. */
export interface FittedCandidate {
  readonly kind: CandidateKind
  readonly scorer: Scorer
  readonly calibration: ProbabilityCalibration
  /** `[n]` each row by a scorer and a calibration that saw neither it nor its fold, and so none of its customer's rows. */
  readonly honest: Float64Array
}

/** With many rows three folds train on enough, and save two fits in five. */
const foldsFor = (rows: number): number => (rows > 2000 ? 3 : 5)
const penalties = [3, 30, 300] as const

export interface CandidateOptions {
  readonly seed: number
  /** A scorer of the kind whose penalty or rounds are kept. Default: they are tuned on these rows. */
  readonly like?: Scorer
}

/**
 * Fits a candidate and calibrates it by out-of-fold scores of the same rows, so that no other rows are needed.
 *
 * @param wanted positions of the features it may use
 */
export async function fitCandidate(
  kind: CandidateKind,
  rows: LabelledRows,
  wanted: readonly number[],
  options: CandidateOptions,
  work?: Work,
): Promise<FittedCandidate> {
  const { seed } = options
  const { customerIds, labels } = rows
  const folds = customerFolds(customerIds, { folds: foldsFor(labels.length), seed, labels })
  const fold = new Int32Array(rows.labels.length)
  for (const [at, { test }] of folds.entries()) for (const row of test) fold[row] = at
  const { scorer, outOfFold } = await fitKind(kind, rows, wanted, folds, options, work)
  return {
    kind,
    scorer,
    calibration: calibrate(outOfFold, rows.labels),
    honest: crossCalibrated(outOfFold, rows.labels, fold),
  }
}

async function fitKind(
  kind: CandidateKind,
  rows: LabelledRows,
  wanted: readonly number[],
  folds: readonly Fold[],
  { seed, like }: CandidateOptions,
  work?: Work,
): Promise<Fitted> {
  const tried = like?.kind === 'linear' ? [like.model.penalty] : penalties
  switch (kind) {
    case 'share':
      return { scorer: { kind: 'constant' }, outOfFold: new Float64Array(rows.labels.length) }
    case 'recency':
      return inTurns(linear(rows, recencyOf(rows), folds, tried, work))
    case 'logistic':
      return inTurns(linear(rows, wanted, folds, tried, work))
    case 'forest':
      return forest(rows, wanted, folds, seed, work)
    case 'boosting':
      return boosting(
        rows,
        wanted,
        folds,
        { seed, ...(like?.kind === 'trees' ? { rounds: like.model.rounds } : {}) },
        work,
      )
  }
}

/** `[n]` calibrated probabilities of the target. */
export const probabilitiesOf = (
  { scorer, calibration }: Pick<FittedCandidate, 'scorer' | 'calibration'>,
  rows: CustomerRows,
): Float64Array => applyProbabilityCalibration(calibration, marginsOf(scorer, rows))

/** The candidate to publish, by log loss within the training period; see `chooseByLoss`. */
export function chooseCandidate(
  candidates: readonly FittedCandidate[],
  { labels, customerIds }: Pick<LabelledRows, 'labels' | 'customerIds'>,
): { readonly chosen: FittedCandidate; readonly because: string } {
  const { best, because } = chooseByLoss(
    candidates.map(({ kind, honest }) => ({ name: candidateNames[kind], losses: logLosses(honest, labels) })),
    { measure: 'log loss', customerIds },
  )
  return { chosen: candidates[best]!, because }
}

/** `[n]` of probabilities of what came true or not. */
export const logLosses = (probabilities: Float64Array, labels: ArrayLike<number>): Float64Array =>
  probabilities.map((probability, row) => -Math.log(labels[row] === 1 ? probability : 1 - probability))

/** How long ago a customer was last seen: to buy, or, of those who never bought, on the site. */
const recencyFeatures = ['recency_days', 'visit_recency_days']

/** @throws RapportError `predictions.recency` when neither tells these rows apart; see `hasRecency` */
function recencyOf(rows: LabelledRows): readonly number[] {
  const position = recencyPosition(rows)
  if (position === undefined) throw new RapportError('predictions.recency', 'a recency must be known, none is')
  return [position]
}

const recencyPosition = (rows: CustomerRows): number | undefined =>
  recencyFeatures
    .map((name) => rows.features.findIndex((feature) => feature.name === name))
    .find((position) => position >= 0 && tellingFeatures(rows, [position]).length > 0)

/** Whether the plainest guess of all, by how long ago somebody was seen, can be made. */
export const hasRecency = (rows: CustomerRows): boolean => recencyPosition(rows) !== undefined

interface Fitted {
  readonly scorer: Scorer
  /** `[n]` */
  readonly outOfFold: Float64Array
}

/** The penalty is the one with the lowest out-of-fold loss. */
function* linear(
  rows: LabelledRows,
  wanted: readonly number[],
  folds: readonly Fold[],
  tried: readonly number[],
  work?: Work,
): Generator<void, Fitted> {
  const scores = tried.map(() => new Float64Array(rows.labels.length))
  for (const { train, test } of folds) {
    yield
    stopIfAborted(work)
    const own = takeLabelled(rows, train)
    const prepared = prepareLinear(own, wanted)
    if (prepared === undefined) continue
    const judged = preparedLike(prepared.scorer, takeLabelled(rows, test))
    for (const [at, penalty] of tried.entries()) {
      yield
      stopIfAborted(work)
      const margins = linearMargins(fitLinear(prepared, own.labels, penalty, silent(work)), judged)
      test.forEach((row, place) => {
        scores[at]![row] = margins[place]!
      })
    }
  }
  const losses = scores.map((margins) =>
    meanOf(margins.map((margin, row) => Math.log1p(Math.exp(rows.labels[row] === 1 ? -margin : margin)))),
  )
  const best = losses.indexOf(Math.min(...losses))
  const prepared = prepareLinear(rows, wanted)
  if (prepared === undefined)
    throw new RapportError('predictions.features', 'a feature must tell customers apart, none does')
  return { scorer: fitLinear(prepared, rows.labels, tried[best]!, silent(work)), outOfFold: scores[best]! }
}

/** Where it is not known, each fold finds its own number of rounds; the fit of all rows takes their median. */
async function boosting(
  rows: LabelledRows,
  wanted: readonly number[],
  folds: readonly Fold[],
  { seed, rounds: known }: { readonly seed: number; readonly rounds?: number },
  work?: Work,
): Promise<Fitted> {
  const own = known === undefined ? {} : { rounds: known }
  const outOfFold = new Float64Array(rows.labels.length)
  const rounds: number[] = []
  for (const [at, { train, test }] of folds.entries()) {
    work?.onProgress?.({ stage: 'boosting fold', done: at, total: folds.length })
    const scorer = await fitTrees(takeLabelled(rows, train), wanted, { seed: seed + at, ...own }, silent(work))
    const margins = marginsOf(scorer, takeLabelled(rows, test))
    test.forEach((row, place) => {
      outOfFold[row] = margins[place]!
    })
    if (scorer.kind === 'trees') rounds.push(scorer.model.rounds)
  }
  const middle = rounds.sort((left, right) => left - right)[Math.floor(rounds.length / 2)]!
  const scorer = await fitTrees(rows, wanted, { seed, rounds: Math.max(1, middle) }, silent(work))
  return { scorer, outOfFold }
}

/**
 * Trees that did not see a row score it as honestly as a fold that it was left out of, and without another fit; but not where
 * they saw its customer at another moment.
 */
async function forest(
  rows: LabelledRows,
  wanted: readonly number[],
  folds: readonly Fold[],
  seed: number,
  work?: Work,
): Promise<Fitted> {
  const { scorer, outOfBag } = await fitForestScorer(rows, wanted, seed, silent(work))
  if (!hasRepeated(rows.customerIds)) return { scorer, outOfFold: outOfBag }
  const outOfFold = new Float64Array(rows.labels.length)
  for (const [at, { train, test }] of folds.entries()) {
    work?.onProgress?.({ stage: 'forest fold', done: at, total: folds.length })
    const own = await fitForestScorer(takeLabelled(rows, train), wanted, seed + at, silent(work))
    const margins = marginsOf(own.scorer, takeLabelled(rows, test))
    test.forEach((row, place) => {
      outOfFold[row] = margins[place]!
    })
  }
  return { scorer, outOfFold }
}

/** Inner fits are too short to show; the steps around them report. */
const silent = (work: Work | undefined): Work => (work?.signal ? { signal: work.signal } : {})

/**
 * Scores without any use (all equal, or falling with the outcome, as out-of-fold scores do where there is nothing to
 * learn) become the share of everybody: turning them round would learn from chance.
 */
function calibrate(margins: Float64Array, labels: Uint8Array): ProbabilityCalibration {
  const share = { kind: 'share', share: labels.reduce((sum, label) => sum + label, 0) / labels.length } as const
  if (margins.every((margin) => margin === margins[0])) return share
  const platt = fitPlatt(margins, labels)
  return platt.slope > 0 ? platt : share
}

const applyProbabilityCalibration = (calibration: ProbabilityCalibration, margins: Float64Array): Float64Array =>
  calibration.kind === 'share' ? margins.map(() => calibration.share) : applyPlatt(calibration, margins)

function crossCalibrated(margins: Float64Array, labels: Uint8Array, fold: Int32Array): Float64Array {
  const honest = new Float64Array(margins.length)
  for (const { train, test } of foldsFrom(fold)) {
    const calibration = calibrate(
      Float64Array.from(train, (row) => margins[row]!),
      Uint8Array.from(train, (row) => labels[row]!),
    )
    const probabilities = applyProbabilityCalibration(
      calibration,
      Float64Array.from(test, (row) => margins[row]!),
    )
    test.forEach((row, place) => {
      honest[row] = probabilities[place]!
    })
  }
  return honest
}

export function takeLabelled(rows: LabelledRows, indices: Int32Array): LabelledRows {
  return {
    ...rows,
    customerIds: Array.from(indices, (row) => rows.customerIds[row]!),
    matrix: takeRows(rows.matrix, indices),
    labels: Uint8Array.from(indices, (row) => rows.labels[row]!),
  }
}
