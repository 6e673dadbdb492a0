import { RapportError, stopIfAborted, type Work } from '@rapport/numerics'
import type { Fold } from '../folds.ts'

/**
 * The error of some options on one fold: fits on its training rows and judges on its test rows. Lower is better; NaN where there
 * is no fit. Seeds come from the options, so that the same options give the same error.
 */
export type Evaluate<Options> = (options: Options, fold: Fold, at: number) => number | Promise<number>

/** How long a search may go on. The library reads no clock of its own. */
export interface TimeBudget {
  /** No further trial begins once these have passed. */
  readonly milliseconds: number
  /** Now, in milliseconds from any start: `() => performance.now()`. */
  readonly clock: () => number
}

/** Some options and how they fared. */
export interface Trial<Options> {
  readonly options: Options
  /** `[folds]` */
  readonly errors: Float64Array
  /** Their mean; NaN where a fold had no fit. */
  readonly error: number
  /** Standard error of that mean over the folds, as if they were independent; NaN for one fold. */
  readonly standardError: number
  /** Mean number of training rows. */
  readonly rows: number
}

/** What a search found. Plain data, as far as the options are. */
export interface Search<Options> {
  /** The trial with the lowest error: the earliest of equally good ones, of those with the most training rows. */
  readonly best: Trial<Options>
  /** In the order in which they were tried. */
  readonly trials: readonly Trial<Options>[]
  /** What ended it. `time`: there was more to try. Then the result depends on the machine, else on the seed alone. */
  readonly endedBy: 'all-tried' | 'time'
}

/** @throws RapportError `search.folds`, `search.budget` */
export function checkSearch(folds: readonly Fold[], budget: TimeBudget | undefined): void {
  if (folds.length === 0) throw new RapportError('search.folds', 'there must be at least one fold, got none')
  if (budget !== undefined && !(budget.milliseconds > 0)) {
    throw new RapportError('search.budget', `milliseconds must be above 0, got ${budget.milliseconds}`)
  }
}

/** Says whether the time is up; the time runs from the call. */
export function startTimer(budget: TimeBudget | undefined): () => boolean {
  if (budget === undefined) return () => false
  const started = budget.clock()
  return () => budget.clock() - started >= budget.milliseconds
}

/**
 * Tries one combination on every fold.
 *
 * @returns undefined when the time ran out between folds
 */
export async function runTrial<Options>(
  options: Options,
  folds: readonly Fold[],
  evaluate: Evaluate<Options>,
  isLate: () => boolean,
  work: Work | undefined,
): Promise<Trial<Options> | undefined> {
  const errors = new Float64Array(folds.length)
  for (const [at, fold] of folds.entries()) {
    stopIfAborted(work)
    if (at > 0 && isLate()) return undefined
    errors[at] = await evaluate(options, fold, at)
  }
  const n = folds.length
  let [error, rows, squares] = [0, 0, 0]
  folds.forEach(({ train }, at) => {
    error += errors[at]! / n
    rows += train.length / n
  })
  for (const value of errors) squares += (value - error) ** 2
  return { options, errors, error, standardError: n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.NaN, rows }
}

/** The trial with the lowest error, the earliest of equals; those without one come last. @param trials at least one */
export const bestOf = <Options>(trials: readonly Trial<Options>[]): Trial<Options> => rankedBy(trials)[0]!

/** From the lowest error up, equals in their order, those without one last. */
export const rankedBy = <Options>(trials: readonly Trial<Options>[]): Trial<Options>[] => {
  const key = ({ error }: Trial<Options>): number => (Number.isNaN(error) ? Infinity : error)
  return [...trials].sort((one, other) => {
    if (key(one) === key(other)) return Number(Number.isNaN(one.error)) - Number(Number.isNaN(other.error))
    return key(one) - key(other)
  })
}

/** @throws RapportError `search.no-fit` when no options had a fit on every fold */
export function finished<Options>(
  trials: readonly Trial<Options>[],
  among: readonly Trial<Options>[],
  endedBy: Search<Options>['endedBy'],
): Search<Options> {
  const best = bestOf(among)
  if (Number.isNaN(best.error)) {
    throw new RapportError(
      'search.no-fit',
      `some options must have a fit on every fold, got none in ${trials.length} trials`,
    )
  }
  return { best, trials, endedBy }
}
