import { cholesky, type Matrix, RapportError } from '@rapport/numerics'
import { type GaussianParts, isDense } from './gaussian-parts.ts'

/** The log densities of a mixture's clusters at one row after the other. */
export class GaussianDensities {
  /** `[clusters × d]` the last row's differences to the means. */
  readonly differences: Float64Array
  readonly #means: Float64Array
  readonly #columns: number
  readonly #isDense: boolean
  /** By cluster, the inverse of the covariance's lower Cholesky factor, or one over the standard deviations. */
  readonly #factors: readonly Float64Array[]
  /** `[clusters]` log share plus the log density at the mean. */
  readonly #heights: Float64Array

  /** @throws RapportError `gaussian-mixture.singular` when a covariance is not positive definite */
  constructor(parts: GaussianParts) {
    const { kind, shares, means } = parts
    const columns = means.length / shares.length
    this.#means = means
    this.#columns = columns
    this.#isDense = isDense(kind)
    this.differences = new Float64Array(means.length)
    this.#factors = Array.from(shares, (_, cluster) => factorOf(parts, cluster, columns))
    const diagonalStep = this.#isDense ? columns + 1 : 1
    this.#heights = shares.map((share, cluster) => {
      let height = Math.log(share) - (columns / 2) * Math.log(2 * Math.PI)
      for (let column = 0; column < columns; column += 1) {
        height += Math.log(this.#factors[cluster]![column * diagonalStep]!)
      }
      return height
    })
  }

  /** Writes log (share × density) of the row at `at` into `logs` `[clusters]`. */
  evaluate(values: Matrix['values'], at: number, logs: Float64Array): void {
    const columns = this.#columns
    const differences = this.differences
    for (let cluster = 0, from = 0; cluster < logs.length; cluster += 1, from += columns) {
      for (let column = 0; column < columns; column += 1) {
        differences[from + column] = values[at + column]! - this.#means[from + column]!
      }
      const square = this.#isDense ? this.#denseSquare(cluster, from) : this.#axisSquare(cluster, from)
      logs[cluster] = this.#heights[cluster]! - square / 2
    }
  }

  #denseSquare(cluster: number, from: number): number {
    const columns = this.#columns
    const factor = this.#factors[cluster]!
    let square = 0
    for (let row = 0, at = 0; row < columns; row += 1, at += columns) {
      let value = 0
      for (let column = 0; column <= row; column += 1) value += factor[at + column]! * this.differences[from + column]!
      square += value * value
    }
    return square
  }

  #axisSquare(cluster: number, from: number): number {
    const factor = this.#factors[cluster]!
    let square = 0
    for (let column = 0; column < this.#columns; column += 1) {
      square += (factor[column]! * this.differences[from + column]!) ** 2
    }
    return square
  }
}

function factorOf({ kind, covariances }: GaussianParts, cluster: number, columns: number): Float64Array {
  if (kind === 'full' || kind === 'tied') {
    const size = columns * columns
    const from = kind === 'tied' ? 0 : cluster * size
    return inverseFactor(covariances.subarray(from, from + size), columns, cluster)
  }
  const variances =
    kind === 'diagonal'
      ? covariances.subarray(cluster * columns, (cluster + 1) * columns)
      : new Float64Array(columns).fill(covariances[cluster]!)
  return variances.map((variance) => {
    if (!(variance > 0)) throw singular(cluster)
    return 1 / Math.sqrt(variance)
  })
}

const singular = (cluster: number): RapportError =>
  new RapportError(
    'gaussian-mixture.singular',
    `the covariance of every cluster must be positive definite, that of cluster ${cluster} is not (take a larger regularisation)`,
  )

/** `[d × d]` the inverse of the lower Cholesky factor, itself lower. */
function inverseFactor(covariance: Float64Array, columns: number, cluster: number): Float64Array {
  const factor = cholesky(covariance, columns)
  if (!factor) throw singular(cluster)
  const { lower } = factor
  const inverse = new Float64Array(columns * columns)
  for (let column = 0; column < columns; column += 1) {
    for (let row = column; row < columns; row += 1) {
      let left = row === column ? 1 : 0
      for (let at = column; at < row; at += 1) left -= lower[row * columns + at]! * inverse[at * columns + column]!
      inverse[row * columns + column] = left / lower[row * columns + row]!
    }
  }
  return inverse
}
