import { type Matrix, matrix, matrixFromRows, type Progress, rowOf, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { applyNmf, fitNmf } from './index.ts'

/** Rows made of two habits that share no column, some of one habit alone: without such rows mixtures would fit as well. */
function planted(): Matrix {
  const random = seededRandom(4)
  return matrixFromRows(
    Array.from({ length: 40 }, (_, row) => {
      const first = row % 3 === 0 ? 0 : random.uniform()
      const second = row % 3 === 1 ? 0 : random.uniform()
      return [3 * first, first, 0, 2 * second, second]
    }),
  )
}

test('planted habits are found, and the error is next to nothing', async () => {
  const model = await fitNmf(planted(), { components: 2, tolerance: 1e-8, roundsMax: 1_000, seed: 1 })
  expect(model.error).toBeLessThan(1e-3)
  const [one, other] = [rowOf(model.components, 0), rowOf(model.components, 1)].sort(
    (left, right) => right[0]! - left[0]!,
  )
  expect(one![0]! / one![1]!).toBeCloseTo(3, 2)
  expect(other![3]! / other![4]!).toBeCloseTo(2, 2)
  expect(one![3]! / one![0]!).toBeLessThan(0.01)
})

test('nothing is below 0, rounds never raise the error, the same seed gives the same bytes', async () => {
  const random = seededRandom(6)
  const data = matrix(
    30,
    12,
    Float64Array.from({ length: 360 }, () => Math.max(0, random.normal())),
  )
  const fit = (roundsMax: number) => fitNmf(data, { components: 4, roundsMax, tolerance: 1e-12, seed: 2 })
  const models = await Promise.all([1, 2, 5, 20, 100].map(fit))
  models.forEach(({ error, components, scores, converged }, at) => {
    expect(error).toBeLessThanOrEqual(models[at - 1]?.error ?? Infinity)
    expect(components.values.every((value) => value >= 0) && scores.values.every((value) => value >= 0)).toBe(true)
    expect(converged).toBe(false)
  })
  expect(await fit(5)).toEqual(models[2])
})

test('scores of the training rows are the best for their parts', async () => {
  const data = planted()
  const model = await fitNmf(data, { components: 2, tolerance: 1e-9, roundsMax: 2_000, seed: 1 })
  applyNmf(structuredClone(model), data).values.forEach((value, at) => {
    expect(value).toBeCloseTo(model.scores.values[at]!, 3)
  })
  expect(applyNmf(model, matrix(0, 5)).rows).toBe(0)
  expect([...applyNmf(model, matrix(1, 5)).values]).toEqual([0, 0])
})

test('more parts than the rank do no harm; progress is told', async () => {
  const heard: Progress[] = []
  const flat = matrixFromRows([
    [1, 2, 0],
    [2, 4, 0],
    [3, 6, 0],
  ])
  const model = await fitNmf(
    flat,
    { components: 3, seed: 1, tolerance: 1e-9, roundsMax: 2_000 },
    { onProgress: (told) => heard.push(told) },
  )
  expect(model.error).toBeLessThan(1e-2)
  expect(heard.at(-1)).toMatchObject({ stage: 'matrix factorization', done: model.rounds })
  expect(heard.every(({ stage }) => stage === 'matrix factorization')).toBe(true)
})

test('what means nothing is refused', async () => {
  const refused = (data: Matrix, options = {}) => {
    return expect(fitNmf(data, { components: 1, seed: 1, ...options })).rejects
  }
  const one = matrixFromRows([[1, 2]])
  await refused(matrixFromRows([[1, -2]])).toThrow('every value must be at least 0, got -2')
  await refused(matrixFromRows([[1, Number.NaN]])).toThrow('must be finite')
  await refused(matrix(2, 2)).toThrow('at least one value must be above 0')
  await refused(one, { components: 2 }).toThrow('from 1 to 1')
  await refused(one, { tolerance: 0 }).toThrow('tolerance must be above 0')
  await refused(one, { roundsMax: 0 }).toThrow('roundsMax must be a whole number')
  await refused(one, { seed: -1 }).toThrow('seed must be')
  await expect(fitNmf(one, { components: 1, seed: 1 }, { signal: AbortSignal.abort() })).rejects.toThrow('stopped')
  const model = await fitNmf(one, { components: 1, seed: 1 })
  expect(() => applyNmf(model, matrix(1, 3))).toThrow('data must have the 2 columns of the fit, got 3')
})
