import { RapportError, seededRandom, type Work } from '@rapport/numerics'
import type { Fold } from '../folds.ts'
import { checkStrata, nestedOrder, withFirstRows } from './nested-rows.ts'
import { drawMany } from './search-candidates.ts'
import type { SearchSpace } from './search-space.ts'
import {
  checkSearch,
  type Evaluate,
  finished,
  rankedBy,
  runTrial,
  type Search,
  startTimer,
  type TimeBudget,
  type Trial,
} from './trials.ts'

export interface HalvingSearchOptions {
  /** Combinations that begin, ≥ 2. Default 27. */
  readonly draws?: number
  /** One in this many goes on to the next round, which trains on this many times the rows; ≥ 2. Default 3. */
  readonly factor?: number
  /** Fewest training rows of a fold in the first round: with too few the ranking is noise. Default 200, or all where there are fewer. */
  readonly rowsMin?: number
  /** Class of each row of the data: smaller samples then have the same mix. Default: none. */
  readonly strata?: ArrayLike<number>
  /** Default: as long as it takes. The first combination is always tried to the end. */
  readonly budget?: TimeBudget
  /** The same seed, space and folds give the same trials. */
  readonly seed: number
}

/** One round: how many trials, on how large a share of the training rows. */
interface Round {
  readonly share: number
  readonly keep: number
}

/**
 * Successive halving: many drawn combinations on few training rows, the better ones on more, the best on all. For about the cost of
 * a few full trials it looks at dozens.
 *
 * Trusts that what is bad on few rows is bad on many; options whose worth shows only on many (deep trees, small penalties) can
 * drop out early. Raise `rowsMin` where that matters.
 *
 * @returns `best` is of the last round that had a trial; `trials` has those of all rounds, told apart by `rows`
 * @throws RapportError `halving.factor`, `.rows`, `.draws`, `.strata`, and as `searchRandom`
 *
 * Source: Jamieson & Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016.
 *
 * @example
 * await searchHalving({ leaves: { from: 4, to: 63, scale: 'whole' } }, folds, evaluate, { seed: 1 })
 */
export async function searchHalving<Options extends object>(
  space: SearchSpace<Options>,
  folds: readonly Fold[],
  evaluate: Evaluate<Options>,
  { draws = 27, factor = 3, rowsMin = 200, strata, budget, seed }: HalvingSearchOptions,
  work?: Work,
): Promise<Search<Options>> {
  checkSearch(folds, budget)
  checkHalving(draws, factor, rowsMin)
  checkStrata('halving', folds, strata)
  let candidates = drawMany(space, draws, seed)
  const random = seededRandom(seed)
  const orders = folds.map(({ train }, at) => nestedOrder(train, strata, random.fork(at)))
  const fewest = Math.min(...folds.map(({ train }) => train.length))
  const rounds = roundsOf(draws, factor, fewest, rowsMin)
  const total = rounds.reduce((sum, { keep }) => sum + keep, 0)
  const isLate = startTimer(budget)
  const trials: Trial<Options>[] = []
  let before: Trial<Options>[] = []
  for (const { share, keep } of rounds) {
    const some = folds.map((fold, at) => withFirstRows(fold, orders[at]!, Math.ceil(share * orders[at]!.length)))
    const own: Trial<Options>[] = []
    for (const options of candidates.slice(0, keep)) {
      const isFirst = trials.length === 0
      const isOver = !isFirst && isLate()
      const trial = isOver ? undefined : await runTrial(options, some, evaluate, isFirst ? () => false : isLate, work)
      if (trial === undefined) return finished(trials, withFits(own) ? own : before, 'time')
      own.push(trial)
      trials.push(trial)
      work?.onProgress?.({ stage: 'search trial', done: trials.length, total })
    }
    before = rankedBy(own)
    candidates = before.map(({ options }) => options)
  }
  return finished(trials, before, 'all-tried')
}

/** Whether some trial of a round that time cut short can speak for it. */
const withFits = <Options>(trials: readonly Trial<Options>[]): boolean =>
  trials.some(({ error }) => !Number.isNaN(error))

/** As many rounds as leave one candidate, or as the rows allow; the last is on all rows. */
function roundsOf(draws: number, factor: number, rows: number, rowsMin: number): Round[] {
  const byDraws = Math.floor(Math.log(draws) / Math.log(factor) + 1e-9)
  const byRows = Math.max(0, Math.floor(Math.log(rows / rowsMin) / Math.log(factor) + 1e-9))
  const count = 1 + Math.min(byDraws, byRows)
  let keep = draws
  return Array.from({ length: count }, (_, round) => {
    const share = factor ** (round + 1 - count)
    const own = keep
    keep = Math.ceil(keep / factor)
    return { share, keep: own }
  })
}

function checkHalving(draws: number, factor: number, rowsMin: number): void {
  if (!(factor >= 2 && factor < Infinity)) {
    throw new RapportError('halving.factor', `factor must be at least 2, got ${factor}`)
  }
  if (!(Number.isInteger(rowsMin) && rowsMin >= 1)) {
    throw new RapportError('halving.rows', `rowsMin must be a whole number ≥ 1, got ${rowsMin}`)
  }
  if (!(Number.isInteger(draws) && draws >= 2)) {
    throw new RapportError('halving.draws', `draws must be a whole number ≥ 2, got ${draws}`)
  }
}
