/**
 * What the clusters of a Gaussian mixture may look like: each an ellipsoid of its own (`full`), all the same ellipsoid
 * (`tied`), each an ellipsoid along the columns (`diagonal`), each a ball of its own size (`spherical`).
 */
export type CovarianceKind = 'full' | 'tied' | 'diagonal' | 'spherical'

/** A mixture's clusters. */
export interface GaussianParts {
  readonly kind: CovarianceKind
  /** `[clusters]` adding up to 1. */
  readonly shares: Float64Array
  /** `[clusters × d]` */
  readonly means: Float64Array
  /** `[clusters × d × d]` for `full`, `[d × d]` for `tied`, `[clusters × d]` for `diagonal`, `[clusters]` for `spherical`. */
  readonly covariances: Float64Array
}

export const covarianceKinds: readonly CovarianceKind[] = ['full', 'tied', 'diagonal', 'spherical']

/** Whether columns may depend on each other within a cluster. */
export const isDense = (kind: CovarianceKind): boolean => kind === 'full' || kind === 'tied'

/** Numbers that a mixture estimates: its means, shares and covariances. */
export function parameterCount(kind: CovarianceKind, clusters: number, columns: number): number {
  const triangle = (columns * (columns + 1)) / 2
  const ofCovariances = { full: clusters * triangle, tied: triangle, diagonal: clusters * columns, spherical: clusters }
  return ofCovariances[kind] + clusters * columns + clusters - 1
}

/** As scikit-learn has it, so that a cluster without rows has a mean. */
const leastWeight = 10 * Number.EPSILON

/** Weighted sums over rows around one point for each cluster, from which the likeliest parts follow in one pass. */
export class MixtureSums {
  readonly #kind: CovarianceKind
  readonly #columns: number
  /** `[clusters × d]` */
  readonly #points: Float64Array
  readonly #weights: Float64Array
  /** `[clusters × d]` weighted sums of differences to the cluster's point. */
  readonly #shifts: Float64Array
  /** `[clusters × d × d]`, lower triangles, or `[clusters × d]`: weighted sums of products of differences. */
  readonly #products: Float64Array

  /** @param points `[clusters × d]` somewhere near the means, so that differences of large numbers lose no digits */
  constructor(kind: CovarianceKind, points: Float64Array, columns: number) {
    this.#kind = kind
    this.#columns = columns
    this.#points = points
    this.#weights = new Float64Array(points.length / columns)
    this.#shifts = new Float64Array(points.length)
    this.#products = new Float64Array(points.length * (isDense(kind) ? columns : 1))
  }

  /** Adds a row to a cluster; its differences to the cluster's point lie in `differences` `[clusters × d]`. */
  add(differences: Float64Array, cluster: number, weight: number): void {
    const columns = this.#columns
    const from = cluster * columns
    const products = this.#products
    this.#weights[cluster]! += weight
    for (let row = 0; row < columns; row += 1) {
      const weighted = weight * differences[from + row]!
      this.#shifts[from + row]! += weighted
      if (isDense(this.#kind)) {
        const to = (from + row) * columns
        for (let column = 0; column <= row; column += 1)
          products[to + column]! += weighted * differences[from + column]!
      } else products[from + row]! += weighted * differences[from + row]!
    }
  }

  /** @param ridge `[d]` what is added to the variance of each column */
  toParts(ridge: Float64Array): GaussianParts {
    const columns = this.#columns
    const weights = this.#weights.map((weight) => weight + leastWeight)
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const shares = weights.map((weight) => weight / total)
    const means = this.#points.map((point, at) => point + this.#shifts[at]! / weights[Math.floor(at / columns)]!)
    const own = Array.from(weights, (weight, cluster) => this.#covariance(cluster, weight, ridge))
    return { kind: this.#kind, shares, means, covariances: this.#joined(own, shares) }
  }

  /** `[d × d]`, or `[d]` where columns are independent. */
  #covariance(cluster: number, weight: number, ridge: Float64Array): Float64Array {
    const columns = this.#columns
    const shift = this.#shifts.subarray(cluster * columns, (cluster + 1) * columns).map((sum) => sum / weight)
    if (!isDense(this.#kind)) {
      return shift.map((by, row) => this.#products[cluster * columns + row]! / weight - by * by + ridge[row]!)
    }
    const covariance = new Float64Array(columns * columns)
    for (let row = 0; row < columns; row += 1) {
      for (let column = 0; column <= row; column += 1) {
        const product = this.#products[(cluster * columns + row) * columns + column]!
        const value = product / weight - shift[row]! * shift[column]! + (row === column ? ridge[row]! : 0)
        covariance[row * columns + column] = value
        covariance[column * columns + row] = value
      }
    }
    return covariance
  }

  #joined(own: readonly Float64Array[], shares: Float64Array): Float64Array {
    if (this.#kind === 'spherical') {
      return Float64Array.from(own, (variances) => variances.reduce((sum, value) => sum + value, 0) / this.#columns)
    }
    if (this.#kind === 'tied') {
      return own[0]!.map((_, at) =>
        own.reduce((sum, covariance, cluster) => sum + shares[cluster]! * covariance[at]!, 0),
      )
    }
    const joined = new Float64Array(own.length * own[0]!.length)
    own.forEach((covariance, cluster) => {
      joined.set(covariance, cluster * covariance.length)
    })
    return joined
  }
}

/** The same parts with the cluster of the largest share first. */
export function partsByShare({ kind, shares, means, covariances }: GaussianParts): GaussianParts {
  const order = Array.from(shares.keys()).sort((a, b) => shares[b]! - shares[a]! || a - b)
  const reordered = (values: Float64Array): Float64Array => {
    const size = values.length / shares.length
    return values.map((_, at) => values[order[Math.floor(at / size)]! * size + (at % size)]!)
  }
  return {
    kind,
    shares: reordered(shares),
    means: reordered(means),
    covariances: kind === 'tied' ? covariances : reordered(covariances),
  }
}
