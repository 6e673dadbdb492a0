import { type Matrix, nextTurn, RapportError, type SparseMatrix, transposeSparse, type Work } from '@rapport/numerics'
import { checkInteractions, withoutZeros } from '../recommenders/interactions.ts'
import { factorsFrom, randomFactors, type SideFactors, unpadFactors, zeroFactors } from './als-factors.ts'
import { runAlsRounds } from './als-rounds.ts'

export interface AlsOptions {
  /** Length of the vector that describes a user or an item, 1 … 1024. Default 64. */
  readonly factors?: number
  /** Weight of the penalty on long vectors, > 0. Default 0.0175; see `penalty` for its scale. */
  readonly regularization?: number
  /**
   * What `regularization` is multiplied by for a user or item: `mass`, its total confidence over the other side, which
   * keeps one default good from ten interactions to millions; or `constant`, by 1, as Hu, Koren & Volinsky and `implicit`
   * do. Default `mass`.
   */
  readonly penalty?: 'mass' | 'constant'
  /** Confidence is 1 + confidence × strength of the interaction (α of the paper), > 0. Default 6. */
  readonly confidence?: number
  /** Rounds of users and items at most, ≥ 1. Default 15. */
  readonly rounds?: number
  /**
   * Rounds end once one lowers the loss by less than this share of what it would be without a model, ≥ 0. Default 0: all
   * rounds are gone through.
   */
  readonly tolerance?: number
  /**
   * A model of the same users, items and number of factors to go on from, as one fitted to an earlier part of the history:
   * with a `tolerance` far fewer rounds are needed. Default: small random factors by the seed.
   */
  readonly start?: AlsModel
  /** Conjugate gradient steps for a row in a round, ≥ 1. Default 3. */
  readonly steps?: number
  /** Whether the loss is computed after every round, which takes about a tenth longer. Default false. */
  readonly traceLoss?: boolean
  /** The same seed, data and options give the same factors, bit for bit. */
  readonly seed: number
  /** Threads, 0 … 64; never changes the result. Default one per core. */
  readonly workers?: number
}

/** Users and items as vectors whose product is the preference. Plain data: it goes through `postMessage` as it is. */
export interface AlsModel {
  readonly kind: 'als'
  /** `[users × factors]`, single precision; zeros for a user without interactions. */
  readonly userFactors: Matrix
  /** `[items × factors]`, single precision; zeros for an item without interactions. */
  readonly itemFactors: Matrix
  readonly regularization: number
  readonly penalty: 'mass' | 'constant'
  readonly confidence: number
  /** Rounds gone through. */
  readonly rounds: number
  /** The loss after the last round, or after every round with `traceLoss`. */
  readonly losses: readonly number[]
}

/** Between the best values inside the training parts of MovieLens 100K and of a year of a gift shop; neither is tuned to. */
export const alsDefaults = {
  factors: 64,
  regularization: 0.0175,
  penalty: 'mass',
  confidence: 6,
  rounds: 15,
  tolerance: 0,
  steps: 3,
} as const

/**
 * Factors of users and items from implicit feedback: what people took, without ratings.
 *
 * Every pair counts, those without interaction as "not taken" with confidence 1, and an interaction of strength r as
 * "taken" with confidence 1 + α r. Alternates least squares over users and items; each row's system is solved by a few
 * steps of conjugate gradient from its last value.
 *
 * @param interactions `[users × items]`, strengths, finite and ≥ 0; 0 counts as none
 * @throws RapportError `als.options`, `als.start` or `als.interactions` for what cannot be used; `als.empty` when there is no interaction
 *
 * Cost: a round is O(interactions × factors × steps + (users + items) × factors² × steps), memory
 * O((users + items) × factors + interactions).
 * Source: Hu, Koren & Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008, eq. 3–5; Takács,
 * Pilászy & Tikk, RecSys 2011 (conjugate gradient); Rendle et al., "Revisiting the performance of iALS on item
 * recommendation benchmarks", RecSys 2022, eq. 7 (penalty by mass). The Python package `implicit` agrees under
 * `penalty: 'constant'`.
 *
 * @example
 * const model = await fitAls(sparseFromTriplets(2, 2, [0, 1], [0, 1]), { factors: 2, seed: 1 })
 * model.userFactors.columns // 2
 */
