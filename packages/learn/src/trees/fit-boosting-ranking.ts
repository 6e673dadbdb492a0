import { type Matrix, RapportError, seededRandom, type Work } from '@rapport/numerics'
import { boost } from './boost.ts'
import type { BoostingRankingModel } from './boosting-model.ts'
import { type BoostingOptions, checkBoosting } from './boosting-options.ts'
import { holdGroupsBack } from './early-stopping.ts'
import { lambdaLoss } from './objectives/lambda-loss.ts'
import { startOf } from './start.ts'
import { checkNumbers } from './target-checks.ts'

export interface BoostingRankingOptions extends BoostingOptions {
  /** Places of a list that count, 1 or more. Default 30. */
  readonly positions?: number
  /**
   * What a document of relevance r is worth: 2^r − 1, so that one of 3 outweighs two of 2, or r itself. Default
   * `exponential`.
   */
  readonly gains?: 'exponential' | 'linear'
  /** Goes on from this model, as one longer run would: `rounds` more trees, with its bins. Default: from nothing. */
  readonly start?: BoostingRankingModel
}

const relevanceMax = 31

/**
 * Gradient boosted trees that order the documents of a query, the products of a page, the offers to a customer: LambdaMART.
 *
 * Slopes are those of LightGBM's `lambdarank`; trees are grown as in `fitBoosting`. Early stopping holds whole queries
 * back and watches their nDCG.
 *
 * @param data `[n × d]` a row a document and query; NaN is missing
 * @param relevance `[n]` whole numbers, 0 (not wanted) … 31; with linear gains any finite number ≥ 0
 * @param queries `[n]` which query a row belongs to; rows of one need not stand together
 * @returns a model whose margins order; their differences within a query mean something, their height does not
 * @throws RapportError as `fitBoosting`, `boosting.targets` for relevance, `boosting.queries` for lengths and when every
 *   query's documents are equally relevant, `boosting.start` for a model that cannot be gone on from
 *
 * Cost: as `fitBoosting`, and for each query of m documents `min(m, positions)` · m pairs a round.
 * Source: Burges, "From RankNet to LambdaRank to LambdaMART: an overview", MSR-TR-2010-82, 2010; Ke et al., "LightGBM",
 * NIPS 2017.
 *
 * @example
 * const model = await fitBoostingRanking(features, clicks, sessions, { seed: 1 })
 * predictBoostingMargin(model, candidates) // sort by it, highest first
 */
export async function fitBoostingRanking(
  data: Matrix,
  relevance: ArrayLike<number>,
  queries: ArrayLike<number | string>,
  options: BoostingRankingOptions,
  work?: Work,
): Promise<BoostingRankingModel> {
  const { positions = 30, gains = 'exponential', weights, start } = options
  const settings = checkBoosting(data, options)
  if (!Number.isInteger(positions) || positions < 1) {
    throw new RapportError('boosting.options', `positions must be a whole number ≥ 1, got ${positions}`)
  }
  if (settings.earlyStopping?.groups) {
    throw new RapportError('boosting.options', 'earlyStopping.groups must be left out for a ranking, got groups')
  }
  checkNumbers(relevance, weights, data.rows)
  checkRelevance(relevance, gains)
  const numbers = numberQueries(queries, data.rows)
  checkOrder(relevance, numbers)
  const gainOf = (grade: number): number => (gains === 'linear' ? grade : 2 ** grade - 1)
  const { bins, rounds, trees } = await boost(
    {
      data,
      targets: relevance,
      weights,
      objectiveOf: (rows, indices) => {
        const own = indices ? Int32Array.from(indices, (row) => numbers[row]!) : numbers
        return lambdaLoss({ ...rows, queries: rowsByQuery(own) }, { positions, gainOf })
      },
      // Whole queries: an order is learned and judged within them.
      holdBack: (share) => holdGroupsBack(numbers, share, seededRandom(settings.seed).fork(1)),
      start: start && startOf(start, [0], settings, data),
    },
    settings,
    work,
  )
  return { kind: 'boosting-ranking', columns: data.columns, baseline: 0, bins, rounds, trees }
}

function checkRelevance(relevance: ArrayLike<number>, gains: 'exponential' | 'linear'): void {
  for (let row = 0; row < relevance.length; row += 1) {
    const grade = relevance[row]!
    const isGrade = gains === 'linear' || (Number.isInteger(grade) && grade <= relevanceMax)
    if (grade >= 0 && isGrade) continue
    const range = gains === 'linear' ? 'at least 0' : `a whole number from 0 to ${relevanceMax}`
    throw new RapportError('boosting.targets', `relevance must be ${range}, got ${grade} at row ${row}`)
  }
}

/** `[n]` numbers of queries, 0 … queries − 1, in the order in which they first come. */
function numberQueries(queries: ArrayLike<number | string>, rows: number): Int32Array {
  if (queries.length !== rows) {
    throw new RapportError('boosting.queries', `queries must hold one a row, ${rows}, got ${queries.length}`)
  }
  const numbers = new Map<number | string, number>()
  return Int32Array.from({ length: rows }, (_, row) => {
    const query = queries[row]!
    const number = numbers.get(query) ?? numbers.size
    numbers.set(query, number)
    return number
  })
}

function rowsByQuery(numbers: Int32Array): Int32Array[] {
  const rows = new Map<number, number[]>()
  numbers.forEach((query, row) => {
    const own = rows.get(query) ?? []
    own.push(row)
    rows.set(query, own)
  })
  return Array.from(rows.values(), (own) => Int32Array.from(own))
}

function checkOrder(relevance: ArrayLike<number>, numbers: Int32Array): void {
  const isMixed = rowsByQuery(numbers).some((rows) => rows.some((row) => relevance[row] !== relevance[rows[0]!]))
  if (isMixed) return
  throw new RapportError(
    'boosting.queries',
    'some query must have documents of different relevance to learn an order from, got none',
  )
}
