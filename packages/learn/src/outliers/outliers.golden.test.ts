import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { metricValue, rocAuc, spearman } from '../metrics/index.ts'
import { fitFences, fitIsolationForest, type IsolationForestModel, isolationScores } from './index.ts'

// Reference: numpy's percentiles, scipy 1.17.1 median_abs_deviation and scikit-learn 1.9.1 IsolationForest, with its trees; made by
// golden/make/outliers.py.
const { values: golden, agree } = readGolden<{
  holes: (number | null)[][]
  iqr: number[][]
  mad: number[][]
  data: number[][]
  outlier: number[]
  trees: { asked: number[]; bounds: number[]; right: number[] }[]
  scores: number[]
  areas: number[]
  largeScores: number[]
}>(new URL('golden/outliers.json', import.meta.url))
const data = matrixFromRows(golden.data)

test.each(['iqr', 'mad'] as const)('fences by %s', (method) => {
  const holes = matrixFromRows(golden.holes.map((row) => row.map((value) => value ?? Number.NaN)))
  const { lower, upper } = fitFences(holes, { method })
  // The counts of the third column are 0 for more than half: scipy's median deviation is 0, and ours then the mean one.
  const columns = method === 'mad' ? 2 : 3
  agree('fences', lower.slice(0, columns), golden[method][0]!.slice(0, columns), 1e-14)
  agree('fences', upper.slice(0, columns), golden[method][1]!.slice(0, columns), 1e-14)
})

test('paths and scores as scikit-learn in its own trees', () => {
  let nodes = 0
  const model: IsolationForestModel = {
    kind: 'isolation-forest',
    columns: 3,
    sample: 64,
    threshold: 0.5,
    starts: Int32Array.from([0, ...golden.trees.map(({ asked }) => (nodes += asked.length))]),
    asked: Int32Array.from(golden.trees.flatMap(({ asked }) => asked)),
    bounds: Float64Array.from(golden.trees.flatMap(({ bounds }) => bounds)),
    right: Int32Array.from(golden.trees.flatMap(({ right }) => right)),
  }
  agree('isolation forest', isolationScores(model, data), golden.scores, 1e-13)
})

// Other random numbers make other trees: what is the same is what the trees find. Twenty forests of scikit-learn reach the areas of
// `areas`; ours lie among them, and large forests order the rows alike.
test('as good as scikit-learn with trees of our own, and of one mind when there are many', async () => {
  const areas: number[] = []
  for (let seed = 0; seed < 20; seed += 1) {
    areas.push(metricValue(rocAuc(isolationScores(await fitIsolationForest(data, { seed }), data), golden.outlier)))
  }
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  expect(Math.abs(mean(areas) - mean(golden.areas))).toBeLessThan(0.004)
  const many = isolationScores(await fitIsolationForest(data, { trees: 600, seed: 1 }), data)
  expect(metricValue(spearman(many, golden.largeScores))).toBeGreaterThan(0.99)
  expect(Math.abs(mean([...many]) - mean(golden.largeScores))).toBeLessThan(0.002)
})
