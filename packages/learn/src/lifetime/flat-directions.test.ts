import { cholesky, inverseFromCholesky } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { covarianceFrom, semidefiniteFactor } from './flat-directions.ts'

test('a curved likelihood gives the inverse of its curvature', () => {
  const curvature = Float64Array.of(4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 900)
  const { covariance, isKnown } = covarianceFrom(curvature, 3)
  const expected = inverseFromCholesky(cholesky(curvature.slice(), 3)!)
  for (const [at, value] of covariance.entries()) expect(value).toBeCloseTo(expected[at]!, 12)
  expect(isKnown).toEqual([true, true, true])
})

// The curvature of f(x + y, z): x and y apart are not told, their sum and z are.
test('what a flat direction hides is not known, the rest keeps its variance', () => {
  const { covariance, isKnown } = covarianceFrom(Float64Array.of(4, 4, 0, 4, 4, 0, 0, 0, 25), 3)
  expect(isKnown).toEqual([false, false, true])
  const sum = covariance[0]! + 2 * covariance[1]! + covariance[4]!
  expect(sum).toBeCloseTo(1 / 4, 12)
  expect(covariance[8]).toBeCloseTo(1 / 25, 12)
})

test('a direction curved upwards counts as flat', () => {
  expect(covarianceFrom(Float64Array.of(-1, 0, 0, 2), 2).isKnown).toEqual([false, true])
})

test('a factor times itself is the covariance, whole or with flat directions', () => {
  for (const curvature of [
    [4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 900],
    [4, 4, 0, 4, 4, 0, 0, 0, 25],
  ]) {
    const { covariance } = covarianceFrom(Float64Array.from(curvature), 3)
    const lower = semidefiniteFactor(covariance, 3)
    for (let row = 0; row < 3; row += 1) {
      for (let column = 0; column < 3; column += 1) {
        let product = 0
        for (let at = 0; at < 3; at += 1) product += lower[row * 3 + at]! * lower[column * 3 + at]!
        expect(product).toBeCloseTo(covariance[row * 3 + column]!, 12)
      }
    }
  }
})
