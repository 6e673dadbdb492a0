import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { explainLinear } from './explain-linear.ts'
import { type NamedFeature, reasonsOf, usualValues } from './reasons.ts'

const plans = ['basic', 'gold']
const features: NamedFeature[] = [
  { name: 'days since the last order', columns: [0] },
  { name: 'plan', columns: [1, 2], describe: (values) => plans[values.indexOf(1)] ?? null },
  { name: 'share of returns', columns: [3], describe: ([share]) => `${Math.round(100 * share!)} %` },
]
const training = matrixFromRows([
  [34, 1, 0, 0.1],
  [10, 1, 0, 0.3],
  [50, 0, 1, 0.2],
])
const model = { intercept: -1, coefficients: Float64Array.of(0.02, 0.1, -0.5, 0) }
const directions = { up: 'makes a lapse likelier', down: 'makes a lapse less likely' }

test('reasons name feature, direction, value and what is usual, strongest first', () => {
  const customers = matrixFromRows([[120, 0, 1, 0.5]])
  const explained = explainLinear(model, customers, { rows: training })
  const usual = usualValues(training, features)
  expect(usual).toEqual(['34', 'basic', '20 %'])
  const reasons = reasonsOf(explained, customers, 0, { features, directions, usual })
  expect(reasons.map(({ words }) => words)).toEqual([
    'days since the last order: 120 (usually 34), makes a lapse likelier',
    'plan: gold (usually basic), makes a lapse less likely',
  ])
  // One-hot columns together: 0.1 · (0 − 2/3) − 0.5 · (1 − 1/3) = −0.4; a feature without effect is no reason.
  expect(reasons[1]).toMatchObject({ feature: 'plan', direction: 'down', value: 'gold', usual: 'basic' })
  expect(reasons[1]!.effect).toBeCloseTo(-0.4, 12)
  expect(reasons.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
})

test('what is missing is said to be, nothing is compared unless asked, and `most` bounds', () => {
  const explanation = { base: 0, contributions: matrixFromRows([[0.2, 0, 0, -0.2]]) }
  const customers = matrixFromRows([[Number.NaN, 1, 0, 0.256]])
  expect(reasonsOf(explanation, customers, 0, { features, most: 1 }).map(({ words }) => words)).toEqual([
    'days since the last order: not known, raises the score',
  ])
  const told = [{ ...features[0]!, missing: 'never ordered' }]
  expect(reasonsOf(explanation, customers, 0, { features: told, usual: ['34'] })).toMatchObject([
    { position: 0, value: null, words: 'days since the last order: never ordered (usually 34), raises the score' },
  ])
  const plain = features.map(({ name, columns }) => ({ name, columns }))
  expect(reasonsOf(explanation, customers, 0, { features: plain })[1]!.words).toBe(
    'share of returns: 0.256, lowers the score',
  )
})

test('a category is compared with the commonest, a column without values with nothing', () => {
  const codes = matrixFromRows([
    [2, Number.NaN],
    [0, Number.NaN],
    [2, Number.NaN],
    [1, Number.NaN],
    [0, Number.NaN],
    [2, Number.NaN],
  ])
  const named: NamedFeature[] = [
    { name: 'region', columns: [0], isCategory: true, describe: ([code]) => ['east', 'north', 'west'][code!] ?? null },
    { name: 'age', columns: [1] },
  ]
  expect(usualValues(codes, named)).toEqual(['west', null])
})

test('what cannot be used is refused', () => {
  const explanation = { base: 0, contributions: matrixFromRows([[1, 2]]) }
  const customers = matrixFromRows([[1, 2]])
  const named = [{ name: 'age', columns: [0] }]
  const refuse = (run: () => unknown, message: string) => expect(run).toThrow(message)
  refuse(
    () => reasonsOf(explanation, customers, 1, { features: named }),
    'row must be a whole number from 0 to 0, got 1',
  )
  refuse(() => reasonsOf(explanation, training, 0, { features: named }), 'must be the rows that were explained')
  refuse(() => reasonsOf(explanation, customers, 0, { features: named, most: 0 }), 'most must be a whole number ≥ 1')
  refuse(() => reasonsOf(explanation, customers, 0, { features: named, usual: [] }), 'one value a feature (1), got 0')
  const wrong = [{ name: 'age', columns: [2] }]
  refuse(() => reasonsOf(explanation, customers, 0, { features: wrong }), 'age must name columns from 0 to 1, got 2')
  refuse(() => usualValues(customers, [{ name: 'age', columns: [] }]), 'age must name columns from 0 to 1, got none')
})

test('linear contributions: weights move the starting point, and bad input is refused', () => {
  const customers = matrixFromRows([[34, 1, 0, 0.1]])
  const { base, contributions } = explainLinear(model, customers, { rows: training, weights: [5, 0, 0] })
  expect(base).toBeCloseTo(-1 + 0.68 + 0.1, 12)
  expect(Math.max(...contributions.values.map(Math.abs))).toBeLessThan(1e-12)
  const refuse = (run: () => unknown, message: string) => expect(run).toThrow(message)
  refuse(() => explainLinear(model, matrixFromRows([[1]]), { rows: training }), '4 columns of training, got 1')
  refuse(() => explainLinear(model, customers, { rows: matrixFromRows([[1, 1, 1, Infinity]]) }), 'must be finite')
  refuse(() => explainLinear(model, customers, { rows: training, weights: [1] }), 'one number a row (3), got 1')
})
