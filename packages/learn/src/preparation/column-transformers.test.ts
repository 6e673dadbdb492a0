import { matrixFromRows, normalQuantile } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { columnTransformerContract } from './column-transformer.contract.ts'
import {
  applyImputation,
  applyPower,
  applyQuantiles,
  applyScaling,
  fitImputation,
  fitPower,
  fitQuantiles,
  fitScaling,
  invertScaling,
} from './index.ts'

for (const method of ['standard', 'robust', 'min-max'] as const) {
  columnTransformerContract(`${method} scaling`, {
    fit: (data) => fitScaling(data, { method }),
    apply: applyScaling,
    keepsMissing: true,
  })
}
for (const method of ['log1p', 'yeo-johnson'] as const) {
  columnTransformerContract(method, {
    fit: (data) => fitPower(data, { method }),
    apply: applyPower,
    keepsMissing: true,
  })
}
for (const output of ['uniform', 'normal'] as const) {
  columnTransformerContract(`${output} quantiles`, {
    fit: (data) => fitQuantiles(data, { output }),
    apply: applyQuantiles,
    keepsMissing: true,
  })
}
for (const method of ['mean', 'median', 'most-frequent'] as const) {
  columnTransformerContract(`${method} imputation`, {
    fit: (data) => fitImputation(data, { method, indicators: true }),
    apply: applyImputation,
    keepsMissing: false,
  })
}

test('scaling and its inverse cancel', () => {
  const data = matrixFromRows([
    [1, 200],
    [4, 300],
    [9, 450],
  ])
  for (const method of ['standard', 'robust', 'min-max'] as const) {
    const model = fitScaling(data, { method })
    invertScaling(model, applyScaling(model, data)).values.forEach((value: number, at: number) => {
      expect(value).toBeCloseTo(data.values[at]!, 10)
    })
  }
})

test('a column of 0.1s is constant although its mean is not quite 0.1', () => {
  const data = matrixFromRows(Array.from({ length: 10 }, () => [0.1]))
  expect(Array.from(applyScaling(fitScaling(data), data).values).every((value) => Math.abs(value) < 1e-15)).toBe(true)
})

test('a column without any value stays missing under scaling, and cannot be imputed', () => {
  const data = matrixFromRows([[Number.NaN], [Number.NaN]])
  expect(applyScaling(fitScaling(data), data).values).toEqual(data.values)
  expect(applyQuantiles(fitQuantiles(data), data).values).toEqual(data.values)
  expect(() => fitImputation(data)).toThrow('column 0 must have at least one value, got only missing ones')
})

test('log1p refuses negative values in the fit and later', () => {
  expect(() => fitPower(matrixFromRows([[-1]]), { method: 'log1p' })).toThrow('got -1 at row 0, column 0')
  const model = fitPower(matrixFromRows([[1]]), { method: 'log1p' })
  expect(() => applyPower(model, matrixFromRows([[-0.5]]))).toThrow('log1p needs values of at least 0, got -0.5')
})

test('Yeo-Johnson finds the planted power', () => {
  // Normal quantiles around 5 taken back through the transform with power 0.3, so that 0.3 makes them normal again.
  const planted = Array.from({ length: 2000 }, (_, at) => {
    const normal = 5 + 1.5 * normalQuantile((at + 0.5) / 2000)
    return [(0.3 * normal + 1) ** (1 / 0.3) - 1]
  })
  expect(Math.abs(fitPower(matrixFromRows(planted)).powers[0]! - 0.3)).toBeLessThan(0.02)
})

test('the indicators name the columns with holes in training only', () => {
  const model = fitImputation(
    matrixFromRows([
      [1, Number.NaN],
      [3, 4],
    ]),
    { indicators: true },
  )
  expect([...model.indicated]).toEqual([1])
  expect([...applyImputation(model, matrixFromRows([[Number.NaN, Number.NaN]])).values]).toEqual([2, 4, 1])
})
