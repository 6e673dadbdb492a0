import { normalQuantile, RapportError } from '@rapport/numerics'
import { type ArmOutcomes, type CheckedArms, checkedArms } from '../arm-outcomes.ts'
import { rankRows } from './ranked-rows.ts'
import type { TopStrategy } from './uplift-at-top.ts'

export interface SliceOptions {
  /** Slices, 1 … customers. Default 10: deciles. */
  readonly slices?: number
  /** `overall`: slices of all customers. `by-arm`: each arm is cut by itself. Default `overall`. */
  readonly strategy?: TopStrategy
  /** Of the intervals, in (0, 1). Default 0.95. */
  readonly level?: number
}

/** What treating did to the customers of one slice of the ranking. */
export interface UpliftSlice {
  readonly treated: number
  readonly control: number
  /** Mean outcomes; NaN in an arm without customers. */
  readonly treatedMean: number
  readonly controlMean: number
  /** Their difference, and the ends of its interval; NaN where an arm has no customers. */
  readonly uplift: number
  readonly standardError: number
  readonly low: number
  readonly high: number
}

/**
 * Uplift by decile: the ranking cut into slices of as many customers, the highest scores first, each with the difference
 * of mean outcomes and its interval by the normal curve. A good ranking falls from slice to slice.
 *
 * As scikit-uplift's `uplift_by_percentile` with `std=True`: the first slices are the larger by one where the customers do
 * not divide, and of equal scores those later in the data come first.
 *
 * @param scores `[n]`
 * @param arms outcomes of 0 and 1, or amounts; weights weigh means, slices count customers
 * @throws RapportError `uplift.slices`, `uplift.level`, and as `qini`
 *
 * @example
 * upliftBySlice(scores, { treated, outcomes })[0]!.uplift // of the best tenth
 */
export function upliftBySlice(
  scores: ArrayLike<number>,
  arms: ArmOutcomes,
  { slices = 10, strategy = 'overall', level = 0.95 }: SliceOptions = {},
): readonly UpliftSlice[] {
  const checked = checkedArms('uplift', scores.length, arms)
  if (!Number.isInteger(slices) || slices < 1 || slices > checked.rows) {
    throw new RapportError(
      'uplift.slices',
      `slices must be a whole number from 1 to ${checked.rows} (customers), got ${slices}`,
    )
  }
  checkLevel(level)
  const order = Array.from(rankRows(scores).order)
  const isTreated = (row: number): boolean => checked.treated[row] === 1
  const ofArm = (arm: boolean): number[] => order.filter((row) => isTreated(row) === arm)
  const cut =
    strategy === 'overall'
      ? cutEvenly(order, slices)
      : pairUp(cutEvenly(ofArm(true), slices), cutEvenly(ofArm(false), slices))
  const z = normalQuantile((1 + level) / 2)
  return cut.map((rows) => sliceOf(rows, checked, z))
}

/**
 * The uplift of slices, weighted by their treated customers: scikit-uplift's `weighted_average_uplift`.
 *
 * @param slices from `upliftBySlice`
 * @returns NaN where a slice has customers of one arm only
 */
export function weightedAverageUplift(slices: readonly UpliftSlice[]): number {
  let sum = 0
  let treated = 0
  for (const slice of slices) {
    sum += slice.treated * slice.uplift
    treated += slice.treated
  }
  return sum / treated
}

/** @throws RapportError `uplift.level` unless between 0 and 1 */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new RapportError('uplift.level', `level must be between 0 and 1, got ${level}`)
}

function cutEvenly(rows: readonly number[], slices: number): number[][] {
  const size = Math.floor(rows.length / slices)
  const larger = rows.length % slices
  const startOf = (slice: number): number => slice * size + Math.min(slice, larger)
  return Array.from({ length: slices }, (_, slice) => rows.slice(startOf(slice), startOf(slice + 1)))
}

const pairUp = (left: readonly number[][], right: readonly number[][]): number[][] =>
  left.map((rows, at) => [...rows, ...right[at]!])

function sliceOf(rows: readonly number[], arms: CheckedArms, z: number): UpliftSlice {
  const treated = meanOf(
    rows.filter((row) => arms.treated[row] === 1),
    arms,
  )
  const control = meanOf(
    rows.filter((row) => arms.treated[row] === 0),
    arms,
  )
  const uplift = treated.mean - control.mean
  const standardError = Math.sqrt(treated.variance + control.variance)
  return {
    treated: treated.rows,
    control: control.rows,
    treatedMean: treated.mean,
    controlMean: control.mean,
    uplift,
    standardError,
    low: uplift - z * standardError,
    high: uplift + z * standardError,
  }
}

/** A weighted mean and the variance of that mean. */
function meanOf(
  rows: readonly number[],
  { outcomes, weights }: CheckedArms,
): { rows: number; mean: number; variance: number } {
  let total = 0
  let sum = 0
  for (const row of rows) {
    total += weights[row]!
    sum += weights[row]! * outcomes[row]!
  }
  const mean = sum / total
  let squares = 0
  for (const row of rows) squares += (weights[row]! * (outcomes[row]! - mean)) ** 2
  return { rows: rows.length, mean, variance: squares / total ** 2 }
}
