import { type Matrix, matrix, type Random, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { chooseK } from './choose-k.ts'

type Draw = (random: Random, columns: number) => () => number[]

const many = (columns: number, draw: (column: number) => number): number[] =>
  Array.from({ length: columns }, (_, at) => draw(at))

const unclustered: Record<string, Draw> = {
  normal: (random, columns) => () => many(columns, () => random.normal()),
  uniform: (random, columns) => () => many(columns, () => random.uniform()),
  'correlated normal': (random, columns) => {
    const loadings = many(columns, () => 1 + random.uniform())
    return () => {
      const common = random.normal()
      return loadings.map((loading) => loading * common + random.normal())
    }
  },
  'log-normal with a common factor': (random, columns) => () => {
    const common = random.normal()
    return many(columns, () => Math.exp(0.6 * common + 0.8 * random.normal()))
  },
  'Student t with 3 degrees of freedom': (random, columns) => () => {
    const scale = Math.sqrt(random.gamma(1.5, 2) / 3)
    return many(columns, () => random.normal() / scale)
  },
  'counts of customers who differ in activity': (random, columns) => () => {
    const activity = random.gamma(2, 2)
    return many(columns, () => random.poisson(activity))
  },
  'amounts with many zeros': (random, columns) => () =>
    many(columns, () => (random.uniform() < 0.3 ? 0 : random.exponential(1))),
}

const standardised = (rows: number, columns: number, draw: () => number[]): Matrix => {
  const data = matrix(rows, columns)
  for (let row = 0; row < rows; row += 1) data.values.set(draw(), row * columns)
  for (let column = 0; column < columns; column += 1) {
    let mean = 0
    let square = 0
    for (let at = column; at < rows * columns; at += columns) mean += data.values[at]! / rows
    for (let at = column; at < rows * columns; at += columns) square += (data.values[at]! - mean) ** 2 / rows
    for (let at = column; at < rows * columns; at += columns)
      data.values[at] = (data.values[at]! - mean) / Math.sqrt(square)
  }
  return data
}

const dataSets = 16

// Law: clusters are found in at most 5 % of data sets that have none. Of 16, a rate of 5 % gives more than 3 in under 1 % of runs.
test.each(Object.entries(unclustered))('no clusters in %s', { timeout: 300_000 }, async (_name, draw) => {
  let found = 0
  for (let seed = 0; seed < dataSets; seed += 1) {
    const random = seededRandom(7000 + seed)
    const columns = [2, 5, 12][seed % 3]!
    const data = standardised(600, columns, draw(random, columns))
    const choice = await chooseK(data, { seed, clustersMax: 6, sampleRows: 500, resamples: 4 })
    if (choice.found) found += 1
  }
  expect(found).toBeLessThanOrEqual(3)
})

test('clusters of unequal size with a common factor are found', { timeout: 300_000 }, async () => {
  let right = 0
  for (let seed = 0; seed < 10; seed += 1) {
    const random = seededRandom(9000 + seed)
    const draw = (): number[] => {
      const cluster = [0, 0, 0, 0, 1, 1, 1, 2, 2, 3][random.integer(10)]!
      const common = random.normal()
      return many(8, (column) => (column % 4 === cluster ? 5 : 0) + 0.6 * common + 0.8 * random.normal())
    }
    const choice = await chooseK(standardised(2000, 8, draw), { seed, sampleRows: 800, resamples: 6 })
    if (choice.found && choice.clusters === 4) right += 1
  }
  expect(right).toBeGreaterThanOrEqual(9)
})
