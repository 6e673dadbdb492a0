import { readFileSync } from 'node:fs'
import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitBoostingClasses } from './fit-boosting-classes.ts'
import { type BoostingRegressionOptions, fitBoostingRegression } from './fit-boosting-regression.ts'
import { predictBoostingClasses, predictBoostingRegression } from './predict-boosting.ts'

// Reference: scikit-learn's HistGradientBoostingRegressor and HistGradientBoostingClassifier; made by
// golden/make/boosting-losses.py, every column with at most 255 values so that both cut them alike. Gradients are in
// single precision on both sides, where the last bit of an exponential shows about once in 10⁸ values; 1e-6 is asked of
// predictions between 0 and about 30. scikit-learn does not hold splits by categories back, hence `categoryL2: 0`.
interface Golden {
  readonly options: Omit<BoostingRegressionOptions, 'seed'>
  readonly weights: number[] | null
  readonly rows: (number | null)[][]
  readonly targets: number[]
  readonly new_rows: (number | null)[][]
  readonly baselines: number[]
  readonly leaves: number[]
  readonly predictions: (number | number[])[]
  readonly new_predictions: (number | number[])[]
}

const golden = (name: string): Golden =>
  JSON.parse(readFileSync(new URL(`golden/loss-${name}.json`, import.meta.url), 'utf8')) as Golden

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
    const expected = golden(name)
    const data = table(expected.rows)
    const model = await fitBoostingRegression(data, expected.targets, optionsOf(expected))
    expect(model.baseline).toBeCloseTo(expected.baselines[0]!, 12)
    expect(leavesOf(model.trees)).toEqual(expected.leaves)
    expect(farthest(predictBoostingRegression(model, data), expected.predictions)).toBeLessThan(1e-6)
    expect(farthest(predictBoostingRegression(model, table(expected.new_rows)), expected.new_predictions)).toBeLessThan(
      1e-6,
    )
  },
)

test.each(['classes', 'classes-weighted'])('%s: trees and probabilities are those of scikit-learn', async (name) => {
  const expected = golden(name)
  const data = table(expected.rows)
  const model = await fitBoostingClasses(data, expected.targets, optionsOf(expected))
  expect(farthest(model.baselines, expected.baselines)).toBeLessThan(1e-12)
  expect(leavesOf(model.trees)).toEqual(expected.leaves)
  expect(farthest(predictBoostingClasses(model, data).values, expected.predictions)).toBeLessThan(1e-6)
  expect(
    farthest(predictBoostingClasses(model, table(expected.new_rows)).values, expected.new_predictions),
  ).toBeLessThan(1e-6)
})

function leavesOf({ starts, columns }: { starts: Int32Array; columns: Int32Array }): number[] {
  return Array.from(
    { length: starts.length - 1 },
    (_, tree) => columns.slice(starts[tree], starts[tree + 1]).filter((column) => column < 0).length,
  )
}

const farthest = (got: ArrayLike<number>, expected: readonly (number | number[])[]): number =>
  Math.max(...expected.flat().map((value, at) => Math.abs(value - got[at]!)))
