import { aggregateNames } from '@rapport/protocol'
import fc from 'fast-check'
import { it } from 'vitest'
import { planFeatures } from '../defined/plan-features.ts'
import { LiveTrial } from './live-trial.contract.ts'
import { busyFactsArbitrary, definitionsOf, hourMs } from './random-live.contract.ts'

it.each([...aggregateNames, 'sequence' as const])(
  'remembers enough for %s of a busy hour, whatever comes late, at once or in another order',
  async (what) => {
    await fc.assert(
      fc.asyncProperty(definitionsOf(what), busyFactsArbitrary, async (definitions, facts) => {
        const trial = new LiveTrial(planFeatures(definitions))
        for (const [index, fact] of facts.entries()) {
          trial.take([fact])
          if (index % 16 !== 0) continue
          await trial.settle()
          trial.expectSame(trial.now)
        }
        await trial.settle()
        trial.expectSame(trial.now)
        trial.expectConstantUntilChange(12)
        for (const later of [1, 20, 200, 2000]) trial.expectSame(trial.now + later * hourMs)
      }),
      // What is found is shown as it is found: looking for the smallest such history takes minutes.
      { numRuns: 40, endOnFailure: true },
    )
  },
)
