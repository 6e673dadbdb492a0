import { checkFinite, type Matrix, RapportError } from '@rapport/numerics'
import { type CovarianceKind, covarianceKinds } from './gaussian-parts.ts'
import { countedRows } from './row-weights.ts'

export interface GaussianMixtureOptions {
  /** Number of clusters, 1 … distinct rows of the data that count. */
  readonly clusters: number
  /** What the clusters may look like. Default `full`. */
  readonly covariance?: CovarianceKind
  /**
   * Added to the variances, in squared data units, > 0: keeps clusters from collapsing onto equal rows. Default a
   * millionth of each column's own variance, so that it does not depend on the data's units.
   */
  readonly regularisation?: number
  /** Stop when a round raises the mean log-likelihood of a row by less than this, > 0. Default 1e-3. */
  readonly tolerance?: number
  /** Stop after this many rounds in any case. Default 100. */
  readonly roundsMax?: number
  /** Starts, each from one k-means of its own; the likeliest outcome is kept. Default 3. */
  readonly starts?: number
  /** `[n]` each row's cluster to begin from, 0 … clusters − 1, all in use by rows that count; then there is one start. */
  readonly initial?: Int32Array
  /** `[n]` how much each row counts, each ≥ 0; one of 0 is as if it were not there. Default: every row once. */
  readonly weights?: Float64Array
  /** The same seed, data and options give the same clusters, bit for bit. */
  readonly seed: number
}

/** The rows that count with the options for them, once they are known to be such as can be fitted. */
export function checkedMixture(
  data: Matrix,
  options: GaussianMixtureOptions,
): { data: Matrix; options: GaussianMixtureOptions } {
  checkFinite('gaussian-mixture', data)
  const { initial, clusters } = options
  const { data: rows, weights, kept } = countedRows('gaussian-mixture', data, options.weights)
  if (initial && initial.length !== data.rows) throw wrongInitial(initial, clusters, data.rows)
  const own = initial && kept ? { initial: Int32Array.from(kept, (row) => initial[row]!) } : {}
  const counted = { ...options, ...own, ...(weights && { weights }) }
  checkOptions(counted, rows)
  return { data: rows, options: counted }
}

function checkOptions(options: GaussianMixtureOptions, data: Matrix): void {
  const { clusters, covariance = 'full', regularisation = 1, tolerance = 1e-3, roundsMax = 100, starts = 3 } = options
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > data.rows) {
    throw new RapportError(
      'gaussian-mixture.clusters',
      `clusters must be between 1 and ${data.rows} (rows with weight), got ${clusters}`,
    )
  }
  if (!covarianceKinds.includes(covariance)) {
    throw new RapportError(
      'gaussian-mixture.options',
      `covariance must be one of ${covarianceKinds.join(', ')}, got ${covariance}`,
    )
  }
  for (const [name, value] of Object.entries({ regularisation, tolerance })) {
    if (!(value > 0 && value < Infinity)) {
      throw new RapportError('gaussian-mixture.options', `${name} must be finite and above 0, got ${value}`)
    }
  }
  for (const [name, value] of Object.entries({ roundsMax, starts })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RapportError('gaussian-mixture.options', `${name} must be a whole number of at least 1, got ${value}`)
    }
  }
  if (options.initial) checkInitial(options.initial, clusters, data.rows)
}

function checkInitial(initial: Int32Array, clusters: number, rows: number): void {
  const used = new Set(initial)
  if (used.size !== clusters || Math.min(...used) !== 0 || Math.max(...used) !== clusters - 1) {
    throw wrongInitial(initial, clusters, rows)
  }
}

const wrongInitial = (initial: Int32Array, clusters: number, rows: number): RapportError =>
  new RapportError(
    'gaussian-mixture.initial',
    `initial must give each of ${rows} rows a cluster and use all of 0 … ${clusters - 1}, got ${initial.length} labels of ${new Set(initial).size} clusters`,
  )
