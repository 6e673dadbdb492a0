import { type Random, RapportError } from '@rapport/numerics'
import type { GowerDistances } from './gower.ts'
import { MedoidSwaps } from './medoid-swaps.ts'
import type { WorkPace } from './work-pace.ts'

/** The rows among which medoids are looked for. */
export interface MedoidSearch {
  readonly distances: GowerDistances
  /** `[n]` */
  readonly weights: Float64Array
  /** `[n]` 1 for rows that may be medoids. */
  readonly isCandidate: Uint8Array
  /** Columns of the data, for how long a row takes. */
  readonly columns: number
  readonly pace: WorkPace
}

/** Where one start ended. */
interface Swapped {
  readonly medoids: Int32Array
  readonly rounds: number
  readonly isConverged: boolean
}

/** Goes through the rows until none of them was swapped for a medoid since the last one that was. */
export async function swapMedoids(search: MedoidSearch, start: Int32Array, roundsMax: number): Promise<Swapped> {
  const { distances, weights, isCandidate, columns, pace } = search
  const n = distances.rows
  if (start.length === 1) return { medoids: await singleMedoid(search), rounds: 1, isConverged: true }
  const swaps = new MedoidSwaps(distances, weights, start)
  let sinceSwap = 0
  let tried = 0
  while (sinceSwap < n && tried < roundsMax * n) {
    const row = tried % n
    sinceSwap = isCandidate[row] && swaps.trySwap(row) ? 0 : sinceSwap + 1
    tried += 1
    if (pace.isDue(n * columns)) await pace.turn('swapping medoids', sinceSwap, n)
  }
  return { medoids: swaps.medoids, rounds: Math.ceil(tried / n), isConverged: sinceSwap >= n }
}

/** The row with the least sum of distances to all: with one medoid no swap has to be weighed. */
async function singleMedoid({ distances, weights, isCandidate, columns, pace }: MedoidSearch): Promise<Int32Array> {
  const own = new Float64Array(distances.rows)
  let best = { row: 0, loss: Infinity }
  for (let row = 0; row < distances.rows; row += 1) {
    if (!isCandidate[row]) continue
    distances.fill(row, own)
    const loss = own.reduce((sum, distance, other) => sum + weights[other]! * distance, 0)
    if (loss < best.loss) best = { row, loss }
    if (pace.isDue(own.length * columns)) await pace.turn('weighing rows', row, distances.rows)
  }
  return Int32Array.of(best.row)
}

/** Rows far from each other: the first by weight, each further one by weight × distance to the nearest of those before. */
export async function drawSpread(
  { distances, weights, isCandidate, pace }: MedoidSearch,
  clusters: number,
  random: Random,
): Promise<Int32Array> {
  const drawn = new Int32Array(clusters)
  // Of candidates alone: the others are never drawn.
  const nearest = Float64Array.from(isCandidate)
  const own = new Float64Array(weights.length)
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    const total = nearest.reduce((sum, distance, row) => sum + weights[row]! * distance, 0)
    if (!(total > 0)) {
      throw new RapportError(
        'k-medoids.distinct',
        `clusters must be at most the number of rows that are apart from each other (${cluster}), got ${clusters}`,
      )
    }
    let left = random.uniform() * total
    let row = 0
    for (let at = 0; at < nearest.length && left >= 0; at += 1) {
      if (nearest[at]! === 0) continue
      row = at
      left -= weights[at]! * nearest[at]!
    }
    drawn[cluster] = row
    distances.fill(row, own)
    own.forEach((distance, at) => {
      if (distance < nearest[at]! || cluster === 0) nearest[at] = distance
    })
    if (pace.isDue(own.length)) await pace.turn('drawing medoids', cluster, clusters)
  }
  return drawn
}
