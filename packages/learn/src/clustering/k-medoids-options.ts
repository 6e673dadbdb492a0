import { RapportError } from '@rapport/numerics'
import type { Table } from '../preparation/table.ts'
import { checkRowWeights } from './row-weights.ts'

export interface KMedoidsOptions {
  /** Number of clusters, 1 … rows that are apart from each other. */
  readonly clusters: number
  /** How much columns count, by name, each > 0. Default 1. */
  readonly columnWeights?: Readonly<Record<string, number>>
  /** `[n]` how much each row counts, each > 0. Default: every row once. */
  readonly weights?: Float64Array
  /**
   * Which rows may stand for a cluster: those without a missing value, or all. A row that lacks values is near to
   * everybody by Gower's distance, which leaves the missing ones out, and would win. Default `complete`.
   */
  readonly candidates?: 'complete' | 'all'
  /** Rows drawn at random among which medoids are looked for, clusters … n. Default n, but at most 5,000. */
  readonly sampleRows?: number
  /** Independent starts, each with a sample of its own; the one with the lowest loss over all rows is kept. Default 5. */
  readonly starts?: number
  /** Stop after going through all rows this often. Default 100. */
  readonly roundsMax?: number
  /** `[clusters]` rows to begin from, all different and candidates; then there is one start, and no sample. */
  readonly initial?: Int32Array
  /** The same seed, data and options give the same clusters, bit for bit. */
  readonly seed: number
}

/** Refuses options that cannot be followed. */
export function checkKMedoids(options: KMedoidsOptions, { rows }: Table): void {
  const {
    clusters,
    sampleRows = rows,
    candidates = 'complete',
    starts = 1,
    roundsMax = 100,
    initial,
    weights,
  } = options
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > rows) {
    throw new RapportError('k-medoids.clusters', `clusters must be between 1 and ${rows} (rows), got ${clusters}`)
  }
  if (!Number.isInteger(sampleRows) || sampleRows < clusters || sampleRows > rows) {
    throw new RapportError(
      'k-medoids.options',
      `sampleRows must be between ${clusters} (clusters) and ${rows} (rows), got ${sampleRows}`,
    )
  }
  if (candidates !== 'complete' && candidates !== 'all') {
    throw new RapportError('k-medoids.options', `candidates must be complete or all, got ${String(candidates)}`)
  }
  for (const [name, value] of Object.entries({ starts, roundsMax })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RapportError('k-medoids.options', `${name} must be a whole number of at least 1, got ${value}`)
    }
  }
  checkRowWeights('k-medoids', weights, rows)
  if (
    initial &&
    (initial.length !== clusters ||
      new Set(initial).size !== clusters ||
      initial.some((row) => !(row >= 0 && row < rows)))
  ) {
    throw new RapportError(
      'k-medoids.initial',
      `initial must be ${clusters} different rows below ${rows}, got ${initial.join(', ')}`,
    )
  }
}
