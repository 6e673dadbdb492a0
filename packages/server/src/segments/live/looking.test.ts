import { expect, it } from 'vitest'
import { compileSegments } from './compile.ts'
import { LiveSegments } from './live-segments.ts'
import { lookAt } from './looking.ts'
import { ReferenceValues } from './reference-values.contract.ts'
import { readSegmentDefinition } from './segment-definition.ts'

it('does not bring back whom somebody erased since they were named', async () => {
  const segment = { id: 'rule.seen', name: 'Seen', words: 'seen', rule: { event: 'View', withinDays: 2 } }
  const compiled = compileSegments({ segments: [readSegmentDefinition(segment)], features: [], timezone: 'UTC' })
  const segments = new LiveSegments({ compiled, values: new ReferenceValues(compiled.plan, 'UTC') })
  const erased = new Set<string>()
  const looking = {
    feed: { standingOf: () => 'customer' as const, features: { surveying: <T>(work: () => Promise<T>) => work() } },
    ...{ segments, journal: { waiting: 0, settle: async () => {} } },
    tell: () => void (segments.isKnown('ada') && erased.add('bob')),
    isErased: (id: string) => erased.has(id),
    isStopped: () => false,
  }
  await lookAt(looking, ['ada', 'bob', 'cleo'], () => 1000)
  expect(['ada', 'bob', 'cleo'].map((id) => segments.isKnown(id))).toEqual([true, false, true])
})
