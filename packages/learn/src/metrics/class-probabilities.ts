import { type Matrix, RapportError } from '@rapport/numerics'
import { checkedMetricWeights, checkedNumbers } from '../linear/checked-numbers.ts'
import { defined, type Metric, type MetricOptions, missing } from './metric.ts'
import { rocAuc } from './ranking.ts'

/** Rows of a metric of several classes' probabilities, checked. */
interface ClassRows {
  readonly probabilities: Matrix
  readonly actual: Float64Array
  readonly weights: Float64Array | undefined
}

/**
 * Mean negative log likelihood of the actual classes, in nats; `logLoss` for any number of classes. A probability of 0 is moved
 * inwards by 2⁻⁵².
 *
 * @param probabilities `[n × classes]` each row adding up to 1
 * @param actual `[n]` whole numbers 0 … classes − 1
 * @returns ≥ 0, or `no-rows`
 * @throws RapportError `class-probabilities.actual`, `.weights`, `.probabilities`
 *
 * @example
 * classLogLoss(matrixFromRows([[0.5, 0.25, 0.25]]), [0]) // { defined: true, value: 0.6931471805599453 }
 */
export function classLogLoss(probabilities: Matrix, actual: ArrayLike<number>, options: MetricOptions = {}): Metric {
  return meanOfRows(checkedRows(probabilities, actual, options), (row, own) => {
    const chance = probabilities.values[row * probabilities.columns + own]!
    return -Math.log(Math.min(Math.max(chance, Number.EPSILON), 1 - Number.EPSILON))
  })
}

/**
 * Mean squared distance of the probabilities from the actual class, summed over the classes: 0 … 2, so that for two classes it is
 * twice `brier`.
 *
 * @throws RapportError as `classLogLoss`
 *
 * Source: Brier, Monthly Weather Review 78, 1950, in its first form.
 */
export function classBrier(probabilities: Matrix, actual: ArrayLike<number>, options: MetricOptions = {}): Metric {
  const { columns, values } = probabilities
  return meanOfRows(checkedRows(probabilities, actual, options), (row, own) => {
    let squares = 0
    for (let at = 0; at < columns; at += 1) squares += (values[row * columns + at]! - (at === own ? 1 : 0)) ** 2
    return squares
  })
}

/**
 * The mean, over the classes that occur, of the area under the ROC curve of each class against all others: 0.5 for a guess,
 * whatever the shares.
 *
 * @returns 0 … 1, or `one-class` when all rows are of one
 * @throws RapportError as `classLogLoss`
 *
 * Source: Provost & Domingos, 2000; as scikit-learn's `roc_auc_score(multi_class="ovr", average="macro")`.
 */
export function classRocAuc(probabilities: Matrix, actual: ArrayLike<number>, options: MetricOptions = {}): Metric {
  const rows = checkedRows(probabilities, actual, options)
  const { columns, values } = probabilities
  const areas = Array.from({ length: columns }, (_, own) => {
    const scores = rows.actual.map((__, row) => values[row * columns + own]!)
    const labels = rows.actual.map((one) => (one === own ? 1 : 0))
    return rocAuc(scores, labels, rows.weights ? { weights: rows.weights } : {})
  })
  const found = areas.flatMap((area) => (area.defined ? [area.value] : []))
  if (found.length > 0) return defined(found.reduce((sum, area) => sum + area / found.length, 0))
  return areas[0] ?? missing('no-rows')
}

function meanOfRows({ actual, weights }: ClassRows, loss: (row: number, own: number) => number): Metric {
  let [sum, total] = [0, 0]
  actual.forEach((own, row) => {
    const weight = weights ? weights[row]! : 1
    if (weight === 0) return
    sum += weight * loss(row, own)
    total += weight
  })
  return total > 0 ? defined(sum / total) : missing('no-rows')
}

function checkedRows(probabilities: Matrix, actual: ArrayLike<number>, { weights }: MetricOptions): ClassRows {
  const { rows, columns, values } = probabilities
  const own = checkedNumbers('class-probabilities', 'actual', rows, actual, 0)
  const wrong = own.findIndex((value) => !(Number.isInteger(value) && value < columns))
  if (wrong >= 0) {
    throw new RapportError(
      'class-probabilities.actual',
      `actual must be whole numbers 0 … ${columns - 1}, got ${own[wrong]} at row ${wrong}`,
    )
  }
  for (let row = 0; row < rows; row += 1) {
    let sum = 0
    for (let at = 0; at < columns; at += 1) sum += values[row * columns + at]! >= 0 ? values[row * columns + at]! : NaN
    // Single precision and rounded files leave six digits.
    if (!(Math.abs(sum - 1) <= 1e-6)) {
      throw new RapportError(
        'class-probabilities.probabilities',
        `probabilities of a row must be at least 0 and add up to 1, got ${sum} at row ${row}`,
      )
    }
  }
  const given = weights && checkedMetricWeights('class-probabilities', rows, weights)
  return { probabilities, actual: own, weights: given }
}
