import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { it } from 'vitest'
import { planFeatures } from '../defined/plan-features.ts'
import { LiveTrial } from './live-trial.contract.ts'
import {
  definitionsArbitrary,
  factsArbitrary,
  hourMs,
  scoresArbitrary,
  traitsArbitrary,
} from './random-live.contract.ts'

const pauses = fc.array(fc.integer({ min: 0, max: 6 * hourMs }), { minLength: 1, maxLength: 10 })

it('says of every leaf what the reference says, whatever comes in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(
      ...([definitionsArbitrary, factsArbitrary, traitsArbitrary, scoresArbitrary, pauses] as const),
      async (definitions, facts, traits, scores, waits) => {
        const trial = new LiveTrial(planFeatures(definitions))
        trial.traits = [...traits]
        trial.scores = [...scores]
        trial.live.setTraits(traits, trial.now)
        trial.live.setScores(scores, trial.now)
        for (const [index, fact] of facts.entries()) {
          trial.take([fact])
          // What was taken before is refused.
          if (index % 3 === 0) trial.live.take({ facts: [fact], position: index + 0.5 }, trial.now)
          if (index % 3 === 1) trial.live.take({ facts: [fact], position: index + 1.5 }, trial.now)
          if (index % 8 !== 0) continue
          trial.now += waits[index % waits.length]!
          await trial.settle()
          trial.expectSame(trial.now)
        }
        await trial.settle()
        for (const later of [0, 7, 23, 170, 800]) trial.expectSame(trial.now + later * hourMs)
      },
    ),
    { numRuns: 200, endOnFailure: true },
  )
})

const disturbance = fc.constantFrom(
  ...['merge', 'erase', 'rebuild', 'restart', 'rebuild from the log', 'late warehouse'],
  ...['nothing', 'nothing', 'nothing', 'nothing'],
)

it('says the same after merges, erasures, rebuilds and restarts, also of facts that come meanwhile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rapport-live-'))
  const path = join(folder, 'live')
  await fc.assert(
    fc.asyncProperty(
      ...([definitionsArbitrary, factsArbitrary, traitsArbitrary] as const),
      fc.array(disturbance, { minLength: 5, maxLength: 40 }),
      async (definitions, facts, traits, disturbances) => {
        const trial = new LiveTrial(planFeatures(definitions))
        let isMerged = false
        trial.traits = [...traits]
        trial.live.setTraits(traits, trial.now)
        for (const [index, fact] of facts.entries()) {
          const what = disturbances[index % disturbances.length]
          if (what === 'merge') {
            trial.merge('bob', 'ada')
            isMerged = true
          } else if (what === 'erase') trial.erase('ada')
          else if (what === 'rebuild') trial.rebuild('customer', ['ada', 'bob'])
          else if (what === 'restart') await trial.restart(path)
          else if (what === 'rebuild from the log') await trial.restart(null)
          else if (what === 'nothing') trial.store()
          const working = index % 2 === 0 ? trial.live.work(trial.now) : undefined
          trial.take([isMerged && fact.customerId === 'bob' ? { ...fact, customerId: 'ada' } : fact])
          await working
        }
        await trial.settle()
        trial.expectSame(trial.now)
        trial.expectSame(trial.now + 30 * hourMs)
      },
    ),
    { numRuns: 200, endOnFailure: true },
  )
  await rm(folder, { recursive: true })
})
