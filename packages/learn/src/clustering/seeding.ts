import { type Kernels, type Random, RapportError } from '@rapport/numerics'
import type { LoadedRows } from './loaded-rows.ts'

/**
 * Starting centroids by greedy k-means++: the first row at random, each next one the best of a few rows drawn in
 * proportion to their squared distance from the centroids so far.
 *
 * As scikit-learn does it: 2 + ⌊ln k⌋ candidates a step, weights multiply the chances.
 *
 * @returns `[clusters × width]`
 * @throws RapportError `k-means.distinct` when there are fewer distinct rows than clusters
 *
 * Cost: O(n · d · k · log k).
 * Source: Arthur & Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007; greedy variant, section 5.
 */
export async function seedCentroids(
  kernels: Kernels,
  data: LoadedRows,
  clusters: number,
  random: Random,
): Promise<Float64Array> {
  const { arena } = kernels
  const { rows, width } = data
  const mark = arena.mark()
  const candidates = 2 + Math.floor(Math.log(clusters))
  const nearest = Array.from({ length: candidates + 1 }, () => arena.float64(rows))
  const points = arena.float64(candidates * width)
  const centroids = new Float64Array(clusters * width)
  const rowAt = (row: number): Float64Array => data.values.view.subarray(row * width, (row + 1) * width)
  // nearest[kept] holds each row's squared distance to its nearest centroid; the others are the candidates' scratch.
  let kept = 0
  nearest[kept]!.view.fill(Infinity)
  let potentials: Float64Array = new Float64Array(0)
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    const draws =
      cluster === 0 ? [drawFirst(data, random)] : drawFar(data, nearest[kept]!.view, potentials, candidates, random)
    const spare = nearest.map((_, place) => place).filter((place) => place !== kept)
    draws.forEach((row, draw) => {
      points.view.set(rowAt(row), draw * width)
    })
    const sums = await kernels.run(
      'distancesToPoint',
      draws.flatMap((_, draw) =>
        data.blocks.map(({ from, to }) => [
          data.values.at,
          width,
          from,
          to,
          points.at + draw * width * 8,
          nearest[kept]!.at,
          data.weights?.at ?? 0,
          nearest[spare[draw]!]!.at,
        ]),
      ),
    )
    const { best, blockSums } = leastPotential(sums, draws.length, data.blocks.length)
    centroids.set(rowAt(draws[best]!), cluster * width)
    kept = spare[best]!
    potentials = blockSums
    if (cluster + 1 < clusters && !(sum(potentials) > 0)) {
      arena.release(mark)
      throw new RapportError(
        'k-means.distinct',
        `clusters must be at most the number of distinct rows (${cluster + 1}), got ${clusters}`,
      )
    }
  }
  arena.release(mark)
  return centroids
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

function leastPotential(sums: Float64Array, draws: number, blocks: number): { best: number; blockSums: Float64Array } {
  let best = 0
  let least = Infinity
  for (let draw = 0; draw < draws; draw += 1) {
    const potential = sum(sums.subarray(draw * blocks, (draw + 1) * blocks))
    if (potential < least) {
      least = potential
      best = draw
    }
  }
  return { best, blockSums: sums.slice(best * blocks, (best + 1) * blocks) }
}

function drawFirst(data: LoadedRows, random: Random): number {
  const weights = data.weights?.view
  if (!weights) return random.integer(data.rows)
  return placeOf(random.uniform() * sum(weights), data.rows, (row) => weights[row]!)
}

/** Rows drawn in proportion to weight × squared distance: first the block, then the row in it. */
function drawFar(
  data: LoadedRows,
  nearest: Float64Array,
  potentials: Float64Array,
  count: number,
  random: Random,
): number[] {
  const weights = data.weights?.view
  const total = sum(potentials)
  return Array.from({ length: count }, () => {
    let left = random.uniform() * total
    const block = placeOf(left, potentials.length, (at) => potentials[at]!)
    for (let before = 0; before < block; before += 1) left -= potentials[before]!
    const { from, to } = data.blocks[block]!
    const mass = (at: number): number => nearest[from + at]! * (weights ? weights[from + at]! : 1)
    return from + placeOf(left, to - from, mass)
  })
}

/** The first place where the running sum of `mass` exceeds `target`; the last place with any mass if rounding hides it. */
function placeOf(target: number, length: number, mass: (at: number) => number): number {
  let left = target
  let last = 0
  for (let at = 0; at < length; at += 1) {
    const here = mass(at)
    if (here > 0) last = at
    if (here > left) return at
    left -= here
  }
  return last
}
