import { type Matrix, matrix, matrixFromRows, type Progress, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { type ArmedRows, fitUpliftForest, fitUpliftTree } from './fit-uplift-forest.ts'
import { predictArmResponses, predictUpliftForest } from './uplift-forest-model.ts'

/** Three columns: the first decides what treatment 1 does, the codes of the second what treatment 2 does. */
function makeRows(rows: number, seed: number): ArmedRows & { readonly data: Matrix; readonly effects: Matrix } {
  const random = seededRandom(seed)
  const data = matrix(rows, 3)
  const effects = matrix(rows, 2)
  const arms = new Uint8Array(rows)
  const outcomes = new Uint8Array(rows)
  for (let row = 0; row < rows; row += 1) {
    const [own, code, other] = [random.normal(), random.integer(6), random.normal()]
    effects.values.set([own > 0 ? 0.3 : 0, code === 1 || code === 4 ? 0.4 : 0], 2 * row)
    arms[row] = random.integer(3)
    const effect = arms[row]! > 0 ? effects.values[2 * row + arms[row]! - 1]! : 0
    outcomes[row] = random.uniform() < 0.2 + 0.1 * Number(other > 0) + effect ? 1 : 0
    data.values.set([random.uniform() < 0.05 ? NaN : own, code * 10, other], 3 * row)
  }
  return { data, arms, outcomes, effects }
}

const train = makeRows(3000, 1)
const fresh = makeRows(1000, 2)
const small = { assignment: 'passed', categorical: [1], seed: 1 } as const

const errorOf = (found: Matrix, { effects }: { effects: Matrix }): number =>
  Array.from(found.values).reduce((sum, value, at) => sum + (value - effects.values[at]!) ** 2, 0) / found.values.length

test.each(['kl', 'euclidean', 'chi-squared'] as const)(
  '%s: a tree and a forest find both effects',
  async (divergence) => {
    const tree = await fitUpliftTree(train, { ...small, divergence, rowsPerLeafMin: 60, pull: 20 })
    const none = errorOf(matrix(1000, 2), fresh)
    expect(errorOf(predictUpliftForest(tree, fresh.data), fresh)).toBeLessThan(0.5 * none)
    const options = { ...small, divergence, trees: 30, rowsPerLeafMin: 60, columnsPerSplit: 2 }
    const forest = await fitUpliftForest(train, options)
    expect(errorOf(predictUpliftForest(forest, fresh.data), fresh)).toBeLessThan(0.5 * none)
  },
)

test('honest leaves are shares of rows that the splits did not see', async () => {
  // Nothing has an effect here, so that whatever a tree finds was flattered by its own choice.
  const random = seededRandom(5)
  const arms = Uint8Array.from({ length: 1000 }, (_, row) => row % 2)
  const outcomes = arms.map(() => (random.uniform() < 0.5 ? 1 : 0))
  const options = { ...small, rowsPerLeafMin: 20, rowsPerArmMin: 5, pull: 0, depthMax: 5 }
  const sizeOf = async (honest: boolean): Promise<number> => {
    const rows = { data: { ...train.data, rows: 1000, values: train.data.values.slice(0, 3000) }, arms, outcomes }
    const model = await fitUpliftForest(rows, { ...options, trees: 20, honest })
    const found = Array.from(predictUpliftForest(model, rows.data).values)
    return found.reduce((sum, value) => sum + value * value, 0) / found.length
  }
  expect(await sizeOf(true)).toBeLessThan(0.7 * (await sizeOf(false)))
})

test('the same seed gives the same forest, which is plain data', async () => {
  const options = { ...small, trees: 4 }
  const values = train.data.values.slice()
  const model = await fitUpliftForest(train, options)
  expect(await fitUpliftForest(train, options)).toEqual(model)
  expect(train.data.values).toEqual(values)
  expect((await fitUpliftForest(train, { ...options, seed: 2 })).trees).not.toEqual(model.trees)
  expect(predictUpliftForest(structuredClone(model), fresh.data)).toEqual(predictUpliftForest(model, fresh.data))
  const responses = predictArmResponses(model, fresh.data)
  expect([responses.rows, responses.columns]).toEqual([1000, 3])
  expect(responses.values.every((share) => share >= 0 && share <= 1)).toBe(true)
})

test('rows of weight 0 are not there', async () => {
  const weights = Float64Array.from({ length: 3000 }, (_, row) => (row < 1500 ? 1 : 0))
  const half = { data: matrix(1500, 3, train.data.values.slice(0, 4500)) }
  const first = {
    ...half,
    arms: Array.from(train.arms).slice(0, 1500),
    outcomes: Array.from(train.outcomes).slice(0, 1500),
  }
  const tree = await fitUpliftTree({ ...train, weights }, small)
  expect((await fitUpliftTree(first, small)).trees).toEqual(tree.trees)
})

test('without an effect there is no split, and one leaf holds the shares', async () => {
  const rows = Array.from({ length: 40 }, (_, row) => [Math.floor(row / 2)])
  const arms = rows.map((_, row) => row % 2)
  const outcomes = rows.map((_, row) => Number(Math.floor(row / 4) % 2 === 0))
  const options = { assignment: 'passed', rowsPerLeafMin: 4, rowsPerArmMin: 2, seed: 1 } as const
  const tree = await fitUpliftTree({ data: matrixFromRows(rows), arms, outcomes }, options)
  expect(tree.trees.columns).toEqual(Int32Array.of(-1))
  expect(predictUpliftForest(tree, matrixFromRows([[1], [NaN]])).values).toEqual(Float64Array.of(0, 0))
})

test('trees are reported, an abort stops between them, and unsound data are refused', async () => {
  const seen: Progress[] = []
  await fitUpliftForest(train, { ...small, trees: 2 }, { onProgress: (progress) => seen.push(progress) })
  expect(seen).toEqual([1, 2].map((done) => ({ stage: 'uplift tree', done, total: 2 })))
  const stop = new AbortController()
  const work = { signal: stop.signal, onProgress: () => stop.abort() }
  await expect(fitUpliftForest(train, { ...small, trees: 9 }, work)).rejects.toMatchObject({ code: 'work.aborted' })
  const told = { ...train, arms: Array.from({ length: 3000 }, (_, row) => Number(train.data.values[3 * row + 2]! > 0)) }
  await expect(fitUpliftTree(told, { seed: 1 })).rejects.toMatchObject({ code: 'uplift.not-randomised' })
  const refuse = (change: object, options: object, message: string) =>
    expect(fitUpliftTree({ ...train, ...change }, { ...small, ...options })).rejects.toThrow(message)
  await refuse({}, { divergence: 'entropy' }, 'divergence must be kl, euclidean or chi-squared, got entropy')
  await refuse({}, { rowsPerArmMin: 0 }, 'rowsPerArmMin must be a whole number ≥ 1, got 0')
  await refuse({}, { pull: -1 }, 'pull must be finite and at least 0, got -1')
  await refuse({}, { depthMax: 0 }, 'depthMax must be a whole number ≥ 1, got 0')
  await refuse({ outcomes: new Float64Array(3000).fill(2) }, {}, 'outcomes must be 0 or 1, got 2 at row 0')
  await refuse({ arms: new Uint8Array(3000).fill(1) }, {}, 'every arm from 0 to 1 must have customers, got none of 0')
  await refuse({ data: matrix(0, 3), arms: [], outcomes: [] }, {}, 'at least one row')
})
