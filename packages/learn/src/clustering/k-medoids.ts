import { type Random, RapportError, seededRandom, type Work } from '@rapport/numerics'
import { type Table, takeTableRows } from '../preparation/table.ts'
import { completeRows, type GowerColumn, GowerDistances, gowerColumns } from './gower.ts'
import { checkKMedoids, type KMedoidsOptions } from './k-medoids-options.ts'
import { drawSpread, type MedoidSearch, swapMedoids } from './medoid-search.ts'
import { WorkPace } from './work-pace.ts'

/** What `fitKMedoids` found. Plain data: it goes through `postMessage` and `persist` as it is. */
export interface KMedoidsModel {
  readonly kind: 'k-medoids'
  readonly columns: readonly GowerColumn[]
  /** The rows that stand for the clusters, the largest cluster first: real customers, to look at. */
  readonly medoids: Table
  /** `[clusters]` where they were in the training data. */
  readonly medoidRows: Int32Array
  /** `[clusters]` rows of the training data in each cluster. */
  readonly sizes: readonly number[]
  /** Weighted sum over all rows of the distance to their medoid. */
  readonly loss: number
  /** Rows among which the medoids were looked for. */
  readonly sampleRows: number
  /** Rounds of the start that won. */
  readonly rounds: number
  /** False when the winning start used up `roundsMax`. */
  readonly isConverged: boolean
}

/** Each row's cluster and how far it lies from its medoid. */
export interface MedoidAssignment {
  /** `[n]` index of the nearest medoid; the first of equals. */
  readonly labels: Int32Array
  /** `[n]` Gower's distance to it, 0 … 1. */
  readonly distances: Float64Array
}

const sampleRowsMax = 5000
const startsByDefault = 5

/**
 * Groups rows of mixed columns (numbers, words, missing values) around `clusters` rows of their own, so that Gower's
 * distances to these are small.
 *
 * FasterPAM: goes through the rows and swaps each for a medoid at once where that lowers the loss. Distances are made
 * when they are asked for, so memory does not grow with n².
 *
 * @throws RapportError `gower.data`, `gower.missing` (a row without any value), `gower.infinite`, `gower.weights`,
 * `k-medoids.clusters`, `k-medoids.distinct`, `k-medoids.options`, `k-medoids.weights`, `k-medoids.initial`, `k-medoids.candidates` (too
 * few rows without missing values), `work.aborted`
 *
 * Cost: O(rounds · sampleRows² · columns) and O(n · clusters · columns); 8 · sampleRows · (clusters + 4) bytes.
 * Source: Schubert & Rousseeuw, "Fast and eager k-medoids clustering", Information Systems 101, 2021; sampling as in
 * CLARA: Kaufman & Rousseeuw, "Finding groups in data", 1990.
 *
 * @example
 * const plans = table([{ name: 'plan', kind: 'text', values: ['basic', 'basic', 'gold', 'gold', 'gold'] }])
 * const model = await fitKMedoids(plans, { clusters: 2, seed: 1 })
 * model.sizes // [3, 2]
 */
export async function fitKMedoids(data: Table, options: KMedoidsOptions, work?: Work): Promise<KMedoidsModel> {
  const columns = gowerColumns(data, options.columnWeights)
  checkKMedoids(options, data)
  const random = seededRandom(options.seed)
  const pace = new WorkPace(work)
  let best: KMedoidsModel | undefined
  for (let start = 0; start < (options.initial ? 1 : (options.starts ?? startsByDefault)); start += 1) {
    const model = await fromStart(data, columns, options, random.fork(start), pace)
    if (!best || model.loss < best.loss) best = model
  }
  return best!
}

