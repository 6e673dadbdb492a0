import { ArmCounts, type ArmTally } from './arm-tally.ts'
import { divergenceOf } from './divergence.ts'
import type { BestSplit } from './node-list.ts'
import { splitPenalty } from './split-penalty.ts'
import type { UpliftTreeSettings } from './uplift-tree-options.ts'

/** A node whose split is sought. */
export interface UpliftNode {
  readonly counts: ArmCounts
  /** `[arms]` shares of responders, drawn towards those of the node above. */
  readonly rates: Float64Array
}

/** What a column of a node is searched with. */
export interface UpliftSearch {
  readonly column: number
  readonly tally: ArmTally
  readonly node: UpliftNode
  /** Upper ends of the column's bins. */
  readonly edges: Float64Array
  readonly missingBin: number
  readonly isCategorical: boolean
}

/**
 * Shares of responders by arm, each drawn towards `towards` as if that many more customers had responded so; arms with few
 * customers take it over.
 */
export function drawnRates(
  counts: ArmCounts,
  towards: Float64Array | undefined,
  { pull, rowsPerArmMin }: UpliftTreeSettings,
): Float64Array {
  return counts.responses.map((responses, arm) => {
    const weight = counts.weights[arm]!
    if (towards === undefined) return weight > 0 ? responses / weight : 0
    const own = towards[arm]!
    return counts.rows[arm]! > rowsPerArmMin ? (responses + own * pull) / (weight + pull) : own
  })
}

/** Seeks splits of the columns of one tree. */
export class UpliftSplitter {
  readonly #settings: UpliftTreeSettings
  readonly #left: ArmCounts
  readonly #right: ArmCounts

  constructor(arms: number, settings: UpliftTreeSettings) {
    this.#settings = settings
    this.#left = new ArmCounts(arms)
    this.#right = new ArmCounts(arms)
  }

  /**
   * Looks for a split of one column that gains more than `best` and notes it there.
   *
   * Missing values are tried on both sides of every cut. Categories, the missing one among them, are put in the order of
   * their uplift, and the best stretch from one end goes left: a heuristic.
   */
  search(search: UpliftSearch, best: BestSplit): void {
    const { tally, missingBin, isCategorical } = search
    const bins = Array.from(tally.bins.subarray(0, tally.length))
    if (isCategorical) {
      this.#walk(search, this.#byUplift(search, bins), 1, best)
      return
    }
    this.#walk(search, bins, 1, best)
    if (bins.at(-1) !== missingBin) return
    // Missing values alone on the left are the same two sides as alone on the right.
    this.#walk(search, [missingBin, ...bins.slice(0, -1)], 2, best)
  }

  /** Tries the first bins of `order` as the left side, from `first` of them on. */
  #walk(search: UpliftSearch, order: readonly number[], first: number, best: BestSplit): void {
    const { tally, node } = search
    this.#left.clear()
    for (let taken = 1; taken < order.length; taken += 1) {
      this.#left.add(tally, order[taken - 1]!)
      if (taken < first) continue
      this.#right.setRest(node.counts, this.#left)
      const gain = this.#gain(node)
      if (gain > best.score) note(search, order, taken, gain, this.#left, this.#right, best)
    }
  }

  /** −∞ where a side would be too small. */
  #gain({ counts, rates }: UpliftNode): number {
    const { divergence, normalise, rowsPerArmMin, rowsPerLeafMin } = this.#settings
    const [left, right] = [this.#left, this.#right]
    for (const side of [left, right]) {
      if (total(side.rows) < rowsPerLeafMin || side.rows.some((rows) => rows < rowsPerArmMin)) return -Infinity
    }
    const share = total(left.weights) / total(counts.weights)
    const gain =
      share * divergenceOf(divergence, drawnRates(left, rates, this.#settings)) +
      (1 - share) * divergenceOf(divergence, drawnRates(right, rates, this.#settings)) -
      divergenceOf(divergence, rates)
    return normalise ? gain / splitPenalty(counts.weights, right.weights) : gain
  }

  #byUplift({ tally, node }: UpliftSearch, bins: readonly number[]): number[] {
    const own = new ArmCounts(tally.arms)
    const keyed = bins.map((bin) => {
      own.clear()
      own.add(tally, bin)
      const rates = drawnRates(own, node.rates, { ...this.#settings, rowsPerArmMin: 0 })
      return { bin, uplift: total(rates) - rates.length * rates[0]! }
    })
    return keyed.sort((one, other) => one.uplift - other.uplift || one.bin - other.bin).map(({ bin }) => bin)
  }
}

function note(
  { column, edges, missingBin, isCategorical, tally }: UpliftSearch,
  order: readonly number[],
  taken: number,
  gain: number,
  left: ArmCounts,
  right: ArmCounts,
  best: BestSplit,
): void {
  const hasMissing = tally.bins[tally.length - 1] === missingBin
  best.score = gain
  best.column = column
  best.leftBins.fill(0)
  for (let at = 0; at < taken; at += 1) best.leftBins[order[at]!] = 1
  // Where the node had no missing value, new ones follow the larger child.
  best.missingLeft = hasMissing ? best.leftBins[missingBin] === 1 : total(left.rows) > total(right.rows)
  const next = order[taken]!
  best.threshold = isCategorical ? NaN : next === missingBin ? Infinity : middleOf(edges, order[taken - 1]!, next)
}

function total(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** Halfway between what two bins hold, as well as their ends tell. */
const middleOf = (edges: Float64Array, bin: number, next: number): number => (edges[bin]! + edges[next - 1]!) / 2
