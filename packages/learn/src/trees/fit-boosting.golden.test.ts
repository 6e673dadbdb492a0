import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import type { BoostingOptions } from './boosting-options.ts'
import { fitBoosting } from './fit-boosting.ts'
import { predictBoosting } from './predict-boosting.ts'

// Reference: scikit-learn's HistGradientBoostingClassifier; made by golden/make/boosting.py. Its gradients are in single
// precision and so are ours; the exponentials behind them may differ in the last bit of double precision, which shows
// in single precision about once in 10⁸ values. So nearly all digits agree, and 1e-6 is asked.
// scikit-learn does not hold splits by categories back, hence `categoryL2: 0`.
interface Golden {
  readonly options: Omit<BoostingOptions, 'seed'>
  readonly weights: number[] | null
  readonly rows: (number | null)[][]
  readonly labels: number[]
  readonly new_rows: (number | null)[][]
  readonly baseline: number
  readonly leaves: number[]
  readonly training_probabilities: number[]
  readonly new_probabilities: number[]
}

const golden = (name: string) => readGolden<Golden>(new URL(`golden/${name}.json`, import.meta.url))

const table = (rows: (number | null)[][]) => matrixFromRows(rows.map((row) => row.map((value) => value ?? NaN)))

test.each(['numeric', 'missing', 'categories', 'weights', 'quantiles', 'weighted-quantiles'])(
  '%s: trees and probabilities are those of scikit-learn',
  async (name) => {
    const { values: expected, agree } = golden(name)
    const weights = expected.weights ? { weights: expected.weights } : {}
    const data = table(expected.rows)
    const model = await fitBoosting(data, expected.labels, { ...expected.options, ...weights, categoryL2: 0, seed: 1 })
    agree('gradient boosting', model.baseline, expected.baseline, 1e-12)
    expect(leavesOf(model.trees)).toEqual(expected.leaves)
    agree('gradient boosting', predictBoosting(model, data), expected.training_probabilities, 1e-6)
    agree('gradient boosting', predictBoosting(model, table(expected.new_rows)), expected.new_probabilities, 1e-6)
  },
)

function leavesOf({ starts, columns }: { starts: Int32Array; columns: Int32Array }): number[] {
  return Array.from(
    { length: starts.length - 1 },
    (_, tree) => columns.slice(starts[tree], starts[tree + 1]).filter((column) => column < 0).length,
  )
}
