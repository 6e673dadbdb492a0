import { matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { contributionsOfLogistic, fitLogistic, logisticScores, predictLogistic } from './index.ts'
import { linearClassifierContract } from './linear.contract.ts'

linearClassifierContract('logistic regression', { fit: fitLogistic, predict: predictLogistic })

function planted(rows: number, columns: number, seed: number) {
  const random = seededRandom(seed)
  const truth = Float64Array.from({ length: columns }, (_, column) => (column % 3 === 0 ? 0.8 : -0.4) / (1 + column))
  const values = Float64Array.from({ length: rows * columns }, () => random.normal())
  const labels = new Uint8Array(rows)
  for (let row = 0; row < rows; row += 1) {
    let score = -0.5
    for (let column = 0; column < columns; column += 1) score += truth[column]! * values[row * columns + column]!
    labels[row] = random.uniform() < 1 / (1 + Math.exp(-score)) ? 1 : 0
  }
  return { data: matrix(rows, columns, values), labels, truth }
}

/** The optimum is where the gradient vanishes; recomputed here from predictions alone. */
function gradientMax(data: ReturnType<typeof planted>['data'], labels: Uint8Array, penalty: number): number {
  const model = fitLogistic(data, labels, { penalty })
  expect(model.converged).toBe(true)
  const predicted = predictLogistic(model, data)
  const gradient = model.coefficients.map((coefficient) => penalty * coefficient)
  let free = 0
  predicted.forEach((probability, row) => {
    const residual = probability - labels[row]!
    free += residual
    for (let column = 0; column < data.columns; column += 1) {
      gradient[column]! += residual * data.values[row * data.columns + column]!
    }
  })
  return Math.max(Math.abs(free), ...gradient.map(Math.abs))
}

test.each([
  ['Newton', 500, 6],
  ['rows sampled for the Hessian', 70_000, 4],
  ['diagonal', 1_000, 310],
])('the gradient vanishes at the optimum: %s', (_name, rows, columns) => {
  const { data, labels } = planted(rows, columns, 4)
  expect(gradientMax(data, labels, 1)).toBeLessThan(1e-5)
})

test('a column that is zero in every sampled row is still fitted', () => {
  const { data, labels } = planted(100_000, 3, 6)
  // Rows at multiples of 3 are sampled; this column lives in the others, with its effect in the labels.
  for (let row = 1; row < data.rows; row += 3) {
    data.values[row * 3 + 2] = 1
    labels[row] = row % 2
  }
  for (let row = 0; row < data.rows; row += 3) data.values[row * 3 + 2] = 0
  expect(gradientMax(data, labels, 1)).toBeLessThan(1e-5)
  const model = fitLogistic(data, labels, { penalty: 0 })
  expect(model.converged).toBe(true)
  expect(model.rounds).toBeLessThan(15)
})

// Where lbfgs of scikit-learn gives up: a heavy tail, a column in hundred thousands, one that is 1 in a few rows only, and
// a one-hot group that adds up to the intercept, with next to no penalty.
test('columns of all scales, rare and dependent, with many rows', () => {
  const random = seededRandom(5)
  const rows = 70_000
  const values = new Float64Array(rows * 7)
  const labels = new Uint8Array(rows)
  for (let row = 0; row < rows; row += 1) {
    const normal = random.normal()
    const group = random.integer(4)
    values.set([Math.exp(3 * normal), 1e5 + 3e4 * random.normal(), row % 9_001 === 7 ? 1 : 0], row * 7)
    values[row * 7 + 3 + group] = 1
    labels[row] = random.uniform() < 1 / (1 + Math.exp(4 - normal - group / 4)) ? 1 : 0
  }
  const data = matrix(rows, 7, values)
  const model = fitLogistic(data, labels, { penalty: 1e-3 })
  expect(model.converged).toBe(true)
  const predicted = predictLogistic(model, data)
  for (let column = 0; column < 7; column += 1) {
    let gradient = 1e-3 * model.coefficients[column]!
    let squares = 0
    for (let row = 0; row < rows; row += 1) {
      gradient += (predicted[row]! - labels[row]!) * values[row * 7 + column]!
      squares += values[row * 7 + column]! ** 2
    }
    expect(Math.abs(gradient) / Math.sqrt(squares)).toBeLessThan(1e-7)
  }
})

test('planted coefficients are found within four standard errors', () => {
  const { data, labels, truth } = planted(20_000, 5, 2)
  const { coefficients, standardErrors } = fitLogistic(data, labels, { penalty: 0 })
  coefficients.forEach((coefficient, column) => {
    expect(Math.abs(coefficient - truth[column]!)).toBeLessThan(4 * standardErrors![column + 1]!)
  })
})

test('a weight of 2 counts as the row twice, a weight of 0 as no row', () => {
  const { data, labels } = planted(60, 2, 3)
  const weights = Float64Array.from({ length: 60 }, (_, row) => row % 3)
  const rows = Array.from({ length: 60 }, (_, row) => row).flatMap((row) => Array<number>(row % 3).fill(row))
  const repeated = matrixFromRows(rows.map((row) => [data.values[2 * row]!, data.values[2 * row + 1]!]))
  const weighted = fitLogistic(data, labels, { weights })
  const plain = fitLogistic(
    repeated,
    rows.map((row) => labels[row]!),
  )
  weighted.coefficients.forEach((value, at) => {
    expect(value).toBeCloseTo(plain.coefficients[at]!, 9)
  })
  weighted.means.forEach((value, at) => {
    expect(value).toBeCloseTo(plain.means[at]!, 12)
  })
})

test('contributions and base add up to the score', () => {
  const { data, labels } = planted(200, 4, 9)
  const model = fitLogistic(data, labels)
  const { base, contributions } = contributionsOfLogistic(model, data)
  logisticScores(model, data).forEach((score, row) => {
    const sum = Array.from(contributions.values.subarray(row * 4, row * 4 + 4)).reduce(
      (total, value) => total + value,
      base,
    )
    expect(sum).toBeCloseTo(score, 10)
  })
})

test('separated classes need a penalty', () => {
  const data = matrixFromRows([[0], [1], [2], [3]])
  expect(() => fitLogistic(data, [0, 0, 1, 1], { penalty: 0 })).toThrow('separate them without error')
  expect(fitLogistic(data, [0, 0, 1, 1], { penalty: 0.1 }).converged).toBe(true)
  // In part: rows with the second column set are all of class 1, the others are mixed.
  const inPart = matrixFromRows([
    [0, 0],
    [1, 0],
    [2, 0],
    [3, 0],
    [1, 1],
    [2, 1],
  ])
  expect(() => fitLogistic(inPart, [0, 1, 0, 1, 1, 1], { penalty: 0 })).toThrow('separate some rows without error')
})

test('dependent columns need a penalty', () => {
  const { data, labels } = planted(50, 2, 1)
  const doubled = matrix(
    50,
    3,
    Float64Array.from({ length: 150 }, (_, at) => data.values[2 * Math.floor(at / 3) + (at % 3 ? 1 : 0)]!),
  )
  expect(() => fitLogistic(doubled, labels, { penalty: 0 })).toThrow('columns must be independent')
  const { coefficients } = fitLogistic(doubled, labels)
  expect(coefficients[1]).toBeCloseTo(coefficients[2]!, 10)
})

test('options that mean nothing are refused, and an aborted signal stops the work', () => {
  const data = matrixFromRows([[0], [1], [2]])
  const labels = [0, 1, 0]
  expect(() => fitLogistic(data, labels, { penalty: -1 })).toThrow('penalty must be finite and at least 0, got -1')
  expect(() => fitLogistic(data, labels, { tolerance: 0 })).toThrow('tolerance must be above 0, got 0')
  expect(() => fitLogistic(data, labels, { roundsMax: 0 })).toThrow('roundsMax must be a whole number ≥ 1, got 0')
  expect(() => fitLogistic(data, labels, { weights: [1, -1, 1] })).toThrow('got -1 at row 1')
  expect(() => fitLogistic(data, labels, {}, { signal: AbortSignal.abort() })).toThrow('the work was stopped')
  expect(fitLogistic(data, labels, { roundsMax: 1 }).converged).toBe(false)
})

test('with many rows too, a missing value is named by its own row', () => {
  const { data, labels } = planted(70_000, 2, 1)
  data.values[2 * 66_666 + 1] = Number.NaN
  expect(() => fitLogistic(data, labels)).toThrow('got NaN at row 66666, column 1')
})
