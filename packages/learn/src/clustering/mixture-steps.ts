import { logSumExp, type Matrix, RapportError } from '@rapport/numerics'
import { clusterMeans, clusterSizes } from './cluster-labels.ts'
import { GaussianDensities } from './gaussian-densities.ts'
import { type CovarianceKind, type GaussianParts, isDense, MixtureSums } from './gaussian-parts.ts'
import type { WorkPace } from './work-pace.ts'

/** Tells `use` of every row: its probabilities, its log density, its differences to the means (all overwritten). */
export async function expectRows(
  data: Matrix,
  parts: GaussianParts,
  pace: WorkPace,
  use: (row: number, memberships: Float64Array, logDensity: number, differences: Float64Array) => void,
): Promise<void> {
  const densities = new GaussianDensities(parts)
  const clusters = parts.shares.length
  const memberships = new Float64Array(clusters)
  const steps = clusters * (isDense(parts.kind) ? data.columns : 1)
  for (let row = 0; row < data.rows; row += 1) {
    densities.evaluate(data.values, row * data.columns, memberships)
    const logDensity = logSumExp(memberships)
    for (let cluster = 0; cluster < clusters; cluster += 1) {
      memberships[cluster] = Math.exp(memberships[cluster]! - logDensity)
    }
    use(row, memberships, logDensity, densities.differences)
    if (pace.isDue(steps)) await pace.turn('expectation and maximisation', row, data.rows)
  }
}

/** The likeliest parts when each row is in the cluster that its label says. */
export function partsOfLabels(
  data: Matrix,
  labels: Int32Array,
  clusters: number,
  kind: CovarianceKind,
  ridge: Float64Array,
  weights: Float64Array | undefined,
): GaussianParts {
  const { columns, values } = data
  const points = clusterMeans(data, labels, clusterSizes(labels, clusters))
  const sums = new MixtureSums(kind, points, columns)
  const differences = new Float64Array(points.length)
  labels.forEach((label, row) => {
    for (let column = 0; column < columns; column += 1) {
      differences[label * columns + column] = values[row * columns + column]! - points[label * columns + column]!
    }
    sums.add(differences, label, weights ? weights[row]! : 1)
  })
  return sums.toParts(ridge)
}

/** `[d]` what is added to the variances; a constant column takes a millionth of the mean variance. */
export function ridgeOf(data: Matrix, regularisation: number | undefined): Float64Array {
  const { rows, columns, values } = data
  const all = new Int32Array(rows)
  const means = clusterMeans(data, all, Int32Array.of(rows))
  const variances = new Float64Array(columns)
  for (let at = 0; at < values.length; at += 1) {
    variances[at % columns]! += (values[at]! - means[at % columns]!) ** 2 / rows
  }
  const mean = variances.reduce((sum, variance) => sum + variance, 0) / columns
  if (!(mean > 0 && mean < Infinity)) {
    throw new RapportError(
      'gaussian-mixture.spread',
      `rows must differ, and their variances must be numbers in range, got a mean variance of ${mean}`,
    )
  }
  return variances.map((variance) => regularisation ?? 1e-6 * (variance > 0 ? variance : mean))
}
