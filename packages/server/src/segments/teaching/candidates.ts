import {
  applyCalibration,
  type Calibration,
  crossFittedCalibration,
  stratifiedKFold,
  type Table,
  takeTableRows,
} from '@rapport/learn'
import { type Matrix, matrix } from '@rapport/numerics'
import { stopIfAborted, type Work } from '../../base/index.ts'
import {
  classProbabilities,
  fitScorer,
  type Scorer,
  type ScorerKind,
  scorerKinds,
  scorerWords,
  settingsOf,
} from './scorer.ts'

/** A kind of model with the best of its settings, and what it says of customers that it had not seen. */
export interface Candidate {
  readonly kind: ScorerKind
  readonly setting: number
  /** `[n × classes]` out of fold, calibrated for yes and no. */
  readonly honest: Matrix
  /** `[n]` */
  readonly losses: Float64Array
  /** For yes and no; null where scores say nothing, and for several classes. */
  readonly calibration: Calibration | null
  /** `[folds]` fitted without that fold. */
  readonly scorers: readonly Scorer[]
}

const foldCount = 5
/** Nothing is held for less likely than this: one leaf without a customer of a class does not rule it out. */
const probabilityMin = 0.005

/** Cross-validates every kind on the same folds. @param labels `[n]` 0 … classes − 1, each at least five times */
export async function compareScorers(
  of: Table,
  labels: Int32Array,
  { classes, seed }: { readonly classes: number; readonly seed: number },
  work?: Work,
): Promise<{ readonly candidates: readonly Candidate[]; readonly fold: Int32Array }> {
  const folds = stratifiedKFold(labels, { folds: foldCount, seed })
  const fold = new Int32Array(of.rows)
  for (const [at, { test }] of folds.entries()) for (const row of test) fold[row] = at
  const candidates: Candidate[] = []
  const silent = work?.signal ? { signal: work.signal } : {}
  const total = scorerKinds.reduce((sum, kind) => sum + settingsOf[kind].length * foldCount, 0)
  let done = 0
  for (const kind of scorerKinds) {
    let best: Candidate | undefined
    for (const setting of settingsOf[kind]) {
      const outOfFold = matrix(of.rows, classes)
      const scorers: Scorer[] = []
      for (const { train, test } of folds) {
        stopIfAborted(work)
        const options = { setting, classes, seed }
        const own = takeTableRows(of, train)
        const scorer = await fitScorer(
          kind,
          own,
          train.map((row) => labels[row]!),
          options,
          silent,
        )
        scorers.push(scorer)
        const said = classProbabilities(scorer, takeTableRows(of, test))
        test.forEach((row, at) => {
          outOfFold.values.set(said.values.subarray(at * classes, (at + 1) * classes), row * classes)
        })
        done += 1
        work?.onProgress?.({ stage: 'models, fold by fold', done, total })
      }
      const candidate = { ...judged(kind, setting, outOfFold, labels, fold), scorers }
      if (!best || mean(candidate.losses) < mean(best.losses)) best = candidate
    }
    candidates.push(best!)
  }
  return { candidates, fold }
}

function judged(
  kind: ScorerKind,
  setting: number,
  said: Matrix,
  labels: Int32Array,
  fold: Int32Array,
): Omit<Candidate, 'scorers'> {
  const { honest, calibration } =
    said.columns === 2 ? calibrated(said, labels, fold) : { honest: bounded(said), calibration: null }
  const losses = Float64Array.from(labels, (label, row) => -Math.log(honest.values[row * honest.columns + label]!))
  return { kind, setting, honest, losses, calibration }
}

/**
 * Platt's sigmoid over log odds; scores that fall with the label, as those without use do by chance, become the share of
 * all, as do those that differ within one fold only: a tree of one leaf says the same of all others.
 *
 * @param said `[n × 2]` out of fold
 */
export function calibrated(said: Matrix, labels: Int32Array, fold: Int32Array) {
  const scores = logOdds(Float64Array.from(labels, (_, row) => said.values[2 * row + 1]!))
  const differOutside = (one: number): boolean => new Set(scores.filter((_, row) => fold[row] !== one)).size > 1
  const fitted = [...new Set(fold)].every(differOutside)
    ? crossFittedCalibration(scores, labels, fold, { method: 'platt' })
    : null
  const isOfUse = fitted?.calibration.kind === 'platt' && fitted.calibration.slope > 0
  const share = labels.reduce((sum, label) => sum + label, 0) / labels.length
  const yes = isOfUse ? fitted.probabilities : scores.map(() => share)
  return { honest: bounded(ofTwo(yes)), calibration: isOfUse ? fitted.calibration : null }
}

const logOdds = (probabilities: Float64Array): Float64Array =>
  probabilities.map((probability) => {
    const within = Math.min(1 - probabilityMin, Math.max(probabilityMin, probability))
    return Math.log(within / (1 - within))
  })

function ofTwo(yes: Float64Array): Matrix {
  const both = matrix(yes.length, 2)
  yes.forEach((probability, row) => {
    both.values[2 * row] = 1 - probability
    both.values[2 * row + 1] = probability
  })
  return both
}

/** No class below `probabilityMin`, each row summing to 1. */
function bounded({ rows, columns, values }: Matrix): Matrix {
  const within = matrix(rows, columns)
  for (let row = 0; row < rows; row += 1) {
    let sum = 0
    for (let at = row * columns; at < (row + 1) * columns; at += 1) {
      within.values[at] = Math.max(probabilityMin, values[at]!)
      sum += within.values[at]!
    }
    for (let at = row * columns; at < (row + 1) * columns; at += 1) within.values[at]! /= sum
  }
  return within
}

/** `[n × classes]` what a scorer says of customers, calibrated as the candidate was. */
export function calibratedProbabilities(scorer: Scorer, calibration: Calibration | null, of: Table): Matrix {
  const said = classProbabilities(scorer, of)
  if (calibration === null) return bounded(said)
  const scores = logOdds(Float64Array.from({ length: of.rows }, (_, row) => said.values[2 * row + 1]!))
  return bounded(ofTwo(applyCalibration(calibration, scores)))
}

/** The candidate to use: one that is harder to read must be better by more than the standard error of the difference. */
export function bestCandidate(candidates: readonly Candidate[]): {
  readonly chosen: Candidate
  readonly because: string
} {
  let chosen = candidates[0]!
  for (const next of candidates.slice(1)) {
    const gains = chosen.losses.map((loss, row) => loss - next.losses[row]!)
    const gain = mean(gains)
    const error = Math.sqrt(mean(gains.map((one) => (one - gain) ** 2)) / gains.length)
    if (gain > error) chosen = next
  }
  const listed = candidates.map(({ kind, losses }) => `${scorerWords[kind]} ${mean(losses).toFixed(4)}`)
  return {
    chosen,
    because: `cross-validated log loss: ${listed.join(', ')}; one that is harder to read is taken only when it is better by more than one standard error`,
  }
}

export const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
