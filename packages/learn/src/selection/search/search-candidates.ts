import { RapportError, seededRandom, type Work } from '@rapport/numerics'
import type { Fold } from '../folds.ts'
import { drawFrom, gridOf, type SearchSpace } from './search-space.ts'
import {
  checkSearch,
  type Evaluate,
  finished,
  runTrial,
  type Search,
  startTimer,
  type TimeBudget,
  type Trial,
} from './trials.ts'

export interface GridSearchOptions {
  /** Default: as long as it takes. The first combination is always tried to the end. */
  readonly budget?: TimeBudget
}

/**
 * Tries every combination of listed options by cross-validation.
 *
 * The best error of many flatters: for what to expect, cross-validate the search itself, or judge on rows that it did not see.
 *
 * @param space a list of values for each option
 * @param folds from `kFold`, `timeSplit`, …
 * @param evaluate the error on a fold, lower is better
 * @throws RapportError `search.space`, `.folds`, `.budget`, `.no-fit`, and what `evaluate` throws
 *
 * @example
 * await searchGrid({ penalty: [0.1, 1, 10] }, kFold(200, { seed: 1 }), ({ penalty }, { train, test }) => errorOf(penalty, train, test))
 */
export function searchGrid<Options extends object>(
  space: SearchSpace<Options>,
  folds: readonly Fold[],
  evaluate: Evaluate<Options>,
  { budget }: GridSearchOptions = {},
  work?: Work,
): Promise<Search<Options>> {
  return tryAll(gridOf<Options>(space), folds, evaluate, budget, work)
}

export interface RandomSearchOptions {
  /** Combinations that are drawn, ≥ 1. Default 30. */
  readonly draws?: number
  /** Default: as long as it takes. The first combination is always tried to the end. */
  readonly budget?: TimeBudget
  /** The same seed and space give the same combinations in the same order; more draws only add to them. */
  readonly seed: number
}

/**
 * Tries combinations that are drawn at random, by cross-validation. Where a few of many options matter, it finds better ones than
 * a grid of as many trials, since no two trials share a value.
 *
 * @param space a list of values or a range for each option
 * @throws RapportError `search.draws`, and as `searchGrid`
 *
 * Source: Bergstra & Bengio, "Random search for hyper-parameter optimization", JMLR 13, 2012.
 *
 * @example
 * await searchRandom({ penalty: { from: 0.01, to: 100, scale: 'log' } }, folds, evaluate, { draws: 20, seed: 1 })
 */
export async function searchRandom<Options extends object>(
  space: SearchSpace<Options>,
  folds: readonly Fold[],
  evaluate: Evaluate<Options>,
  { draws = 30, budget, seed }: RandomSearchOptions,
  work?: Work,
): Promise<Search<Options>> {
  return tryAll(drawMany(space, draws, seed), folds, evaluate, budget, work)
}

/** @throws RapportError `search.draws` */
export function drawMany<Options extends object>(space: SearchSpace<Options>, draws: number, seed: number): Options[] {
  if (!Number.isInteger(draws) || draws < 1) {
    throw new RapportError('search.draws', `draws must be a whole number ≥ 1, got ${draws}`)
  }
  const random = seededRandom(seed)
  return Array.from({ length: draws }, () => drawFrom(space, random))
}

async function tryAll<Options>(
  candidates: readonly Options[],
  folds: readonly Fold[],
  evaluate: Evaluate<Options>,
  budget: TimeBudget | undefined,
  work: Work | undefined,
): Promise<Search<Options>> {
  checkSearch(folds, budget)
  const isLate = startTimer(budget)
  const trials: Trial<Options>[] = []
  for (const options of candidates) {
    const isFirst = trials.length === 0
    const trial =
      !isFirst && isLate() ? undefined : await runTrial(options, folds, evaluate, isFirst ? never : isLate, work)
    if (trial === undefined) return finished(trials, trials, 'time')
    trials.push(trial)
    work?.onProgress?.({ stage: 'search trial', done: trials.length, total: candidates.length })
  }
  return finished(trials, trials, 'all-tried')
}

const never = (): boolean => false
