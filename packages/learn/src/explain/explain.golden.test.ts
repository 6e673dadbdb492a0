import { type Matrix, matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import type { PredictionExplanation } from './explain-trees.ts'
import { explainByKernel, explainLinear, permutationImportance } from './index.ts'

// Reference: shap with all sets of columns and without its lasso, so both solve the same least squares: 1e-9. scikit-learn's
// permutation importance is the mean of 20,000 shuffles and ours of 400: 5 % of the largest is asked.
interface KernelGolden {
  readonly base: number
  readonly contributions: number[]
}
const { values: golden, agree } = readGolden<{
  readonly kernel: {
    readonly background: number[][]
    readonly rows: number[][]
    readonly weights: number[]
    readonly plain: KernelGolden
    readonly weighted: KernelGolden
    readonly same: KernelGolden & { readonly background: number[][]; readonly rows: number[][] }
  }
  readonly linear: {
    readonly rows: number[][]
    readonly targets: number[]
    readonly intercept: number
    readonly coefficients: number[]
    readonly base: number
    readonly contributions: number[]
    readonly importances: number[]
    readonly quality: number
  }
}>(new URL('golden/explain.json', import.meta.url))

const formula = ({ rows, columns, values }: Matrix): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => {
    const [a, b, c, d, e, f] = values.subarray(row * columns, (row + 1) * columns)
    return a! * b! + Math.sin(c!) + Math.max(d!, 0) * e! - 0.5 * f! ** 2
  })

function agreeOn({ base, contributions }: PredictionExplanation, expected: KernelGolden): void {
  agree('Kernel SHAP', base, expected.base, 1e-12)
  agree('Kernel SHAP', contributions.values, expected.contributions, 1e-9)
}

test('Kernel SHAP with all sets is that of shap, also with weights and a column that says nothing', () => {
  const { background, rows, weights, plain, weighted, same } = golden.kernel
  const [some, typical] = [matrixFromRows(rows), matrixFromRows(background)]
  agreeOn(explainByKernel(formula, some, typical, { seed: 1 }), plain)
  agreeOn(explainByKernel(formula, some, typical, { weights, seed: 1 }), weighted)
  agreeOn(explainByKernel(formula, matrixFromRows(same.rows), matrixFromRows(same.background), { seed: 1 }), same)
})

const { rows, targets, intercept, coefficients } = golden.linear
const data = matrixFromRows(rows)
const model = { intercept, coefficients: Float64Array.from(coefficients) }

test('linear SHAP is that of shap, and Kernel SHAP of the same model too', () => {
  const { base, contributions } = explainLinear(model, data, { rows: data })
  agree('linear SHAP', base, golden.linear.base, 1e-12)
  agree('linear SHAP', contributions.values, golden.linear.contributions, 1e-12)
  const kernel = explainByKernel(predictLinearly, data, data, { seed: 1 })
  kernel.contributions.values.forEach((value, at) => {
    expect(Math.abs(value - contributions.values[at]!)).toBeLessThan(1e-9)
  })
})

test('permutation importance is that of scikit-learn, to what 400 shuffles can tell', () => {
  const found = permutationImportance(predictLinearly, data, negativeSquares, { repeats: 400, resamples: 20, seed: 1 })
  agree('permutation importance', found.quality, golden.linear.quality, 1e-12)
  const largest = Math.max(...golden.linear.importances)
  const shares = found.features.map(({ mean }) => mean / largest)
  agree(
    'permutation importance',
    shares,
    golden.linear.importances.map((importance) => importance / largest),
    0.05,
  )
})

function predictLinearly({ rows: n, columns, values }: Matrix): Float64Array {
  return Float64Array.from({ length: n }, (_, row) =>
    coefficients.reduce((sum, weight, column) => sum + weight * values[row * columns + column]!, intercept),
  )
}

function negativeSquares(predicted: Float64Array, weights: Float64Array): number {
  let sum = 0
  let total = 0
  predicted.forEach((value, row) => {
    sum += weights[row]! * (targets[row]! - value) ** 2
    total += weights[row]!
  })
  return -sum / total
}
