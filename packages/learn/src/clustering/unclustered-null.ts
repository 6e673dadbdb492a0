import { cholesky, columnOf, type Matrix, matrix, normalCdf, normalQuantile, type Random } from '@rapport/numerics'
import { fitUnimodal, type UnimodalMargin, unimodalQuantile } from './unimodal-margin.ts'

/** Draws data as these would look if they had their shape but no clusters. */
export interface UnclusteredNull {
  /** `[n × d]` */
  draw(random: Random): Matrix
}

/**
 * The reference that data must beat to be called clustered.
 *
 * Which reference is right decides what "cluster" means. Columns shuffled apart lose their correlation, so any long
 * cloud beats them; a normal cloud with the same covariance loses the skew and heavy tails of spending, so any tail
 * beats it. This one keeps all three: the rank correlation of every pair (a Gaussian copula on normal scores), and each
 * column's own distribution made one-peaked. What it lacks is what clusters are: several dense places.
 *
 * A column with only two values is kept as it is: two values are not yet two groups of customers.
 */
export function unclusteredNull(data: Matrix): UnclusteredNull {
  const { rows, columns } = data
  const margins: UnimodalMargin[] = []
  const scores: Float64Array[] = []
  for (let column = 0; column < columns; column += 1) {
    const values = columnOf(data, column)
    margins.push(fitUnimodal(values))
    scores.push(normalScores(values))
  }
  const factor = correlationFactor(scores, rows)
  return {
    draw(random) {
      const drawn = matrix(rows, columns)
      const normal = new Float64Array(columns)
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) normal[column] = random.normal()
        for (let column = 0; column < columns; column += 1) {
          let score = 0
          for (let from = 0; from <= column; from += 1) score += factor[column * columns + from]! * normal[from]!
          drawn.values[row * columns + column] = unimodalQuantile(margins[column]!, normalCdf(score))
        }
      }
      return drawn
    },
  }
}

/** Normal quantiles of the values' ranks; equal values share their mean rank. */
function normalScores(values: Float64Array): Float64Array {
  const n = values.length
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b)
  const scores = new Float64Array(n)
  for (let from = 0; from < n; ) {
    let to = from
    while (to < n && values[order[to]!] === values[order[from]!]) to += 1
    const score = normalQuantile((from + to) / 2 / n)
    for (; from < to; from += 1) scores[order[from]!] = score
  }
  return scores
}

/** `[d × d]` the lower Cholesky factor of the scores' correlations; a constant column correlates with nothing. */
function correlationFactor(scores: readonly Float64Array[], rows: number): Float64Array {
  const d = scores.length
  const unit = scores.map((column) => {
    let mean = 0
    for (const value of column) mean += value / rows
    let square = 0
    for (const value of column) square += (value - mean) ** 2
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0
    return column.map((value) => (value - mean) * scale)
  })
  const correlations = new Float64Array(d * d)
  for (let a = 0; a < d; a += 1) {
    for (let b = 0; b < a; b += 1) {
      let product = 0
      for (let row = 0; row < rows; row += 1) product += unit[a]![row]! * unit[b]![row]!
      correlations[a * d + b] = product
      correlations[b * d + a] = product
    }
    correlations[a * d + a] = 1
  }
  // Columns that repeat each other leave no room for rounding; shrinking by so little changes nothing else.
  for (let shrink = 1e-9; ; shrink *= 10) {
    const shrunk = correlations.map((value, at) => (at % (d + 1) === 0 ? 1 : value * (1 - shrink)))
    const factor = cholesky(shrunk, d)
    if (factor) return factor.lower
  }
}