export async function fitAls(interactions: SparseMatrix, options: AlsOptions, work?: Work): Promise<AlsModel> {
  const { factors, regularization, penalty, confidence, rounds, tolerance, steps, start } = {
    ...alsDefaults,
    ...options,
  }
  checkAls(options)
  checkInteractions('als', interactions)
  const taken = withoutZeros(interactions)
  if (taken.values.length === 0) throw new RapportError('als.empty', 'there must be at least one interaction, got none')
  const byUser: SparseMatrix = { ...taken, values: scaled(taken.values, confidence) }
  await nextTurn(work)
  const byItem = transposeSparse(byUser)
  await nextTurn(work)
  if (start) checkStart(start, byUser, factors)
  const outcome = await runAlsRounds(
    {
      confidence: byUser,
      // Users start at zero: their first sweep then depends on the items alone, whatever their order.
      users: start ? factorsFrom(byUser, start.userFactors) : zeroFactors(byUser.rows, factors),
      items: start ? factorsFrom(byItem, start.itemFactors) : randomFactors(byItem, factors, options.seed),
      userPenalties: rowPenalties(byUser, regularization, penalty),
      itemPenalties: rowPenalties(byItem, regularization, penalty),
      rounds,
      steps,
      tolerance,
      isLossTraced: options.traceLoss ?? false,
      kernels: options.workers === undefined ? {} : { workers: options.workers },
    },
    work,
  )
  return {
    kind: 'als',
    userFactors: factorMatrix(outcome.users, factors),
    itemFactors: factorMatrix(outcome.items, factors),
    regularization,
    penalty,
    confidence,
    rounds: outcome.rounds,
    losses: outcome.losses,
  }
}

const factorMatrix = (side: SideFactors, factors: number): Matrix => ({
  rows: side.rows,
  columns: factors,
  values: unpadFactors(side, factors),
})

/** In single precision. A plain loop, as `Float32Array.from` calls for every value. */
function scaled(values: SparseMatrix['values'], by: number): Float32Array {
  const products = new Float32Array(values.length)
  for (let at = 0; at < values.length; at += 1) products[at] = by * values[at]!
  return products
}

/**
 * `[rows]`, what a row's squared length is penalised by.
 *
 * @param weights `[rows × columns]`, what an interaction adds to the confidence 1
 */
export function rowPenalties(
  weights: SparseMatrix,
  regularization: number,
  penalty: 'mass' | 'constant',
): Float32Array {
  const penalties = new Float32Array(weights.rows).fill(regularization)
  if (penalty === 'constant') return penalties
  for (let row = 0; row < weights.rows; row += 1) {
    let mass = weights.columns
    for (let at = weights.rowStarts[row]!; at < weights.rowStarts[row + 1]!; at += 1) mass += weights.values[at]!
    penalties[row] = regularization * mass
  }
  return penalties
}

function checkStart({ userFactors, itemFactors }: AlsModel, { rows, columns }: SparseMatrix, factors: number): void {
  const [users, items] = [userFactors.rows, itemFactors.rows]
  if (users === rows && items === columns && itemFactors.columns === factors) return
  throw new RapportError(
    'als.start',
    `the model to start from must have ${rows} users, ${columns} items and ${factors} factors, got ${users}, ${items} and ${itemFactors.columns}`,
  )
}

function checkAls(options: AlsOptions): void {
  const { factors, regularization, confidence, rounds, tolerance, steps } = { ...alsDefaults, ...options }
  const refuse = (what: string, got: number): never => {
    throw new RapportError('als.options', `${what}, got ${got}`)
  }
  if (!(Number.isInteger(factors) && factors >= 1 && factors <= 1024)) refuse('factors must be 1 … 1024', factors)
  if (!(regularization > 0 && regularization < Infinity)) {
    refuse('regularization must be finite and above 0', regularization)
  }
  if (!(confidence > 0 && confidence < Infinity)) refuse('confidence must be finite and above 0', confidence)
  if (!(Number.isInteger(rounds) && rounds >= 1)) refuse('rounds must be a whole number of at least 1', rounds)
  if (!(tolerance >= 0 && tolerance < Infinity)) refuse('tolerance must be finite and at least 0', tolerance)
  if (!(Number.isInteger(steps) && steps >= 1)) refuse('steps must be a whole number of at least 1', steps)
}
