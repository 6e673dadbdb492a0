import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withdrawProfiling } from '../../packages/server/src/insights/withdrawn.contract.ts'
import { count, prove } from './record.ts'

prove({
  name: 'consent-withdrawn',
  claim:
    'who withdraws profiling is in no score, segment list, export or recommendation from then on, and in no training set, feature, segment or score of the next analysis; totals still count them',
  measure: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rapport-proof-consent-'))
    try {
      const { before, served, next, totals, leftOut } = await withdrawProfiling(folder, 2000)
      const sum = (rows: Readonly<Record<string, number>>): number => Object.values(rows).reduce((a, b) => a + b, 0)
      const places = Object.keys(before).length
      return {
        figure:
          `${count(sum(before))} rows about the customer in ${places} places before; ${sum(served)} served right after, ` +
          `${sum(next)} in the next analysis (${Object.keys(next).length} places), which says that it left out ${leftOut?.customers ?? 0}; revenue ${count(totals[0])} and ${count(totals[1])}`,
        isMet:
          Object.values(before).every((rows) => rows > 0) &&
          sum(served) + sum(next) === 0 &&
          leftOut?.customers === 1 &&
          totals[0] === totals[1],
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})
