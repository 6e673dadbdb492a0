import { describe, test } from 'vitest'
import { estimators } from './estimators.contract.ts'
import { answersOrSaysWhy, inputStays, refitForgets, savedSaysTheSame } from './laws.contract.ts'

// What every estimator keeps, whatever it learns. A row of `estimators/` is all that a new one has to add.
describe.each(estimators)('$name', (row) => {
  test('a refit forgets, and gives the same bytes for any number of workers', () => refitForgets(row))
  test('the input stays as it was, and the model too', () => inputStays(row))
  test('a saved model says the same when it is loaded', () => savedSaysTheSame(row))
  test.each(row.inputs.edges)('$name: a right answer or a clear error', (edge) => answersOrSaysWhy(row, edge))
})
