import { seededRandom } from '@rapport/numerics'

/** Sets of columns to try, with the weight of each in the regression. */
export interface Coalitions {
  /** `[sets × d]` 1 for the columns that are known. */
  readonly masks: Uint8Array
  /** `[sets]` */
  readonly weights: Float64Array
}

/**
 * The sets that Kernel SHAP tries: all of them where `most` allows, else those of the most telling sizes (few known, few
 * unknown) in full, and of the other sizes a draw, each with its complement.
 *
 * Sets of one size weigh together (d − 1) / (size (d − size)), as the kernel has it; a size that is drawn from shares
 * its weight among the draws.
 *
 * @param d columns, 2 or more
 * @param most sets at most, 2 d or more
 */
export function chooseCoalitions(d: number, most: number, seed: number): Coalitions {
  const masks: Uint8Array[] = []
  const weights: number[] = []
  const add = (known: readonly number[], weight: number): void => {
    const mask = new Uint8Array(d)
    for (const column of known) mask[column] = 1
    masks.push(
      mask,
      mask.map((bit) => 1 - bit),
    )
    weights.push(weight, weight)
  }
  const sizes = Math.floor(d / 2)
  let size = 1
  for (; size <= sizes; size += 1) {
    // Of half the columns every set is another one's complement, and comes with it.
    const isHalf = 2 * size === d
    const count = isHalf ? binomial(d, size) / 2 : binomial(d, size)
    if (masks.length + 2 * count > most) break
    for (const known of subsets(isHalf ? d - 1 : d, isHalf ? size - 1 : size)) {
      add(isHalf ? [...known, d - 1] : known, kernelOf(d, size) / binomial(d, size))
    }
  }
  if (size <= sizes) drawSets(d, size, most - masks.length, seed, add)
  return { masks: join(masks, d), weights: Float64Array.from(weights) }
}

/** Weight of all sets of one size together. */
const kernelOf = (d: number, size: number): number => (d - 1) / (size * (d - size))

function drawSets(
  d: number,
  from: number,
  budget: number,
  seed: number,
  add: (known: readonly number[], weight: number) => void,
): void {
  const random = seededRandom(seed)
  const drawn = new Map<string, { known: number[]; times: number }>()
  // A size below half stands for its complement too; half the columns for itself alone.
  const shares = Array.from({ length: Math.floor(d / 2) - from + 1 }, (_, at) => {
    const size = from + at
    return kernelOf(d, size) * (2 * size === d ? 1 : 2)
  })
  const total = shares.reduce((sum, share) => sum + share, 0)
  let draws = 0
  // Draws of a set that is known already cost no prediction; the bound ends it where few sets are left.
  while (2 * drawn.size + 2 <= budget && draws < 4 * budget) {
    let left = random.uniform() * total
    let at = 0
    while (at < shares.length - 1 && left >= shares[at]!) left -= shares[at++]!
    const order = Int32Array.from({ length: d }, (_, column) => column)
    random.shuffle(order)
    let known = [...order.subarray(0, from + at)].sort((one, other) => one - other)
    // Of a set of half the columns and its complement one name is kept.
    if (2 * known.length === d && !known.includes(d - 1)) known = [...order.subarray(from + at)].sort((a, b) => a - b)
    const key = known.join()
    const set = drawn.get(key) ?? { known, times: 0 }
    set.times += 1
    drawn.set(key, set)
    draws += 1
  }
  for (const { known, times } of drawn.values()) add(known, (total * times) / (2 * draws))
}

function* subsets(columns: number, size: number): Generator<number[]> {
  const chosen = Array.from({ length: size }, (_, at) => at)
  for (;;) {
    yield [...chosen]
    let at = size - 1
    while (at >= 0 && chosen[at] === columns - size + at) at -= 1
    if (at < 0) return
    chosen[at]! += 1
    for (let after = at + 1; after < size; after += 1) chosen[after] = chosen[after - 1]! + 1
  }
}

function binomial(n: number, k: number): number {
  let result = 1
  for (let at = 1; at <= k; at += 1) result = (result * (n - k + at)) / at
  return Math.round(result)
}

function join(masks: readonly Uint8Array[], d: number): Uint8Array {
  const joined = new Uint8Array(masks.length * d)
  masks.forEach((mask, at) => {
    joined.set(mask, at * d)
  })
  return joined
}
