import { type Matrix, matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitBoosting } from './fit-boosting.ts'
import { fitBoostingClasses } from './fit-boosting-classes.ts'
import { fitBoostingRegression } from './fit-boosting-regression.ts'
import type { RegressionLoss } from './objectives/regression-loss.ts'
import { predictBoosting, predictBoostingClasses, predictBoostingRegression } from './predict-boosting.ts'

const losses: RegressionLoss[] = [
  { kind: 'squared' },
  { kind: 'absolute' },
  { kind: 'quantile', share: 0.3 },
  { kind: 'poisson' },
  { kind: 'gamma' },
  { kind: 'tweedie', power: 1.2 },
]

/** Amounts above 0 whose mean follows the first two columns, and three classes that follow the first. */
function makeRows(rows: number, seed = 1): { data: Matrix; amounts: Float64Array; classes: Uint8Array } {
  const random = seededRandom(seed)
  const data = matrix(rows, 3)
  const amounts = new Float64Array(rows)
  const classes = new Uint8Array(rows)
  for (let row = 0; row < rows; row += 1) {
    const own = data.values.subarray(3 * row, 3 * row + 3).map(() => random.normal())
    data.values.set(own, 3 * row)
    amounts[row] = random.gamma(2, 0.5) * Math.exp(own[0]! + Number(own[1]! > 0))
    classes[row] = own[0]! + 0.3 * random.normal() > 0.5 ? 2 : own[0]! > -0.5 ? 0 : 1
  }
  return { data, amounts, classes }
}

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0)

test.each(losses.slice(0, 2))(
  '$kind: the same for any number of workers, and the arguments stay as they were',
  async (loss) => {
    const { data, amounts } = makeRows(30_000)
    const before = [data.values.slice(), amounts.slice()]
    const fit = (workers: number) => fitBoostingRegression(data, amounts, { loss, rounds: 2, seed: 1, workers })
    expect(await fit(2)).toEqual(await fit(0))
    expect([data.values, amounts]).toEqual(before)
  },
)

test.each(losses)('$kind: early stopping keeps fewer rounds than it was allowed, and repeats itself', async (loss) => {
  const { data, amounts } = makeRows(800)
  const options = { loss, rounds: 300, earlyStopping: { share: 0.2, patience: 4 }, seed: 2 }
  const model = await fitBoostingRegression(data, amounts, options)
  expect(model.rounds).toBeGreaterThan(0)
  expect(model.rounds).toBeLessThan(200)
  expect(model.trees.starts.length - 1).toBe(model.rounds)
  expect(await fitBoostingRegression(data, amounts, options)).toEqual(model)
})

// Where the loss is lowest, its slopes sum to 0: Σ μ^e (μ − y) = 0 with e = 0 for the squared and Poisson losses, −1 for
// gamma and 1 − power for Tweedie. Quantiles leave their share of the rows below.
test('predictions are the mean, the median or the quantile that was asked for', async () => {
  const { data, amounts } = makeRows(2000)
  for (const loss of losses) {
    const model = await fitBoostingRegression(data, amounts, { loss, rounds: 150, seed: 1 })
    const predicted = predictBoostingRegression(model, data)
    if (loss.kind === 'absolute' || loss.kind === 'quantile') {
      const below = amounts.filter((amount, row) => amount < predicted[row]!).length / 2000
      expect(Math.abs(below - (loss.kind === 'quantile' ? loss.share : 0.5))).toBeLessThan(0.03)
      continue
    }
    const exponent = loss.kind === 'gamma' ? -1 : loss.kind === 'tweedie' ? 1 - loss.power : 0
    const ratio =
      sum(amounts.map((amount, row) => amount * predicted[row]! ** exponent)) /
      sum(predicted.map((mean) => mean * mean ** exponent))
    expect(ratio).toBeCloseTo(1, 2)
  }
})

test('too few rows to split give the mean, or the median', async () => {
  const data = matrixFromRows([[1], [2], [3]])
  const predict = async (loss: RegressionLoss): Promise<number> =>
    predictBoostingRegression(await fitBoostingRegression(data, [1, 1, 7], { loss, rounds: 3, seed: 1 }), data)[0]!
  for (const kind of ['squared', 'poisson', 'gamma'] as const) expect(await predict({ kind })).toBeCloseTo(3, 12)
  expect(await predict({ kind: 'absolute' })).toBe(1)
})

