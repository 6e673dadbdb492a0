import type { Random } from '../../random/random.ts'
import type { ColumnTally } from './column-tally.ts'

/** Sums over the rows of a node. */
export interface NodeTotals {
  readonly rows: number
  readonly weight: number
  /** `[outputs]` sums of weighted targets, or the weight of each class. */
  readonly sums: Float64Array
}

/** The best split of a node so far. */
export interface ForestSplit {
  /** Σ sums² / weight of both sides: the higher, the purer. −∞ before there is one. */
  score: number
  column: number
  /** Where the column is cut; NaN where categories are asked. */
  threshold: number
  /** `[256]` 1 for the bins that go left. */
  readonly leftBins: Uint8Array
  missingLeft: boolean
}

/** What a column of a node is searched with. */
export interface ColumnSearch {
  readonly column: number
  readonly tally: ColumnTally
  readonly node: NodeTotals
  readonly rowsPerLeafMin: number
  /** Upper ends of the column's bins. */
  readonly edges: Float64Array
  readonly missingBin: number
  readonly isCategorical: boolean
  /** Given where the cut is to be drawn, not sought. */
  readonly random: Random | undefined
}

/**
 * Looks for a split of one column that scores above `best` and notes it there.
 *
 * Missing values are tried on both sides of every cut. Categories, the missing one among them, are put in the order of
 * their mean (with several classes: of the share of the node's largest class), where the best set is a stretch from one
 * end (Fisher 1958; a heuristic with several classes). A cut that is drawn is uniform between the node's lowest and
 * highest value; categories are cut at a random place of a random order.
 */
export function searchColumn(search: ColumnSearch, best: ForestSplit): void {
  const { tally, missingBin, isCategorical, random } = search
  const { length } = tally
  if (isCategorical) {
    const places = Array.from({ length }, (_, place) => place)
    if (random) random.shuffle(places)
    else orderByMean(tally, search.node, places)
    walk(search, places, best, random?.integer(length - 1))
    return
  }
  if (tally.bins[length - 1] !== missingBin) {
    walk(search, rising, best, random && drawCut(search, length, random))
    return
  }
  const values = length - 1
  const missingFirst = [values, ...rising.subarray(0, values)]
  if (!random) {
    walk(search, rising, best, undefined)
    // The missing rows alone on one side were tried already.
    walk(search, missingFirst, best, undefined, 1)
  } else if (values === 1) {
    // With a single value there is but one cut, between it and the missing ones.
    walk(search, rising, best, 0)
  } else {
    const cut = drawCut(search, values, random)
    if (random.uniform() < 0.5) walk(search, rising, best, cut)
    else walk(search, missingFirst, best, cut + 1)
  }
}

const rising = Uint16Array.from({ length: 256 }, (_, place) => place)

/** Tries the first `stepsMin` + 1, … of the tally in the order of `places` as the left side, or only the first `cut` + 1. */
function walk(
  search: ColumnSearch,
  places: ArrayLike<number>,
  best: ForestSplit,
  cut: number | undefined,
  stepsMin = 0,
): void {
  const from = cut ?? stepsMin
  const to = cut === undefined ? search.tally.length - 1 : cut + 1
  if (search.tally.outputs === 1) walkNumbers(search, places, best, from, to)
  else walkClasses(search, places, best, from, to)
}

function walkNumbers(
  search: ColumnSearch,
  places: ArrayLike<number>,
  best: ForestSplit,
  from: number,
  to: number,
): void {
  const { tally, node, rowsPerLeafMin } = search
  const total = node.sums[0]!
  let rows = 0
  let weight = 0
  let sum = 0
  for (let step = 0; step < to; step += 1) {
    const place = places[step]!
    rows += tally.rows[place]!
    weight += tally.weights[place]!
    sum += tally.sums[place]!
    if (rows < rowsPerLeafMin || step < from) continue
    if (node.rows - rows < rowsPerLeafMin) break
    const rest = total - sum
    const score = (sum * sum) / weight + (rest * rest) / (node.weight - weight)
    if (score > best.score) note(search, places, step + 1, rows, score, best)
  }
}

function walkClasses(
  search: ColumnSearch,
  places: ArrayLike<number>,
  best: ForestSplit,
  from: number,
  to: number,
): void {
  const { tally, node, rowsPerLeafMin } = search
  const { outputs } = tally
  const left = new Float64Array(outputs)
  let rows = 0
  let weight = 0
  for (let step = 0; step < to; step += 1) {
    const place = places[step]!
    rows += tally.rows[place]!
    weight += tally.weights[place]!
    for (let output = 0; output < outputs; output += 1) left[output]! += tally.sums[place * outputs + output]!
    if (rows < rowsPerLeafMin || step < from) continue
    if (node.rows - rows < rowsPerLeafMin) break
    let squaresLeft = 0
    let squaresRight = 0
    for (let output = 0; output < outputs; output += 1) {
      const sum = left[output]!
      const rest = node.sums[output]! - sum
      squaresLeft += sum * sum
      squaresRight += rest * rest
    }
    const score = squaresLeft / weight + squaresRight / (node.weight - weight)
    if (score > best.score) note(search, places, step + 1, rows, score, best)
  }
}

function note(
  { column, tally, node, edges, missingBin, isCategorical }: ColumnSearch,
  places: ArrayLike<number>,
  taken: number,
  rows: number,
  score: number,
  best: ForestSplit,
): void {
  best.score = score
  best.column = column
  best.leftBins.fill(0)
  let last = 0
  for (let at = 0; at < taken; at += 1) {
    const bin = tally.bins[places[at]!]!
    best.leftBins[bin] = 1
    if (bin !== missingBin) last = bin
  }
  const hasMissing = tally.bins[tally.length - 1] === missingBin
  // Where the node had no missing value, new ones follow the larger child.
  best.missingLeft = hasMissing ? best.leftBins[missingBin] === 1 : rows > node.rows - rows
  const next = tally.bins[places[taken]!]!
  best.threshold = isCategorical ? NaN : next === missingBin ? Infinity : middleOf(edges, last, next)
}

/** Halfway between what two bins hold, as well as their ends tell. */
const middleOf = (edges: Float64Array, bin: number, next: number): number => (edges[bin]! + edges[next - 1]!) / 2

function orderByMean(tally: ColumnTally, node: NodeTotals, places: number[]): void {
  const { outputs } = tally
  const output = node.sums.indexOf(Math.max(...node.sums))
  const meanOf = (place: number): number => tally.sums[place * outputs + output]! / tally.weights[place]!
  places.sort((one, other) => meanOf(one) - meanOf(other) || one - other)
}

/** @returns after which of the first `length` bins to cut: nearest to a value drawn between the lowest and highest cut */
function drawCut({ tally, edges }: ColumnSearch, length: number, random: Random): number {
  const cutAfter = (place: number): number => middleOf(edges, tally.bins[place]!, tally.bins[place + 1]!)
  const last = length - 2
  const lowest = cutAfter(0)
  const drawn = lowest + random.uniform() * (cutAfter(last) - lowest)
  // Between infinite values there is no uniform number.
  if (!Number.isFinite(drawn)) return random.integer(last + 1)
  let nearest = 0
  while (nearest < last && cutAfter(nearest + 1) - drawn < drawn - cutAfter(nearest)) nearest += 1
  return nearest
}
