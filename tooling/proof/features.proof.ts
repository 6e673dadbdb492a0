import { prove } from './record.ts'
import { runTests } from './run-tests.ts'
import './training-set.ts'

prove({
  name: 'features-agreement',
  claim:
    'random definitions (every aggregate over every kind of window, every entity, sequences, arithmetic) on random histories (late, early, imported, equal moments, duplicates, merges, unmerges, erasures, restarts): ≥ 5,000 definition × history pairs, SQL now and at past moments, live engine and interpreter equal, additive results to the bit and others to 1e-9',
  measure: () => {
    const { figure, isMet, output } = runTests('agreement', [
      'packages/server/src/features/agreement/agreement.slow.test.ts',
    ])
    const pairs = /^(\d+) definitions, (\d+) definition × history pairs$/m.exec(output)
    const [definitions, histories] = [Number(pairs?.[1] ?? 0), Number(pairs?.[2] ?? 0)]
    return {
      figure: `${definitions.toLocaleString('en')} definitions, ${histories.toLocaleString('en')} pairs; ${figure}`,
      isMet: isMet && histories >= 5000,
    }
  },
})

prove({
  name: 'features-planted',
  claim:
    'at least twenty bugs planted in SQL or the live engine (a closed window, a wrong order of ties, late events lost, a bucket too many, a wrong half-life, duplicates twice, merges forgotten …): each is seen, and nothing where none is planted',
  measure: () => runTests('planted bugs', ['packages/server/src/features/agreement/planted-bugs.slow.test.ts']),
})
