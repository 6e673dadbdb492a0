import { estimators } from '../../packages/learn/src/contract/estimators.contract.ts'
import { prove } from './record.ts'
import { runTests } from './run-tests.ts'

prove({
  name: 'contract-suites',
  claim:
    'every estimator: refit forgets, same seed same bytes for 1 and 2 workers, input untouched, save → load → same output, and at every edge (empty, one row, one column, constant, NaN, infinity, huge, tiny) a right answer or a clear error',
  measure: () => {
    const rows = `${estimators.length} rows of ${new Set(estimators.map(({ name }) => name.split(' ')[0])).size} fits`
    return runTests(rows, ['packages/learn/src/contract/', 'packages/learn/src/persist/'])
  },
})
