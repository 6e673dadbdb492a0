import { expect, it } from 'vitest'
import { compileSegments } from './compile.ts'
import { explainSegment } from './explain.ts'
import { ListContents } from './list-contents.ts'
import { type Known, ReferenceValues } from './reference-values.contract.ts'
import { readSegmentDefinition } from './segment-definition.ts'

const day = 86_400_000
const now = Date.UTC(2024, 5, 15, 12)

const event = (key: bigint, name: string, daysAgo: number) => {
  const at = now - daysAgo * day
  return { kind: 'event', key, at, receivedAt: at, customerId: 'ada', name, call: 'track', fields: {} } as const
}
const trait = (name: string, value: string) => ({ customerId: 'ada', key: 1n, knownAt: 0, trait: name, value })

async function explained(rule: object, known: Partial<Known> = {}) {
  const segments = ['rule.it', 'rule.other'].map((id) =>
    readSegmentDefinition({ id, name: id, words: id, rule: id === 'rule.it' ? rule : { trait: 'city', op: 'known' } }),
  )
  const compiled = compileSegments({ segments, features: [], timezone: 'Europe/Berlin' })
  const values = new ReferenceValues(compiled.plan, 'Europe/Berlin')
  const all = { facts: [], traits: [], scores: [], ...known }
  values.take(all)
  const asked = { segment: 'rule.it', customer: 'ada', asOf: now }
  const { rule: clause } = await explainSegment(
    { compiled, values, lists: new ListContents(), isProfiled: () => true },
    { factsOf: async () => all.facts },
    asked,
  )
  return clause!
}

it('says what was counted, the latest first', async () => {
  const facts = [event(1n, 'View', 9), event(2n, 'View', 2), event(3n, 'Order', 1), event(4n, 'View', 0)]
  const clause = await explained({ event: 'View', withinDays: 7, count: { atLeast: 2 } }, { facts })
  expect(clause).toMatchObject({ holds: true, value: 2, isMissing: false })
  expect(clause.words).toBe('how often “View” in the last 7 days happened is at least 2: it is 2')
  expect(clause.events.map(({ key }) => key)).toEqual([4n, 2n])
})

it('says what followed in a sequence', async () => {
  const sequence = { first: { events: 'View' }, next: { events: 'Order' }, within: { count: 2, unit: 'day' } }
  const facts = [event(1n, 'View', 9), event(2n, 'View', 2), event(3n, 'Order', 1)]
  const clause = await explained({ feature: { sequence }, op: '>=', value: 1 }, { facts })
  expect(clause.words).toBe('how often “View” was followed by “Order” within 2 days is at least 1: it is 1')
  expect(clause.events).toMatchObject([{ key: 2n, followedBy: { key: 3n, name: 'Order' } }])
})

it('says that a value is missing and guesses none', async () => {
  const rule = {
    not: [
      { trait: 'income', op: '>=', value: 40_000 },
      { age: 'birth_date', op: '<', value: 30 },
    ],
  }
  const clause = await explained(rule)
  expect(clause).toMatchObject({ holds: true, words: 'none of these holds' })
  expect(clause.parts.map(({ words, isMissing }) => [words, isMissing])).toEqual([
    ['income is at least 40000: income is missing', true],
    ['years since birth date is less than 30: years since birth date is missing', true],
  ])
})

it('says what a text is that should be a date', async () => {
  const clause = await explained(
    { age: 'birth_date', op: '<', value: 30 },
    { traits: [trait('birth_date', 'May 5th')] },
  )
  expect(clause).toMatchObject({ holds: false, isMissing: true })
  expect(clause.words).toContain('it is “May 5th”, which is no date')
})

it('goes into other segments', async () => {
  const clause = await explained({ segment: 'rule.other' }, { traits: [trait('city', 'Graz')] })
  expect(clause.words).toBe('is in rule.other: yes')
  expect(clause.parts).toMatchObject([{ pointer: '/rule', words: 'city is known: it is Graz' }])
})

it('explains each segment once, however often segments name each other', async () => {
  const depth = 30
  const named = (at: number) => ({ segment: `rule.s${at}` })
  const segments = Array.from({ length: depth }, (_, at) =>
    readSegmentDefinition({
      ...{ id: `rule.s${at}`, name: `s${at}`, words: 'w' },
      rule:
        at === depth - 1 ? { trait: 'city', op: 'known' } : { any: Array.from({ length: 50 }, () => named(at + 1)) },
    }),
  )
  const compiled = compileSegments({ segments, features: [], timezone: 'UTC' })
  const values = new ReferenceValues(compiled.plan, 'UTC')
  values.take({ facts: [], traits: [trait('city', 'Ulm')], scores: [] })
  const { rule, isMember } = await explainSegment(
    { compiled, values, lists: new ListContents(), isProfiled: () => true },
    { factsOf: async () => [] },
    { segment: 'rule.s0', customer: 'ada', asOf: now },
  )
  expect(isMember).toBe(true)
  const [first, second] = rule!.parts
  expect([first!.holds, first!.parts.length, second!.holds, second!.parts.length]).toEqual([true, 1, true, 0])
  let clause = rule!
  for (let at = 1; at < depth - 1; at += 1) clause = clause.parts[0]!.parts[0]!
  expect(clause.parts[0]!.parts[0]!.words).toBe('city is known: it is Ulm')
})
