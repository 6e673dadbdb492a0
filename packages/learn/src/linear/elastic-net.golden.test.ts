import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { moduloFolds } from '../selection/folds.ts'
import { chooseElasticNet, fitElasticNet, fitElasticNetPath } from './index.ts'

interface Fit {
  penalty: number
  l1Share: number
  intercept: number
  coefficients: number[]
}

// Reference: scikit-learn 1.9.1 ElasticNet, ElasticNetCV and Ridge; made by golden/make/elastic-net.py. Both sides stop by
// a duality gap, whose square root bounds the coefficients: 1e-7 is what tolerances of 1e-15 and 1e-13 promise.
const { values: golden, agree } = readGolden<{
  x: number[][]
  y: number[]
  weights: number[]
  unweighted: Fit[]
  weighted: Fit[]
  ridge: Fit
  wide: { x: number[][]; y: number[]; fits: Fit[] }
  choice: { penalties: number[]; meanErrors: number[][]; penalty: number; l1Share: number; coefficients: number[] }
}>(new URL('golden/elastic-net.json', import.meta.url))
const data = matrixFromRows(golden.x)
const wide = matrixFromRows(golden.wide.x)
const tolerance = 1e-13

test.each([
  ...golden.unweighted.map((fit) => ({ name: 'unweighted', fit, rows: data, targets: golden.y, weights: undefined })),
  ...golden.weighted.map((fit) => ({ name: 'weighted', fit, rows: data, targets: golden.y, weights: golden.weights })),
  ...golden.wide.fits.map((fit) => ({ name: 'wide', fit, rows: wide, targets: golden.wide.y, weights: undefined })),
  { name: 'ridge', fit: golden.ridge, rows: data, targets: golden.y, weights: undefined },
])('as scikit-learn: $name, penalty $fit.penalty, share $fit.l1Share', ({ fit, rows, targets, weights }) => {
  const { penalty, l1Share } = fit
  const options = { penalty, l1Share, tolerance, ...(weights && { weights }) }
  const model = fitElasticNet(rows, targets, options)
  expect(model.converged).toBe(true)
  agree('elastic net', [model.intercept, ...model.coefficients], [fit.intercept, ...fit.coefficients], 1e-7)
  expect([...model.coefficients].map((value) => value === 0)).toEqual(fit.coefficients.map((value) => value === 0))
  // The defaults stop sooner, and still a thousandth of the targets' spread away at most.
  const quick = fitElasticNet(rows, targets, { ...options, tolerance: 1e-6 })
  expect(quick.gap).toBeLessThanOrEqual(1e-6)
})

test('the path begins where everything is zero, and the choice is that of ElasticNetCV', () => {
  const folds = moduloFolds(data.rows, 5)
  const { choice } = golden
  const shares = [0.3, 1]
  const settings = { tolerance, penaltyCount: 20 }
  const path = fitElasticNetPath(data, golden.y, { ...settings, l1Share: choice.l1Share })
  agree('choice of the penalty', path.penalties, choice.penalties, 1e-7)
  expect(path.models[0]!.coefficients.every((value) => Math.abs(value) < 1e-9)).toBe(true)
  const { model, trials, error } = chooseElasticNet(data, golden.y, folds, { ...settings, l1Shares: shares })
  const trial = trials.find(({ l1Share }) => l1Share === choice.l1Share)!
  expect(model.l1Share).toBe(choice.l1Share)
  agree('choice of the penalty', model.penalty, choice.penalty, 1e-12)
  agree('choice of the penalty', trial.meanErrors, choice.meanErrors[shares.indexOf(choice.l1Share)]!, 1e-7)
  agree('choice of the penalty', model.coefficients, choice.coefficients, 1e-7)
  expect(error).toBe(Math.min(...trial.meanErrors))
})
