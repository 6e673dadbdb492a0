// Reference: mpmath at 40 digits; made by golden/make/special.py, which puts the tails in on purpose.
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import * as special from './index.ts'

const { values: golden, agree } = readGolden<{ values: Record<string, number[][]> }>(
  new URL('golden/special.json', import.meta.url),
)

type Function = (...values: number[]) => number

// The tolerance is relative to max(floor, |reference|): a floor says where only the absolute error counts.
const cases: readonly [name: string, method: Function, tolerance: number, floor: number][] = [
  ['logGamma', special.logGamma, 4e-15, 0],
  ['digamma', special.digamma, 2e-15, 1],
  ['trigamma', special.trigamma, 2e-15, 0],
  ['logBeta', special.logBeta, 1e-13, 0],
  ['erf', special.erf, 1e-15, 0],
  ['erfc', special.erfc, 2e-15, 0],
  ['normalCdf', special.normalCdf, 4e-13, 0],
  ['normalQuantile', special.normalQuantile, 1e-15, 0],
  ['studentTCdf', special.studentTCdf, 1e-12, 0],
  ['studentTQuantile', special.studentTQuantile, 1e-11, 0],
  ['regularisedGamma', special.regularisedGamma, 1e-13, 0],
  ['regularisedGammaUpper', special.regularisedGammaUpper, 1e-13, 0],
  ['regularisedBeta', special.regularisedBeta, 1e-12, 0],
  ['gammaQuantile', special.gammaQuantile, 1e-12, 0],
  ['betaQuantile', special.betaQuantile, 1e-12, 0],
  ['logHypergeometric', special.logHypergeometric, 1e-12, 1],
]

test.each(cases)('%s', (name, method, tolerance, floor) => {
  const rows = golden.values[name]!
  expect(rows.length).toBeGreaterThan(4)
  const ours = rows.map((row) => method(...row.slice(0, -1)))
  const references = rows.map((row) => row.at(-1)!)
  agree(name, ours, references, tolerance, Math.max(floor, 1e-320))
})

test('every golden value is compared', () => {
  expect(cases.map(([name]) => name).sort()).toEqual(Object.keys(golden.values).sort())
})
