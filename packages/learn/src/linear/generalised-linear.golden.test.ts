import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import {
  coefficientIntervals,
  fitGeneralisedLinear,
  fitLeastSquares,
  fitLogistic,
  type WithStandardErrors,
} from './index.ts'

type Family = 'poisson' | 'gamma' | 'tweedie'
interface Intervals {
  intervals: [number, number][]
  pValues: number[]
}
interface Penalised {
  penalty: number
  intercept: number
  coefficients: number[]
  explained: number
}
interface Plain extends Intervals {
  parameters: number[]
  standardErrors: number[]
  deviance: number
  dispersion: number
}

// Reference: scikit-learn 1.9.1 TweedieRegressor and statsmodels 0.15.0 GLM (t intervals where the dispersion is estimated),
// WLS and Logit; made by golden/make/generalised-linear.py. Where each stops leaves eight digits.
const { values: golden, agree } = readGolden<{
  x: number[][]
  weights: number[]
  exposure: number[]
  targets: Record<Family, number[]>
  binary: number[]
  families: Record<Family, { penalised: Penalised[]; plain: Plain; weighted: Plain }>
  leastSquares: Intervals
  logistic: Intervals
}>(new URL('golden/generalised-linear.json', import.meta.url))
const data = matrixFromRows(golden.x)
const { weights, exposure, targets } = golden
const families = ['poisson', 'gamma', 'tweedie'] as const

function expectClose(found: ArrayLike<number>, expected: readonly number[], floor = 1): void {
  agree('Poisson, gamma and Tweedie regression', found, expected, 1e-8, floor)
}

function expectIntervals(model: WithStandardErrors, expected: Intervals, level: number): void {
  const found = coefficientIntervals(model, level)!
  const ends = found.flatMap(({ low, high }) => [low, high])
  agree('intervals of coefficients', ends, expected.intervals.flat(), 1e-8)
  // Chances of far tails too, to as many digits as the estimates have.
  const pValues = found.map(({ pValue }) => pValue)
  agree('intervals of coefficients', pValues, expected.pValues, 1e-5, 0)
}

test.each(families)('%s with a penalty as scikit-learn', (family) => {
  golden.families[family].penalised.forEach((fit, at) => {
    const given = at === 2 ? { weights } : {}
    const model = fitGeneralisedLinear(data, targets[family], { family, penalty: fit.penalty, ...given })
    expect(model.converged).toBe(true)
    expectClose([model.intercept, ...model.coefficients], [fit.intercept, ...fit.coefficients])
    expectClose([model.explained!], [fit.explained])
    expect(model.standardErrors).toBeNull()
  })
})

test.each(families)('%s without a penalty, standard errors and intervals as statsmodels', (family) => {
  const { plain, weighted } = golden.families[family]
  for (const [fit, given] of [
    [plain, {}],
    [weighted, { weights, exposure }],
  ] as const) {
    const model = fitGeneralisedLinear(data, targets[family], { family, penalty: 0, ...given })
    expectClose([model.intercept, ...model.coefficients], fit.parameters)
    expectClose(model.standardErrors!, fit.standardErrors, 0)
    expectClose([model.deviance, model.dispersion!], [fit.deviance, fit.dispersion])
    expectIntervals(model, fit, 0.9)
  }
})

test('intervals of least squares and logistic regression as statsmodels', () => {
  expectIntervals(fitLeastSquares(data, targets.gamma, { weights }), golden.leastSquares, 0.95)
  expectIntervals(fitLogistic(data, golden.binary, { penalty: 0 }), golden.logistic, 0.95)
})