test('classes: probabilities of a row sum to 1, and two classes say what the yes-or-no target says', async () => {
  const { data, classes } = makeRows(1500)
  const model = await fitBoostingClasses(data, classes, { rounds: 30, seed: 1 })
  const { values } = predictBoostingClasses(model, data)
  let right = 0
  for (let row = 0; row < 1500; row += 1) {
    const own = values.subarray(3 * row, 3 * row + 3)
    expect(sum(own)).toBeCloseTo(1, 12)
    if (own.indexOf(Math.max(...own)) === classes[row]) right += 1
  }
  expect(right / 1500).toBeGreaterThan(0.9)

  const isTwo = classes.map((label) => (label === 2 ? 1 : 0))
  // Both classes' margins move, in opposite directions and half as far: K / (K − 1) is 2.
  const one = predictBoosting(await fitBoosting(data, isTwo, { rounds: 30, seed: 1 }), data)
  const both = predictBoostingClasses(await fitBoostingClasses(data, isTwo, { rounds: 30, seed: 1 }), data).values
  one.forEach((p, row) => {
    expect(Math.abs(p - both[2 * row + 1]!)).toBeLessThan(1e-6)
  })
})

test('classes: the same for any number of workers, and early stopping keeps whole rounds', async () => {
  const { data, classes } = makeRows(30_000)
  const fit = (workers: number) => fitBoostingClasses(data, classes, { rounds: 2, seed: 1, workers })
  expect(await fit(2)).toEqual(await fit(0))
  const few = makeRows(900, 3)
  const earlyStopping = { share: 0.2, patience: 4 }
  const model = await fitBoostingClasses(few.data, few.classes, { rounds: 200, earlyStopping, seed: 1 })
  expect(model.rounds).toBeLessThan(100)
  expect(model.trees.starts.length - 1).toBe(3 * model.rounds)
})

test('what makes no sense is refused with what must hold', async () => {
  const { data, amounts, classes } = makeRows(50)
  const refuse = async (loss: RegressionLoss, targets: ArrayLike<number>, message: string): Promise<void> => {
    await expect(fitBoostingRegression(data, targets, { loss, seed: 1 })).rejects.toThrow(message)
  }
  await refuse({ kind: 'squared' }, [1], 'targets must hold one number a row, 50, got 1')
  await refuse({ kind: 'squared' }, amounts.with(3, NaN), 'targets must be finite, got NaN at row 3')
  await refuse({ kind: 'poisson' }, amounts.with(3, -1), 'at least 0 for the poisson loss, got -1 at row 3')
  await refuse({ kind: 'gamma' }, amounts.with(3, 0), 'above 0 for the gamma loss, got 0 at row 3')
  await refuse({ kind: 'tweedie', power: 1.5 }, new Uint8Array(50), 'must hold one above 0 among the rows')
  await refuse({ kind: 'tweedie', power: 2 }, amounts, 'loss.power must be between 1 and 2, got 2')
  await refuse({ kind: 'quantile', share: 1 }, amounts, 'loss.share must be between 0 and 1, got 1')
  const weights = new Float64Array(50)
  await expect(fitBoostingRegression(data, amounts, { weights, seed: 1 })).rejects.toThrow(
    'weights must hold one above',
  )
  await expect(fitBoostingClasses(data, [1], { seed: 1 })).rejects.toThrow('labels must hold one number a row')
  await expect(fitBoostingClasses(data, amounts, { seed: 1 })).rejects.toThrow('labels must be whole numbers from 0')
  await expect(fitBoostingClasses(data, new Uint8Array(50), { seed: 1 })).rejects.toThrow('got 1 of them')
  await expect(
    fitBoostingClasses(
      data,
      classes.map((label) => 2 * label),
      { seed: 1 },
    ),
  ).rejects.toThrow('got none of 1')
  const model = await fitBoostingRegression(data, amounts, { rounds: 1, seed: 1 })
  expect(() => predictBoostingRegression(model, matrixFromRows([[1]]))).toThrow('data must have the 3 columns')
})
