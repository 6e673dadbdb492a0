import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { fitOnlineLinear, type OnlineMethod, predictOnline } from './index.ts'

// Reference: scikit-learn's descent, row by row in order, and river's FTRL-Proximal; made by golden/make/online.py. Both
// take the same steps in double precision: 1e-10 after 120 of them.
const { values: golden, agree } = readGolden<{
  readonly rows: number[][]
  readonly labels: number[]
  readonly targets: number[]
  readonly weights: number[]
  readonly fits: {
    readonly loss: 'logistic' | 'squared'
    readonly method: OnlineMethod
    readonly weighted: boolean
    readonly coefficients: number[]
    readonly intercept: number
  }[]
}>(new URL('golden/online.json', import.meta.url))

test.each(golden.fits)('$method.kind, $loss, weighted: $weighted, is that of the reference', (expected) => {
  const { loss, method, weighted } = expected
  const name = method.kind === 'sgd' ? 'stochastic gradient descent' : 'FTRL-Proximal'
  const weights = weighted ? { weights: golden.weights } : {}
  const data = matrixFromRows(golden.rows)
  const model = fitOnlineLinear(data, loss === 'logistic' ? golden.labels : golden.targets, {
    loss,
    method,
    ...weights,
  })
  agree(name, model.coefficients, expected.coefficients, 1e-10)
  agree(name, model.intercept, expected.intercept, 1e-10)
  expect(predictOnline(model, data)).toHaveLength(golden.rows.length)
})
