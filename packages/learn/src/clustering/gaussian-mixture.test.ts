import { matrix, matrixFromRows, seededRandom, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { adjustedRand } from './adjusted-rand.ts'
import { chooseGaussianMixture } from './choose-gaussian-mixture.ts'
import { clusteringContract, normalCloud } from './clustering.contract.ts'
import { assignGaussianMixture, fitGaussianMixture } from './gaussian-mixture.ts'
import { covarianceKinds } from './gaussian-parts.ts'

const fitTwo = { clusters: 2, starts: 1, seed: 3 }

clusteringContract('gaussian-mixture', (data, work) => fitGaussianMixture(data, fitTwo, work))

/** Three overlapping clusters in two columns, the first stretched across both, with the cluster of each row. */
function planted(rows: number): { data: ReturnType<typeof matrix>; kinds: Int32Array } {
  const random = seededRandom(9)
  const data = matrix(rows, 2)
  const kinds = Int32Array.from({ length: rows }, () => [0, 0, 0, 1, 1, 2][random.integer(6)]!)
  kinds.forEach((kind, row) => {
    const [x, y] = [random.normal(), random.normal()]
    const values = [
      [x, 0.9 * x + 0.3 * y],
      [6 + 0.5 * x, 0.5 * y],
      [2 + x, -6 + 2 * y],
    ][kind]!
    data.values.set(values, 2 * row)
  })
  return { data, kinds }
}

test('finds planted clusters, their shares and covariances; probabilities are calibrated', async () => {
  const { data, kinds } = planted(3000)
  const model = await fitGaussianMixture(data, { clusters: 3, seed: 1 })
  const { labels, probabilities } = await assignGaussianMixture(structuredClone(model), data)
  expect(adjustedRand(labels, kinds)).toBeGreaterThan(0.97)
  // Standard errors of a share are below 0.01, of these covariances below 0.06.
  model.shares.forEach((share, cluster) => {
    expect(Math.abs(share - [1 / 2, 1 / 3, 1 / 6][cluster]!)).toBeLessThan(0.03)
  })
  for (const [at, value] of [1, 0.9, 0.9, 0.9].entries()) {
    expect(Math.abs(model.covariances[at]! - value)).toBeLessThan(0.15)
  }
  const sure = labels.reduce((sum, label, row) => sum + probabilities[3 * row + label]!, 0) / 3000
  const right = labels.filter((label, row) => label === kinds[row]).length / 3000
  expect(Math.abs(sure - right)).toBeLessThan(0.01)
})

test.each(covarianceKinds)('%s: the likelihood never falls from round to round', async (covariance) => {
  const { data } = planted(200)
  const initial = Int32Array.from({ length: 200 }, (_, row) => row % 4)
  let before = -Infinity
  for (const roundsMax of [1, 2, 3, 5, 8, 13, 21]) {
    const options = { clusters: 4, covariance, initial, roundsMax, tolerance: 1e-12, regularisation: 1e-12, seed: 1 }
    const { logLikelihood } = await fitGaussianMixture(data, options)
    expect(logLikelihood).toBeGreaterThan(before - 1e-9)
    before = logLikelihood
  }
})

test.each(covarianceKinds)('%s: weights count as repeated rows do', async (covariance) => {
  const rows = Array.from({ length: 60 }, (_, row) => [...normalCloud(1, 2, row).values, row % 7])
  const weights = Float64Array.from(rows, (_, row) => 1 + (row % 3))
  const repeat = <T>(values: readonly T[]): T[] =>
    values.flatMap((value, row) => Array.from({ length: weights[row]! }, () => value))
  const initial = rows.map((_, row) => row % 2)
  const options = { clusters: 2, covariance, regularisation: 1e-3, seed: 1 }
  const weighted = await fitGaussianMixture(matrixFromRows(rows), {
    ...options,
    weights,
    initial: Int32Array.from(initial),
  })
  const plain = await fitGaussianMixture(matrixFromRows(repeat(rows)), {
    ...options,
    initial: Int32Array.from(repeat(initial)),
  })
  expect(weighted.rounds).toBe(plain.rounds)
  expect(weighted.bic / plain.bic).toBeCloseTo(1, 10)
  weighted.means.values.forEach((mean, at) => {
    expect(mean).toBeCloseTo(plain.means.values[at]!, 8)
  })
})

test('full and diagonal mixtures do not depend on the columns’ units', async () => {
  const { data } = planted(300)
  const initial = Int32Array.from({ length: 300 }, (_, row) => row % 3)
  const scales = [1e-6, 1e5]
  const rescaled = { ...data, values: data.values.map((value, at) => value * scales[at % 2]!) }
  for (const covariance of ['full', 'diagonal'] as const) {
    const options = { clusters: 3, covariance, initial, seed: 1 }
    const ours = await fitGaussianMixture(data, options)
    const theirs = await fitGaussianMixture(rescaled, options)
    expect(theirs.rounds).toBe(ours.rounds)
    theirs.means.values.forEach((mean, at) => {
      expect(mean / scales[at % 2]!).toBeCloseTo(ours.means.values[at]!, 6)
    })
  }
})

test('one column, a constant column, one cluster', async () => {
  const column = matrixFromRows([[0], [1], [2], [9], [10], [11], [12]])
  const model = await fitGaussianMixture(column, { clusters: 2, seed: 1 })
  expect(model.means.values[0]).toBeCloseTo(10.5, 6)
  expect(model.means.values[1]).toBeCloseTo(1, 6)
  const constant = matrixFromRows(Array.from(column.values, (value) => [value, 5]))
  const { labels } = await assignGaussianMixture(await fitGaussianMixture(constant, { clusters: 2, seed: 1 }), constant)
  expect(Array.from(labels)).toEqual([1, 1, 1, 0, 0, 0, 0])
  const one = await fitGaussianMixture(column, { clusters: 1, seed: 1 })
  expect(one.means.values[0]).toBeCloseTo(45 / 7, 12)
  expect(one.covariances[0]).toBeCloseTo((451 / 7 - (45 / 7) ** 2) * (1 + 1e-6), 9)
})

test('the criterion chooses the planted number and shape, and one cluster where there is one', async () => {
  const { model, candidates, verdict } = await chooseGaussianMixture(planted(1200).data, { clustersMax: 5, seed: 1 })
  expect(model.means.rows).toBe(3)
  expect(model.covariance).toBe('full')
  expect(candidates).toHaveLength(20)
  expect(Math.min(...candidates.map(({ bic }) => bic!))).toBe(model.bic)
  expect(verdict).toMatch(/^3 clusters of shape full describe the rows best, \w+( \w+)? better than [24] /)
  const cloud = await chooseGaussianMixture(normalCloud(600, 3, 2), { clustersMax: 3, seed: 1 })
  expect(cloud.model.means.rows).toBe(1)
  expect(cloud.verdict).toMatch(/^No clusters: one normal distribution/)
})

test('numbers that cannot be fitted are candidates with a reason', async () => {
  const twoPlaces = matrixFromRows([[0], [0], [0], [5], [5], [5]])
  const { candidates } = await chooseGaussianMixture(twoPlaces, { clustersMax: 3, covariances: ['full'], seed: 1 })
  expect(candidates[2]).toEqual({
    clusters: 3,
    covariance: 'full',
    bic: undefined,
    because: 'clusters must be at most the number of distinct rows (2), got 3',
  })
})

test('a row of weight 0 is as if it were not there, and the unit of weights does not matter', async () => {
  const data = matrixFromRows([
    ...Array.from({ length: 30 }, (_, row) => [...normalCloud(1, 2, row).values]),
    [900, -7],
  ])
  const weights = Float64Array.from({ length: 31 }, (_, row) => (row === 30 || row === 4 ? 0 : 1 + (row % 3)))
  const initial = Int32Array.from({ length: 31 }, (_, row) => (row === 30 ? 5 : row % 2))
  const kept = Array.from(weights.keys()).filter((row) => weights[row]! > 0)
  const fewer = takeRows(data, kept)
  const own = { weights: weights.filter((weight) => weight > 0) }
  for (const start of [false, true]) {
    const options = { clusters: 2, seed: 1, ...(start && { initial }) }
    const short = { ...options, ...own, ...(start && { initial: Int32Array.from(kept, (row) => initial[row]!) }) }
    const model = await fitGaussianMixture(data, { ...options, weights })
    expect(model).toEqual(await fitGaussianMixture(fewer, short))
    const small = await fitGaussianMixture(data, { ...options, weights: weights.map((weight) => weight * 2 ** -200) })
    expect(small.means).toEqual(model.means)
    expect(small.covariances).toEqual(model.covariances)
  }
})

const four = matrixFromRows([[1], [2], [3], [4]])

test.each([
  [{ clusters: 0 }, 'gaussian-mixture.clusters', 'clusters must be between 1 and 4 (rows with weight), got 0'],
  [{ clusters: 2, regularisation: 0 }, 'gaussian-mixture.options', 'regularisation must be finite and above 0, got 0'],
  [{ clusters: 2, tolerance: -1 }, 'gaussian-mixture.options', 'tolerance must be finite and above 0, got -1'],
  [{ clusters: 2, starts: 1.5 }, 'gaussian-mixture.options', 'starts must be a whole number of at least 1, got 1.5'],
  [{ clusters: 2, weights: Float64Array.of(1, 1, 1, -1) }, 'gaussian-mixture.weights', /got -1 at row 3/],
  [{ clusters: 2, initial: Int32Array.of(0, 0, 0, 2) }, 'gaussian-mixture.initial', /use all of 0 … 1/],
])('refuses %o', async (options, code, message) => {
  const fit = fitGaussianMixture(four, { seed: 1, ...options })
  await expect(fit).rejects.toMatchObject({ code })
  await expect(fitGaussianMixture(four, { seed: 1, ...options })).rejects.toThrow(message)
})

test('refuses equal rows, variances out of range, other columns and no shape', async () => {
  await expect(fitGaussianMixture(matrix(5, 2), { clusters: 1, seed: 1 })).rejects.toThrow('rows must differ')
  const huge = { ...four, values: four.values.map((value) => value * 1e200) }
  await expect(fitGaussianMixture(huge, { clusters: 1, seed: 1 })).rejects.toThrow('got a mean variance of Infinity')
  const model = await fitGaussianMixture(four, { clusters: 1, seed: 1 })
  await expect(assignGaussianMixture(model, matrix(1, 2))).rejects.toThrow('data must have 1 columns, got 2')
  await expect(chooseGaussianMixture(four, { covariances: [], seed: 1 })).rejects.toThrow('0 shapes')
})
