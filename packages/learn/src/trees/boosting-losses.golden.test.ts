import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { fitBoostingClasses } from './fit-boosting-classes.ts'
import { type BoostingRegressionOptions, fitBoostingRegression } from './fit-boosting-regression.ts'
import { predictBoostingClasses, predictBoostingRegression } from './predict-boosting.ts'

// Reference: scikit-learn's HistGradientBoostingRegressor and HistGradientBoostingClassifier; made by
// golden/make/boosting-losses.py, every column with at most 255 values so that both cut them alike. Gradients are in
// single precision on both sides, where the last bit of an exponential shows about once in 10⁸ values; 1e-6 is asked of
// predictions, relative above 1. scikit-learn does not hold splits by categories back, hence `categoryL2: 0`.
interface Golden {
  readonly options: Omit<BoostingRegressionOptions, 'seed' | 'start'>
  readonly weights: number[] | null
  readonly rows: (number | null)[][]
  readonly targets: number[]
  readonly new_rows: (number | null)[][]
  readonly baselines: number[]
  readonly leaves: number[]
  readonly predictions: (number | number[])[]
  readonly new_predictions: (number | number[])[]
}

const golden = (name: string) => readGolden<Golden>(new URL(`golden/loss-${name}.json`, import.meta.url))

const table = (rows: (number | null)[][]) => matrixFromRows(rows.map((row) => row.map((value) => value ?? NaN)))

const optionsOf = ({ options, weights }: Golden) => ({
  ...options,
  ...(weights ? { weights } : {}),
  categoryL2: 0,
  seed: 1,
})

const kinds = ['squared', 'absolute', 'quantile', 'poisson', 'gamma', 'tweedie']

test.each([...kinds.flatMap((kind) => [kind, `${kind}-weighted`]), 'monotone', 'monotone-missing'])(
  '%s: trees and predictions are those of scikit-learn',
  async (name) => {
    const { values: expected, agree } = golden(name)
    const data = table(expected.rows)
    const model = await fitBoostingRegression(data, expected.targets, optionsOf(expected))
    agree('boosting of amounts', model.baseline, expected.baselines[0]!, 1e-12)
    expect(leavesOf(model.trees)).toEqual(expected.leaves)
    const later = predictBoostingRegression(model, table(expected.new_rows))
    agree('boosting of amounts', predictBoostingRegression(model, data), expected.predictions.flat(), 1e-6)
    agree('boosting of amounts', later, expected.new_predictions.flat(), 1e-6)
  },
)

test.each(['classes', 'classes-weighted'])('%s: probabilities are those of scikit-learn', async (name) => {
  const { values: expected, agree } = golden(name)
  const data = table(expected.rows)
  // Its first trees split pure nodes further where rounding leaves a gain, so leaves are not counted.
  // scikit-learn leaves the K / (K − 1) of the hessian out: for three classes our steps are two thirds of its own.
  const model = await fitBoostingClasses(data, expected.targets, { ...optionsOf(expected), learningRate: 0.15 })
  agree('boosting of classes', model.baselines, expected.baselines, 1e-12)
  const later = predictBoostingClasses(model, table(expected.new_rows)).values
  agree('boosting of classes', predictBoostingClasses(model, data).values, expected.predictions.flat(), 1e-6)
  agree('boosting of classes', later, expected.new_predictions.flat(), 1e-6)
})

// Reference: LightGBM's multiclass objective, K / (K − 1) included; made by golden/make/boosting-classes.py.
test('classes, with and without weights: probabilities are those of LightGBM', async () => {
  const url = new URL('golden/classes-lightgbm.json', import.meta.url)
  const { values, agree } = readGolden<{ cases: Golden[] }>(url)
  for (const expected of values.cases) {
    const data = table(expected.rows)
    const model = await fitBoostingClasses(data, expected.targets, optionsOf(expected))
    agree('boosting of classes', predictBoostingClasses(model, data).values, expected.predictions.flat(), 1e-6)
  }
})

function leavesOf({ starts, columns }: { starts: Int32Array; columns: Int32Array }): number[] {
  return Array.from(
    { length: starts.length - 1 },
    (_, tree) => columns.slice(starts[tree], starts[tree + 1]).filter((column) => column < 0).length,
  )
}
