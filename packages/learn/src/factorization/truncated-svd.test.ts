import { matrix, matrixFromRows, seededRandom, sparseFromTriplets } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { applyTruncatedSvd, fitNmf, fitTruncatedSvd } from './index.ts'

const random = seededRandom(11)
const entries = 900
const drawIndices = (below: number): number[] => Array.from({ length: entries }, () => random.integer(below))
const data = sparseFromTriplets(120, 60, drawIndices(120), drawIndices(60))

test('sparse and dense give the same, and a seed the same bytes', async () => {
  const dense = matrix(120, 60)
  for (let row = 0; row < 120; row += 1) {
    for (let at = data.rowStarts[row]!; at < data.rowStarts[row + 1]!; at += 1) {
      dense.values[row * 60 + data.columnIndices[at]!] = data.values[at]!
    }
  }
  const options = { components: 5, seed: 3 }
  const model = await fitTruncatedSvd(data, options)
  expect(await fitTruncatedSvd(data, options)).toEqual(model)
  const other = await fitTruncatedSvd(dense, options)
  model.singularValues.forEach((value, at) => {
    expect(other.singularValues[at]).toBeCloseTo(value, 10)
  })
  expect(applyTruncatedSvd(structuredClone(model), data)).toEqual(applyTruncatedSvd(model, data))
  const scores = applyTruncatedSvd(model, dense)
  applyTruncatedSvd(model, data).values.forEach((value, at) => {
    expect(scores.values[at]).toBeCloseTo(value, 12)
  })
})

test('the number of workers never shows, in the SVD and in what begins with it', async () => {
  // Several blocks of rows, of columns and of Gram matrices.
  const drawn = 40_000
  const draw = (below: number): number[] => Array.from({ length: drawn }, () => random.integer(below))
  const large = sparseFromTriplets(1500, 300, draw(1500), draw(300))
  const fits = [0, 1, 3].map(async (workers) => [
    await fitTruncatedSvd(large, { components: 6, powerRounds: 2, workers, seed: 1 }),
    await fitNmf(large, { components: 6, roundsMax: 3, workers, seed: 1 }),
  ])
  const [first, ...others] = await Promise.all(fits)
  for (const other of others) expect(other).toEqual(first)
})

test('columns that nearly depend on each other are made orthonormal by reflections', async () => {
  // One direction 1e9 times as strong as all others: their squares are lost beside its own.
  const strong = matrix(200, 20)
  for (let at = 0; at < strong.values.length; at += 1) {
    const [row, column] = [Math.floor(at / 20), at % 20]
    strong.values[at] = 1e9 * Math.sin(row + 1) * Math.cos(column + 1) + random.normal()
  }
  const { components, singularValues } = await fitTruncatedSvd(strong, { components: 4, seed: 1 })
  expect(singularValues[0]! / singularValues[1]!).toBeGreaterThan(1e8)
  for (let one = 0; one < 4; one += 1) {
    for (let other = one; other < 4; other += 1) {
      let product = 0
      for (let at = 0; at < 20; at += 1)
        product += components.values[one * 20 + at]! * components.values[other * 20 + at]!
      expect(product).toBeCloseTo(one === other ? 1 : 0, 10)
    }
  }
})

test('more passes and directions come nearer to the truth, from below', async () => {
  const found = async (powerRounds: number, oversampling: number): Promise<number> => {
    const { singularValues } = await fitTruncatedSvd(data, { components: 5, powerRounds, oversampling, seed: 1 })
    return singularValues.reduce((sum, value) => sum + value ** 2, 0)
  }
  const [rough, better, best] = [await found(0, 0), await found(2, 5), await found(20, 20)]
  expect(rough).toBeLessThan(better)
  expect(better).toBeLessThan(best)
})

test('a rank below what was asked for: fewer components', async () => {
  const one = matrixFromRows([
    [1, 2, 3],
    [2, 4, 6],
    [3, 6, 9],
  ])
  const model = await fitTruncatedSvd(one, { components: 3, seed: 1 })
  expect(model.singularValues).toHaveLength(1)
  expect(model.singularValues[0]).toBeCloseTo(14, 10)
  const none = await fitTruncatedSvd(matrix(3, 3), { components: 2, seed: 1 })
  expect(none.components.rows).toBe(0)
  expect(applyTruncatedSvd(none, one)).toEqual(matrix(3, 0))
})

test('what means nothing is refused, and work that was stopped stops', async () => {
  const infinite = { ...data, values: data.values.map((value, at) => (at === 0 ? Infinity : value)) }
  await expect(fitTruncatedSvd(infinite, { components: 2, seed: 1 })).rejects.toThrow('every value must be finite')
  await expect(fitTruncatedSvd(matrix(0, 3), { components: 1, seed: 1 })).rejects.toThrow('at least one row')
  await expect(fitTruncatedSvd(data, { components: 61, seed: 1 })).rejects.toThrow('from 1 to 60')
  await expect(fitTruncatedSvd(data, { components: 1, oversampling: -1, seed: 1 })).rejects.toThrow('oversampling')
  await expect(fitTruncatedSvd(data, { components: 1, powerRounds: 0.5, seed: 1 })).rejects.toThrow('powerRounds')
  const signal = AbortSignal.abort()
  await expect(fitTruncatedSvd(data, { components: 1, seed: 1 }, { signal })).rejects.toThrow('stopped')
  const model = await fitTruncatedSvd(data, { components: 2, seed: 1 })
  expect(() => applyTruncatedSvd(model, matrix(1, 3))).toThrow('data must have the 60 columns of the fit, got 3')
})
