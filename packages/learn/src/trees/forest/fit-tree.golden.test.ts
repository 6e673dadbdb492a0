import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../../tooling/golden.ts'
import { featureGains } from '../feature-gains.ts'
import { fitTree, fitTreeRegression, type TreeOptions } from './fit-tree.ts'
import { predictForest, predictForestRegression } from './predict-forest.ts'

// Reference: scikit-learn's DecisionTreeRegressor and DecisionTreeClassifier; made by golden/make/trees.py. Both cut
// between the same values and compute the same sums in another order: 1e-9 is asked.
interface Case {
  readonly name: string
  readonly target: 'number' | 'classes'
  readonly options: Omit<TreeOptions, 'seed'>
  readonly targets: number[]
  readonly weights: number[] | null
  readonly leaves: number
  readonly importances: number[]
  readonly predictions: (number | number[])[]
}

const { values, agree } = readGolden<{
  readonly rows: (number | null)[][]
  readonly cases: Case[]
}>(new URL('../golden/cart.json', import.meta.url))
const { rows, cases } = values

const data = matrixFromRows(rows.map((row) => row.map((value) => value ?? NaN)))

test.each(cases)('$name: leaves, importances and predictions are those of scikit-learn', async (expected) => {
  const options = { ...expected.options, ...(expected.weights ? { weights: expected.weights } : {}), seed: 1 }
  const isNumber = expected.target === 'number'
  const model = await (isNumber ? fitTreeRegression : fitTree)(data, expected.targets, options)
  expect(model.trees.columns.filter((column) => column < 0).length).toBe(expected.leaves)
  agree('single tree', featureGains(model), expected.importances, 1e-9)
  const predicted = isNumber ? predictForestRegression(model, data) : predictForest(model, data).values
  agree('single tree', predicted, expected.predictions.flat(), 1e-9)
})
