import { logSumExp, type Matrix, matrix, RapportError, type SparseMatrix } from '@rapport/numerics'
import { checkNotInfinite } from '../preparation/scaling.ts'
import type { BayesModel, GaussianBayesModel } from './bayes-model.ts'
import { checkCounts, eachEntry } from './count-rows.ts'

/**
 * The probability of each class for each row, `[n × classes]`; a row adds up to 1.
 *
 * Columns that say the same are counted as if they did not, so probabilities lie too near 0 and 1: calibrate before use.
 *
 * @param data `[n × d]` with the columns of training and values as in training; sparse not for `gaussian-bayes`
 * @throws RapportError `<kind>.columns` when d differs from training, `<kind>.sparse`, `<kind>.infinite`, `<kind>.missing`,
 *   `<kind>.negative`
 *
 * Cost: classes multiplications a stored value.
 */
export function predictBayes(model: BayesModel, data: Matrix | SparseMatrix): Matrix {
  const classes = model.logPriors.length
  const scores = scoresOf(model, data, classes)
  for (let row = 0; row < data.rows; row += 1) {
    const own = scores.subarray(row * classes, (row + 1) * classes)
    const all = logSumExp(own)
    for (let k = 0; k < classes; k += 1) own[k] = Math.exp(own[k]! - all)
  }
  return matrix(data.rows, classes, scores)
}

/** Logarithms of prior × likelihood, up to a constant a row. */
function scoresOf(model: BayesModel, data: Matrix | SparseMatrix, classes: number): Float64Array {
  const table =
    model.kind === 'gaussian-bayes'
      ? model.means
      : model.kind === 'multinomial-bayes'
        ? model.logShares
        : model.logPresent
  if (data.columns !== table.columns) {
    throw new RapportError(
      `${model.kind}.columns`,
      `data must have the ${table.columns} columns of training, got ${data.columns}`,
    )
  }
  const scores = Float64Array.from({ length: data.rows * classes }, (_, at) => model.logPriors[at % classes]!)
  if (model.kind === 'gaussian-bayes') {
    if ('rowStarts' in data) throw new RapportError('gaussian-bayes.sparse', 'data must be dense, got a sparse matrix')
    addDensities(model, data, scores, classes)
    return scores
  }
  checkCounts(model.kind, data)
  const columns = table.columns
  if (model.kind === 'multinomial-bayes') {
    eachEntry(data, (row, column, value) => {
      for (let k = 0; k < classes; k += 1) scores[row * classes + k]! += value * table.values[k * columns + column]!
    })
    return scores
  }
  // All absent first; a column that is present then takes its absence back.
  const absent = model.logAbsent.values
  const none = Float64Array.from({ length: classes }, (_, k) => {
    let sum = 0
    for (let column = 0; column < columns; column += 1) sum += absent[k * columns + column]!
    return sum
  })
  for (let at = 0; at < scores.length; at += 1) scores[at]! += none[at % classes]!
  eachEntry(data, (row, column, value) => {
    if (value === 0) return
    for (let k = 0; k < classes; k += 1) {
      const place = k * columns + column
      scores[row * classes + k]! += table.values[place]! - absent[place]!
    }
  })
  return scores
}

function addDensities(
  { means, variances }: GaussianBayesModel,
  data: Matrix,
  scores: Float64Array,
  classes: number,
): void {
  if (data.rows > 0) checkNotInfinite('gaussian-bayes', data)
  const { columns } = data
  const logVariances = Float64Array.from(variances.values, Math.log)
  for (let row = 0; row < data.rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = data.values[row * columns + column]!
      // A value that is missing says nothing for or against a class.
      if (Number.isNaN(value)) continue
      for (let k = 0; k < classes; k += 1) {
        const place = k * columns + column
        const distance = value - means.values[place]!
        scores[row * classes + k]! -= 0.5 * (logVariances[place]! + (distance * distance) / variances.values[place]!)
      }
    }
  }
}
