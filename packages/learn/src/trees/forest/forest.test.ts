import { type Matrix, matrix, matrixFromRows, type Progress, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { featureGains } from '../feature-gains.ts'
import { fitForest, fitForestRegression } from './fit-forest.ts'
import { fitTree, fitTreeRegression } from './fit-tree.ts'
import { predictForest, predictForestRegression } from './predict-forest.ts'

/** Four columns: numbers, numbers with gaps, noise, and codes of categories; number, classes and yes-or-no follow three. */
function makeRows(rows: number, seed: number) {
  const random = seededRandom(seed)
  const data = matrix(rows, 4)
  const number = new Float64Array(rows)
  const classes = new Uint8Array(rows)
  for (let row = 0; row < rows; row += 1) {
    const own = data.values.subarray(4 * row, 4 * row + 4)
    own.set([random.normal(), random.normal(), random.normal(), random.integer(7) * 3 - 4])
    number[row] = 2 * own[0]! + own[1]! ** 2 + Math.abs(own[3]! - 2) / 2 + 0.3 * random.normal()
    if (random.uniform() < 0.2) own[1] = NaN
    classes[row] = number[row]! > 3 ? 2 : own[0]! > 0 ? 1 : 0
  }
  return { data, number, classes, yes: classes.map((label) => (label === 2 ? 1 : 0)) }
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length

const rightShare = ({ values, columns }: Matrix, labels: Uint8Array): number =>
  mean(
    labels.map((label, row) => {
      const own = values.subarray(row * columns, (row + 1) * columns)
      return own.indexOf(Math.max(...own)) === label ? 1 : 0
    }),
  )

const shared = { categorical: [3], trees: 40, seed: 1 }

test.each(['best', 'random'] as const)(
  '%s: learns classes, two classes and numbers, on new rows',
  async (thresholds) => {
    const [train, fresh] = [makeRows(1500, 1), makeRows(500, 2)]
    const three = await fitForest(train.data, train.classes, { ...shared, thresholds })
    const probabilities = predictForest(three, fresh.data)
    expect(rightShare(probabilities, fresh.classes)).toBeGreaterThan(0.83)
    for (let row = 0; row < 500; row += 1) {
      expect(3 * mean(probabilities.values.subarray(3 * row, 3 * row + 3))).toBeCloseTo(1, 12)
    }
    const two = await fitForest(train.data, train.yes, { ...shared, thresholds })
    expect(rightShare(predictForest(two, fresh.data), fresh.yes)).toBeGreaterThan(0.85)
    const options = { ...shared, thresholds, columnsPerSplit: 3 }
    const predicted = predictForestRegression(await fitForestRegression(train.data, train.number, options), fresh.data)
    const level = mean(fresh.number)
    const error = mean(predicted.map((value, row) => (value - fresh.number[row]!) ** 2))
    expect(error / mean(fresh.number.map((value) => (value - level) ** 2))).toBeLessThan(0.25)
  },
)

test('two classes as two or as one number give the same forest', async () => {
  const { data, yes } = makeRows(400, 3)
  const model = await fitForest(data, yes, { ...shared, rowsPerLeafMin: 5, columnsPerSplit: 2 })
  const number = await fitForestRegression(data, yes, { ...shared, columnsPerSplit: 2 })
  expect(model.trees).toEqual(number.trees)
})

test('out of bag, the error is that on new rows, not that on the rows that were learned', async () => {
  const [train, fresh] = [makeRows(1500, 4), makeRows(3000, 5)]
  const model = await fitForestRegression(train.data, train.number, { ...shared, trees: 100 })
  const errorOf = (predicted: Float64Array, targets: Float64Array): number =>
    mean(predicted.map((value, row) => (value - targets[row]!) ** 2))
  const outside = errorOf(model.outOfBag!, train.number)
  const onNew = errorOf(predictForestRegression(model, fresh.data), fresh.number)
  expect(Math.abs(outside / onNew - 1)).toBeLessThan(0.15)
  expect(errorOf(predictForestRegression(model, train.data), train.number)).toBeLessThan(0.7 * outside)
})

test('the same seed gives the same forest, another seed another', async () => {
  const { data, classes } = makeRows(300, 6)
  const values = data.values.slice()
  const model = await fitForest(data, classes, shared)
  expect(await fitForest(data, classes, shared)).toEqual(model)
  expect(data.values).toEqual(values)
  expect((await fitForest(data, classes, { ...shared, seed: 2 })).trees).not.toEqual(model.trees)
  expect(predictForest(structuredClone(model), data)).toEqual(predictForest(model, data))
})

test('a column that says nothing gets the smallest share of the gains', async () => {
  const { data, number } = makeRows(1000, 7)
  const gains = featureGains(await fitForestRegression(data, number, { ...shared, columnsPerSplit: 4 }))
  expect(gains.reduce((sum, gain) => sum + gain, 0)).toBeCloseTo(1, 12)
  expect(gains.indexOf(Math.min(...gains))).toBe(2)
  expect(gains.indexOf(Math.max(...gains))).toBe(0)
})

test('a row of weight 3 is the row three times, and rows of weight 0 are not there', async () => {
  const { data, number } = makeRows(60, 8)
  const whole = Array.from(number, (_, row) => row % 3)
  const repeated = whole.flatMap((weight, row) => new Array<number>(weight).fill(row))
  const rows = matrixFromRows(repeated.map((row) => Array.from(data.values.subarray(4 * row, 4 * row + 4))))
  const targets = repeated.map((row) => number[row]!)
  const one = await fitTreeRegression(data, number, { weights: whole, rowsPerLeafMin: 1, depthMax: 4, seed: 1 })
  const other = await fitTreeRegression(rows, targets, { rowsPerLeafMin: 1, depthMax: 4, seed: 1 })
  const [weighted, plain] = [one, other].map((model) => predictForestRegression(model, data))
  weighted!.forEach((value, row) => {
    expect(Math.abs(value - plain![row]!)).toBeLessThan(1e-9)
  })
})

test('a higher penalty never leaves more leaves, and a huge one leaves the share of each class', async () => {
  const { data, classes } = makeRows(400, 9)
  let before = Infinity
  for (const penalty of [0, 0.0005, 0.002, 0.01, 0.05, 10]) {
    const { trees } = await fitTree(data, classes, { penalty, categorical: [3], seed: 1 })
    const leaves = trees.columns.filter((column) => column < 0).length
    expect(leaves).toBeLessThanOrEqual(before)
    before = leaves
  }
  const stump = await fitTree(data, classes, { penalty: 10, seed: 1 })
  expect(predictForest(stump, data).values[2]).toBeCloseTo(mean(classes.map((label) => (label === 2 ? 1 : 0))), 12)
})

test('a checkerboard, whose first split gains nothing, is learned by a single tree', async () => {
  const rows = Array.from({ length: 100 }, (_, at) => [at % 10, Math.floor(at / 10)])
  const labels = rows.map(([a, b]) => (Number(a! > 4) + Number(b! > 4)) % 2)
  const tree = await fitTree(matrixFromRows(rows), labels, { rowsPerLeafMin: 1, seed: 1 })
  expect(rightShare(predictForest(tree, matrixFromRows(rows)), Uint8Array.from(labels))).toBe(1)
})

test('one row, constant columns, gaps alone and infinite values are taken as they are', async () => {
  const single = await fitForestRegression(matrixFromRows([[1, NaN]]), [7], { trees: 3, seed: 1 })
  expect(predictForestRegression(single, matrixFromRows([[NaN, 2]]))[0]).toBe(7)
  const rows = Array.from({ length: 60 }, (_, row) => [row < 30 ? -Infinity : Infinity, NaN, 5])
  const labels = rows.map((_, row) => (row < 30 ? 0 : 1))
  for (const thresholds of ['best', 'random'] as const) {
    const model = await fitForest(matrixFromRows(rows), labels, { thresholds, trees: 10, seed: 1 })
    expect(rightShare(predictForest(model, matrixFromRows(rows)), Uint8Array.from(labels))).toBe(1)
  }
})

test('progress is reported for every tree, and an abort stops between trees', async () => {
  const { data, yes } = makeRows(200, 10)
  const seen: Progress[] = []
  await fitForest(data, yes, { trees: 2, seed: 1 }, { onProgress: (progress) => seen.push(progress) })
  expect(seen).toEqual([1, 2].map((done) => ({ stage: 'forest tree', done, total: 2 })))
  const controller = new AbortController()
  const work = { signal: controller.signal, onProgress: () => controller.abort() }
  await expect(fitForest(data, yes, { trees: 9, seed: 1 }, work)).rejects.toMatchObject({ code: 'work.aborted' })
})

test('what makes no sense is refused with what must hold', async () => {
  const { data, number, yes } = makeRows(30, 11)
  const refuse = (options: object, message: string) =>
    expect(fitForest(data, yes, { seed: 1, ...options })).rejects.toThrow(message)
  await refuse({ trees: 0 }, 'trees must be a whole number ≥ 1, got 0')
  await refuse({ columnsPerSplit: 5 }, 'columnsPerSplit must be a whole number from 1 to 4, got 5')
  await refuse({ weights: [1] }, 'weights must hold one number a row')
  await expect(fitForest(data, number, { seed: 1 })).rejects.toThrow('labels must be whole numbers')
  await expect(fitForestRegression(data, number.with(2, NaN), { seed: 1 })).rejects.toThrow('got NaN at row 2')
  await expect(fitForestRegression(matrix(0, 2), [], { seed: 1 })).rejects.toMatchObject({ code: 'boosting.data' })
  await expect(fitTree(data, yes, { penalty: -1, seed: 1 })).rejects.toThrow(
    'penalty must be a number 0 or more, got -1',
  )
  const model = await fitForest(data, yes, { trees: 1, seed: 1 })
  expect(() => predictForestRegression(model, data)).toThrow('needs a forest for a number, got one for 2 classes')
  expect(() => predictForest(model, matrixFromRows([[1]]))).toThrow('data must have the 4 columns')
})
