import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Fact, ScoreFact, TraitFact } from '../defined/fact.ts'
import { interpretLeaf } from '../defined/interpret.ts'
import type { Leaf, Plan } from '../defined/plan.ts'
import { planFeatures } from '../defined/plan-features.ts'
import { agrees } from './agrees.ts'
import { LiveFeatures } from './live-features.ts'
import {
  definitionsArbitrary,
  factsArbitrary,
  hourMs,
  keysOf,
  scoresArbitrary,
  start,
  traitsArbitrary,
} from './random-live.ts'

const timezone = 'Europe/Berlin'

interface Heard {
  readonly facts: Fact[]
  readonly traits: TraitFact[]
  readonly scores: ScoreFact[]
}

const inexact = new Set(['average', 'decayed-sum', 'time-since-first', 'time-since-last', 'gap-mean', 'gap-deviation'])
const isExact = (leaf: Leaf): boolean => leaf.kind !== 'aggregate' || !inexact.has(leaf.aggregate)

const entityOf = (leaf: Leaf) => ('entity' in leaf ? leaf.entity : 'customer')

function expectSame(live: LiveFeatures, { leaves }: Plan, heard: Heard, asOf: number): void {
  leaves.forEach((leaf, place) => {
    for (const key of keysOf(entityOf(leaf))) {
      const expected = interpretLeaf(leaf, { ...heard, timezone }, key, asOf)
      const got = live.leafValue(key, place, asOf)
      if (!agrees(got, expected, isExact(leaf), 1e-4))
        expect.fail(`${JSON.stringify({ leaf, key, asOf })}: live ${got}, reference ${expected}`)
    }
  })
}

it('says of every leaf what the reference says, whatever comes in whatever order', () => {
  fc.assert(
    fc.property(
      definitionsArbitrary,
      factsArbitrary,
      traitsArbitrary,
      scoresArbitrary,
      fc.array(fc.integer({ min: 0, max: 6 * hourMs }), { minLength: 1, maxLength: 10 }),
      (definitions, facts, traits, scores, pauses) => {
        const plan = planFeatures(definitions)
        const live = new LiveFeatures(plan, timezone)
        const heard: Heard = { facts: [], traits: [...traits], scores: [] }
        let now = start - 31 * hourMs
        live.setTraits(traits, now)
        for (const score of scores) {
          heard.scores.push(score)
          live.setScores([score], now)
        }
        facts.forEach((fact, index) => {
          now = Math.max(now, fact.receivedAt)
          heard.facts.push(fact)
          live.take({ facts: [fact, fact], position: index }, now)
          if (index % 5 !== 0) return
          now += pauses[index % pauses.length]!
          expectSame(live, plan, heard, now)
        })
        for (const later of [0, 7, 30, 200, 1000]) expectSame(live, plan, heard, now + later * hourMs)
      },
    ),
    { numRuns: 300 },
  )
})
