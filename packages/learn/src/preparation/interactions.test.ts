import { matrix, matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { applyInteractions, interactionNames, listInteractions } from './index.ts'

// Reference: scikit-learn 1.9.1 PolynomialFeatures(include_bias=False); made by golden/make/hashing-interactions.py. Products of
// three may be taken in another order: 1e-15.
const { values: golden, agree } = readGolden<{
  data: number[][]
  products: { degree: number; distinct: boolean; values: number[][] }[]
}>(new URL('golden/hashing-interactions.json', import.meta.url))

test.each(golden.products)('as PolynomialFeatures: degree $degree, distinct $distinct', ({ values, ...options }) => {
  const found = applyInteractions(listInteractions(4, options), matrixFromRows(golden.data))
  agree('interactions', found.values, values.flat(), 1e-15)
})

test('products have names; what is missing stays so', () => {
  const model = listInteractions(2, { distinct: false })
  expect(interactionNames(model, ['age', 'spend'])).toEqual([
    'age',
    'spend',
    'age × age',
    'age × spend',
    'spend × spend',
  ])
  const found = applyInteractions(model, matrixFromRows([[2, Number.NaN]]))
  expect([...found.values]).toEqual([2, Number.NaN, 4, Number.NaN, Number.NaN])
})

test('one column has no pairs, and no rows are no error', () => {
  expect(listInteractions(1).products).toEqual([[0]])
  expect(applyInteractions(listInteractions(3), matrix(0, 3))).toMatchObject({ rows: 0, columns: 6 })
})

test('what means nothing is refused', () => {
  expect(() => listInteractions(0)).toThrow('columns must be a whole number ≥ 1, got 0')
  expect(() => listInteractions(2, { degree: 1 })).toThrow('degree must be a whole number ≥ 2, got 1')
  expect(() => listInteractions(1000)).toThrow('at most 100000 products, got more from 1000 columns and degree 2')
  expect(() => applyInteractions(listInteractions(2), matrix(1, 3))).toThrow('data must have 2 columns, got 3')
})
