import { type BoostingObjective, type TargetRows, weightOf } from './objective.ts'

/** Rows with the query that each belongs to. */
export interface QueryRows extends TargetRows {
  /** `[queries]` rows of each query, rising. */
  readonly queries: readonly Int32Array[]
}

export interface LambdaSettings {
  /** Positions that count: of a pair at least one lies above this one in the order of scores. */
  readonly positions: number
  /** What a document of each relevance is worth. */
  readonly gainOf: (relevance: number) => number
}

/** A query as it is for all rounds. */
interface Query {
  readonly rows: Int32Array
  readonly gains: Float64Array
  /** 1 by the gain of the best order, down to `positions`; 0 where every order is as good. */
  readonly scale: number
  /** Mean weight of its rows. */
  readonly weight: number
}

/**
 * LambdaMART: pairs of documents of one query pull each other apart, by as much as swapping them in the order of now
 * would change nDCG. There is no loss that these are the slopes of; `loss` is what they lower in practice, 1 − nDCG.
 *
 * As LightGBM's `lambdarank` with its normalisation: a pair's change is divided by 0.01 + the difference of scores, and a
 * query's slopes by their sum over its logarithm, so that long queries do not rule.
 *
 * Source: Burges, "From RankNet to LambdaRank to LambdaMART: an overview", Microsoft Research MSR-TR-2010-82, 2010.
 */
export function lambdaLoss(rows: QueryRows, { positions, gainOf }: LambdaSettings): BoostingObjective {
  const queries = rows.queries.map((own): Query => {
    const gains = Float64Array.from(own, (row) => gainOf(rows.targets[row]!))
    const best = discountedSum(gains.slice().sort().reverse(), positions)
    const weight = own.reduce((sum, row) => sum + weightOf(rows, row), 0) / own.length
    return { rows: own, gains, scale: best > 0 ? 1 / best : 0, weight }
  })
  return {
    outputs: 1,
    baselines: () => Float64Array.of(0),
    async updatePairs({ memory }) {
      const pairs = memory.pairs.view
      pairs.fill(0)
      for (const query of queries) addPairs(query, memory.margins.view, positions, pairs)
      if (!rows.weights) return
      for (let row = 0; row < rows.targets.length; row += 1) {
        pairs[2 * row]! *= weightOf(rows, row)
        pairs[2 * row + 1]! *= weightOf(rows, row)
      }
    },
    loss(margins) {
      let loss = 0
      for (const { rows: own, gains, scale, weight } of queries) {
        if (scale === 0) continue
        const ranked = orderByMargin(own, margins).map((place) => gains[place]!)
        loss += weight * (1 - scale * discountedSum(ranked, positions))
      }
      return loss
    },
  }
}

/** Writes gradients and hessians of one query's rows, side by side at `2 · row`. */
function addPairs({ rows, gains, scale }: Query, margins: Float64Array, positions: number, pairs: Float32Array): void {
  const n = rows.length
  if (n < 2 || scale === 0) return
  const order = orderByMargin(rows, margins)
  const marginAt = (rank: number): number => margins[rows[order[rank]!]!]!
  const isSpread = marginAt(0) !== marginAt(n - 1)
  const slopes = new Float64Array(2 * n)
  let sum = 0
  for (let above = 0; above < Math.min(n - 1, positions); above += 1) {
    for (let below = above + 1; below < n; below += 1) {
      const [one, other] = [order[above]!, order[below]!]
      const gap = gains[one]! - gains[other]!
      if (gap === 0) continue
      const [high, low] = gap > 0 ? [one, other] : [other, one]
      const difference = margins[rows[high]!]! - margins[rows[low]!]!
      let change = Math.abs(gap) * (discountAt(above) - discountAt(below)) * scale
      if (isSpread) change /= 0.01 + Math.abs(difference)
      const wrong = 1 / (1 + Math.exp(difference))
      const pull = wrong * change
      const bend = wrong * (1 - wrong) * change
      slopes[2 * high]! -= pull
      slopes[2 * low]! += pull
      slopes[2 * high + 1]! += bend
      slopes[2 * low + 1]! += bend
      sum += 2 * pull
    }
  }
  const factor = sum > 0 ? Math.log2(1 + sum) / sum : 1
  rows.forEach((row, place) => {
    pairs[2 * row] = factor * slopes[2 * place]!
    pairs[2 * row + 1] = factor * slopes[2 * place + 1]!
  })
}

/** Places of a query's rows from the highest margin down; of equal ones the earlier row first. */
const orderByMargin = (rows: Int32Array, margins: Float64Array): number[] =>
  Array.from(rows, (_, place) => place).sort(
    (one, other) => margins[rows[other]!]! - margins[rows[one]!]! || one - other,
  )

const discountAt = (rank: number): number => 1 / Math.log2(2 + rank)

function discountedSum(gains: ArrayLike<number>, positions: number): number {
  let sum = 0
  for (let rank = 0; rank < Math.min(gains.length, positions); rank += 1) sum += gains[rank]! * discountAt(rank)
  return sum
}