/** One start: medoids among a sample of its own, and what they come to for all rows. */
async function fromStart(
  data: Table,
  columns: readonly GowerColumn[],
  options: KMedoidsOptions,
  random: Random,
  pace: WorkPace,
): Promise<KMedoidsModel> {
  const sample = sampleOf(data, options, random)
  const rows = sample ? takeTableRows(data, sample) : data
  const weights = options.weights ?? new Float64Array(data.rows).fill(1)
  const search: MedoidSearch = {
    distances: new GowerDistances(columns, rows, rows),
    weights: sample ? Float64Array.from(sample, (row) => weights[row]!) : weights,
    isCandidate: candidatesOf(rows, options),
    columns: columns.length,
    pace,
  }
  const from = options.initial ?? (await drawSpread(search, options.clusters, random))
  const found = await swapMedoids(search, from, options.roundsMax ?? 100)
  const medoidRows = found.medoids.map((row) => sample?.[row] ?? row)
  return toModel(data, columns, medoidRows, weights, { ...found, sampleRows: rows.rows }, pace)
}

/**
 * The nearest medoid of every row. Words that the training data did not have are unlike all others.
 *
 * @throws RapportError `table.column` when the data lack a column, `work.aborted`
 */
export async function assignKMedoids(
  model: Pick<KMedoidsModel, 'columns' | 'medoids'>,
  data: Table,
  work?: Work,
): Promise<MedoidAssignment> {
  return assigned(model.columns, model.medoids, data, new WorkPace(work))
}

async function assigned(
  columns: readonly GowerColumn[],
  medoids: Table,
  data: Table,
  pace: WorkPace,
): Promise<MedoidAssignment> {
  const search = new GowerDistances(columns, medoids, data)
  const labels = new Int32Array(data.rows)
  const distances = new Float64Array(data.rows).fill(Infinity)
  const own = new Float64Array(data.rows)
  for (let medoid = 0; medoid < medoids.rows; medoid += 1) {
    search.fill(medoid, own)
    own.forEach((distance, row) => {
      if (!(distance < distances[row]!)) return
      distances[row] = distance
      labels[row] = medoid
    })
    if (pace.isDue(data.rows * columns.length)) await pace.turn('assigning rows', medoid, medoids.rows)
  }
  return { labels, distances }
}

async function toModel(
  data: Table,
  columns: readonly GowerColumn[],
  found: Int32Array,
  weights: Float64Array,
  { rounds, isConverged, sampleRows }: Pick<KMedoidsModel, 'rounds' | 'isConverged' | 'sampleRows'>,
  pace: WorkPace,
): Promise<KMedoidsModel> {
  const { labels, distances } = await assigned(columns, takeTableRows(data, found), data, pace)
  const sizes = Array.from(found, () => 0)
  for (const label of labels) sizes[label]! += 1
  const order = Array.from(found.keys()).sort((a, b) => sizes[b]! - sizes[a]! || found[a]! - found[b]!)
  const medoidRows = Int32Array.from(order, (medoid) => found[medoid]!)
  return {
    kind: 'k-medoids',
    columns,
    medoids: takeTableRows(data, medoidRows),
    medoidRows,
    sizes: order.map((medoid) => sizes[medoid]!),
    loss: distances.reduce((sum, distance, row) => sum + weights[row]! * distance, 0),
    sampleRows,
    rounds,
    isConverged,
  }
}

/** `[n]` 1 for rows that may stand for a cluster. */
function candidatesOf(rows: Table, { candidates = 'complete', clusters, initial }: KMedoidsOptions): Uint8Array {
  const isCandidate = candidates === 'all' ? new Uint8Array(rows.rows).fill(1) : completeRows(rows)
  const count = isCandidate.reduce((sum, is) => sum + is, 0)
  const lacking = initial?.find((row) => !isCandidate[row])
  if (count < clusters || lacking !== undefined) {
    const got = lacking === undefined ? `${count} such rows` : `row ${lacking}, which lacks some`
    throw new RapportError(
      'k-medoids.candidates',
      `${clusters} rows with a value in every column must be there to begin from, got ${got} (or take all as candidates)`,
    )
  }
  return isCandidate
}

/** The rows of the sample, ascending; `undefined` when all are taken. */
function sampleOf(data: Table, options: KMedoidsOptions, random: Random): Int32Array | undefined {
  const { initial, sampleRows = Math.max(options.clusters, Math.min(data.rows, sampleRowsMax)) } = options
  if (initial || sampleRows === data.rows) return undefined
  const order = Int32Array.from({ length: data.rows }, (_, row) => row)
  random.shuffle(order)
  return order.slice(0, sampleRows).sort()
}
