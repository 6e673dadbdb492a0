import { type Matrix, matrix, matrixFromRows, type Progress, seededRandom, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import type { BoostingModel } from './boosting-model.ts'
import { featureGains } from './feature-gains.ts'
import { fitBoosting } from './fit-boosting.ts'
import { predictBoosting, predictBoostingMargin } from './predict-boosting.ts'

/** Normal columns with gaps, the last one codes of categories; the label follows the first, the second and the codes. */
function makeRows(rows: number, columns = 5, seed = 1): { data: Matrix; labels: Uint8Array } {
  const random = seededRandom(seed)
  const data = matrix(rows, columns)
  const labels = new Uint8Array(rows)
  for (let row = 0; row < rows; row += 1) {
    const own = data.values.subarray(row * columns, (row + 1) * columns)
    own.forEach((_, column) => {
      own[column] = random.normal()
    })
    own[columns - 1] = random.integer(9) - 2
    const margin = 1.5 * own[0]! - own[1]! ** 2 + (own[columns - 1]! % 3)
    labels[row] = random.uniform() < 1 / (1 + Math.exp(-margin)) ? 1 : 0
    if (random.uniform() < 0.2) own[1] = NaN
  }
  return { data, labels }
}

/** Every byte of a model, to tell models apart. */
const bytesOf = (model: BoostingModel): string =>
  JSON.stringify(model, (_, value) =>
    ArrayBuffer.isView(value)
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      : value,
  )

test('the same seed gives the same bytes for any number of workers', async () => {
  const { data, labels } = makeRows(70_000, 9)
  const fit = (workers: number) => fitBoosting(data, labels, { rounds: 4, categorical: [8], seed: 5, workers })
  const alone = bytesOf(await fit(0))
  for (const workers of [1, 2, 3, 8]) expect(bytesOf(await fit(workers))).toBe(alone)
})

test('the arguments are left as they were', async () => {
  const { data, labels } = makeRows(500)
  const [values, given] = [data.values.slice(), labels.slice()]
  const weights = new Float64Array(500).fill(2)
  await fitBoosting(data, labels, { rounds: 3, categorical: [4], weights, seed: 1 })
  expect(data.values).toEqual(values)
  expect(labels).toEqual(given)
  expect(weights).toEqual(new Float64Array(500).fill(2))
})

test('double and single precision data with the same values give the same model', async () => {
  const { data, labels } = makeRows(600)
  const single = matrix(600, 5, Float32Array.from(data.values))
  const double = matrix(600, 5, Float64Array.from(single.values))
  const options = { rounds: 5, seed: 1 }
  expect(bytesOf(await fitBoosting(single, labels, options))).toBe(bytesOf(await fitBoosting(double, labels, options)))
})

test('a model goes through structuredClone and JSON and predicts the same', async () => {
  const { data, labels } = makeRows(600)
  const model = await fitBoosting(data, labels, { rounds: 8, categorical: [4], seed: 1 })
  const before = predictBoosting(model, data)
  expect(predictBoosting(structuredClone(model), data)).toEqual(before)
  const text = JSON.stringify(model, (_, value) =>
    ArrayBuffer.isView(value)
      ? { type: value.constructor.name, numbers: Array.from(value as Float64Array, String) }
      : value,
  )
  const makers = { Float64Array, Int32Array, Uint32Array, Uint8Array }
  const loaded = JSON.parse(text, (_, value) =>
    value?.numbers ? makers[value.type as keyof typeof makers].from(value.numbers.map(Number)) : value,
  ) as BoostingModel
  expect(predictBoosting(loaded, data)).toEqual(before)
})

test('the two sides of a split by categories are held back by l2 and categoryL2 together, those by numbers by l2', async () => {
  // 40 rows a half, 30 of them ones on the left and 10 on the right: gradients of ∓10 and a hessian of 10 a side.
  const labels = Array.from({ length: 80 }, (_, row) => (row < 40 ? Number(row < 30) : Number(row < 50)))
  const data = matrixFromRows(labels.map((_, row) => [row < 40 ? 0 : 1]))
  const leavesWith = async (categorical: number[]): Promise<number[]> => {
    const options = { rounds: 1, learningRate: 1, leavesMax: 2, l2: 2, categoryL2: 8, categorical, seed: 1 }
    return Array.from((await fitBoosting(data, labels, options)).trees.values.slice(1)).sort()
  }
  expect((await leavesWith([])).map((value) => value.toFixed(6))).toEqual(['-0.833333', '0.833333'])
  expect((await leavesWith([0])).map((value) => value.toFixed(6))).toEqual(['-0.500000', '0.500000'])
})

test('learns what is there: a planted checkerboard, also from gaps alone', async () => {
  const random = seededRandom(2)
  const values = Array.from({ length: 4000 }, () => [random.uniform(), random.uniform(), random.integer(2) ? NaN : 1])
  const labels = values.map(([a, b, c]) => (Number(a! > 0.5) + Number(b! > 0.5) + Number(Number.isNaN(c))) % 2)
  const model = await fitBoosting(matrixFromRows(values), labels, { seed: 1 })
  const wrong = predictBoosting(model, matrixFromRows(values)).filter((p, row) => p > 0.5 !== (labels[row] === 1))
  expect(wrong.length).toBeLessThan(40)
})

test('gains are shares, and none for a column that says nothing', async () => {
  const { data, labels } = makeRows(2000)
  for (let row = 0; row < 2000; row += 1) data.values[5 * row + 2] = 7
  const gains = featureGains(await fitBoosting(data, labels, { rounds: 20, categorical: [4], seed: 1 }))
  expect(gains.reduce((sum, gain) => sum + gain, 0)).toBeCloseTo(1, 12)
  expect(gains[2]).toBe(0)
  expect(gains[0]).toBeGreaterThan(gains[3]!)
})

test('early stopping keeps the rounds up to the best and repeats itself', async () => {
  const { data, labels } = makeRows(1500)
  const options = { rounds: 400, learningRate: 0.3, earlyStopping: { share: 0.2, patience: 5 }, seed: 3 }
  const model = await fitBoosting(data, labels, options)
  expect(model.rounds).toBeGreaterThan(0)
  expect(model.rounds).toBeLessThan(100)
  expect(bytesOf(await fitBoosting(data, labels, options))).toBe(bytesOf(model))
})

test('rows of a group are held back together, so that copies of a row do not put the stop off', async () => {
  const { data, labels } = makeRows(400)
  const copies = 4
  const rows = Int32Array.from({ length: copies * data.rows }, (_, row) => row % data.rows)
  const own = (groups?: Int32Array) =>
    fitBoosting(
      takeRows(data, rows),
      Array.from(rows, (row) => labels[row]!),
      {
        ...{ rounds: 400, learningRate: 0.3, rowsPerLeafMin: 20 * copies, seed: 3 },
        earlyStopping: { share: 0.2, patience: 5, ...(groups ? { groups } : {}) },
      },
    )
  const [alone, together] = [await own(), await own(rows)]
  expect(together.rounds).toBeLessThan(60)
  expect(alone.rounds).toBeGreaterThan(3 * together.rounds)
  await expect(own(Int32Array.of(1, 2))).rejects.toThrow('a group for each of the 1600 rows, got 2')
})

test('too few rows to split give the share of ones, from single leaves', async () => {
  const model = await fitBoosting(matrixFromRows([[1], [2], [3]]), [0, 1, 1], { rounds: 2, seed: 1 })
  expect(Array.from(model.trees.columns)).toEqual([-1, -1])
  expect(predictBoosting(model, matrixFromRows([[NaN]]))[0]).toBeCloseTo(2 / 3, 12)
})

test('infinite values and columns of nothing but gaps are taken as they are', async () => {
  const values = Array.from({ length: 200 }, (_, row) => [row < 100 ? -Infinity : Infinity, NaN])
  const labels = values.map(([value]) => (value === Infinity ? 1 : 0))
  const model = await fitBoosting(matrixFromRows(values), labels, { seed: 1 })
  const [low, high] = predictBoosting(
    model,
    matrixFromRows([
      [-Infinity, 1],
      [Infinity, NaN],
    ]),
  )
  expect(low).toBeLessThan(0.01)
  expect(high).toBeGreaterThan(0.99)
})

test('progress is reported for every round, and an abort stops the fit between rounds', async () => {
  const { data, labels } = makeRows(500)
  const seen: Progress[] = []
  await fitBoosting(data, labels, { rounds: 3, seed: 1 }, { onProgress: (progress) => seen.push(progress) })
  expect(seen).toEqual([1, 2, 3].map((done) => ({ stage: 'boosting round', done, total: 3 })))

  const controller = new AbortController()
  let rounds = 0
  const onProgress = (): void => {
    rounds += 1
    if (rounds === 2) setTimeout(() => controller.abort())
  }
  const fit = fitBoosting(data, labels, { rounds: 100_000, seed: 1 }, { signal: controller.signal, onProgress })
  await expect(fit).rejects.toMatchObject({ code: 'work.aborted' })
  expect(rounds).toBeLessThan(100)
})

test('what makes no sense is refused with what must hold', async () => {
  const { data, labels } = makeRows(40)
  const one = { data: matrixFromRows([[1, 2]]), labels: [1] }
  await expect(fitBoosting(one.data, one.labels, { seed: 1 })).rejects.toThrow(
    'labels must hold both 0 and 1 to learn from, got only 1',
  )
  const weights = Float64Array.from(labels, (label) => 1 - label)
  await expect(fitBoosting(data, labels, { weights, seed: 1 })).rejects.toMatchObject({ code: 'boosting.one-class' })
  await expect(fitBoosting(matrix(0, 3), [], { seed: 1 })).rejects.toMatchObject({ code: 'boosting.data' })
  await expect(fitBoosting(data, [1, 0], { seed: 1 })).rejects.toMatchObject({ code: 'boosting.labels' })
  await expect(
    fitBoosting(
      data,
      labels.map((label) => label + 1),
      { seed: 1 },
    ),
  ).rejects.toThrow('labels must be 0 or 1')
  await expect(fitBoosting(data, labels, { weights: [1], seed: 1 })).rejects.toMatchObject({ code: 'boosting.weights' })
  await expect(fitBoosting(data, labels, { rounds: 0, seed: 1 })).rejects.toThrow(
    'rounds must be a whole number ≥ 1, got 0',
  )
  await expect(fitBoosting(data, labels, { binsMax: 256, seed: 1 })).rejects.toThrow(
    'binsMax must be a whole number from 2',
  )
  await expect(fitBoosting(data, labels, { categorical: [5], seed: 1 })).rejects.toMatchObject({
    code: 'boosting.options',
  })
  await expect(fitBoosting(data, labels, { categorical: [0], binsMax: 20, seed: 1 })).rejects.toThrow(
    'a categorical column must have at most 20 categories, column 0 has more',
  )
  const model = await fitBoosting(data, labels, { rounds: 1, seed: 1 })
  expect(() => predictBoostingMargin(model, one.data)).toThrow('data must have the 5 columns')
})
