import { expect, it } from 'vitest'
import { compileSegments } from './compile.ts'
import { Evaluation } from './evaluation.ts'
import { ListContents } from './list-contents.ts'
import { watchesOf } from './next-change.ts'
import { ReferenceValues } from './reference-values.contract.ts'
import { readSegmentDefinition } from './segment-definition.ts'

const day = 86_400_000
const start = Date.UTC(2024, 5, 1, 12)
const since = { aggregate: 'time-since-last', from: { events: 'View' } }
const first = { aggregate: 'time-since-first', from: { events: true } }

/** When somebody who came a day ago and viewed now can next change, after so long. */
function nextAfter(rule: object, later = 0): number {
  const segment = readSegmentDefinition({ id: 'rule.it', name: 'it', words: 'it', rule })
  const compiled = compileSegments({ segments: [segment], features: [], timezone: 'Europe/Berlin' })
  const values = new ReferenceValues(compiled.plan, 'Europe/Berlin')
  const facts = [start - day, start].map((at, place) => {
    const what = { kind: 'event', call: 'track', fields: {}, customerId: 'ada' } as const
    return { ...what, key: BigInt(place), at, receivedAt: at, name: place === 0 ? 'Page' : 'View' }
  })
  values.take({ facts, traits: [], scores: [] })
  const evaluation = new Evaluation(compiled, values, new ListContents()).turnTo('ada', start + later)
  return Math.min(...watchesOf(compiled).map((watch) => watch.next(evaluation, values))) - start
}

it('waits for the millisecond in which a number is reached, and for nothing else', () => {
  expect(nextAfter({ feature: since, op: '>=', value: 30 })).toBe(30 * day)
  expect(nextAfter({ feature: since, op: '>=', value: 30 }, 30 * day)).toBe(30 * day + 1)
  expect(nextAfter({ feature: since, op: '>=', value: 30 }, 30 * day + 1)).toBe(Infinity)
  expect(nextAfter({ event: 'View', withinDays: 10 })).toBe(10 * day)
  expect(nextAfter({ event: 'View' })).toBe(Infinity)
})

it('waits for what it is divided by to be zero no more, and to become zero', () => {
  // Missing in the millisecond of the event, 1 from the next one on.
  const itself = { feature: { ratio: { of: since, by: since } }, op: '>=', value: 1 }
  expect(nextAfter(itself)).toBe(1)
  expect(nextAfter(itself, 1)).toBe(Infinity)
  // Days since the first less two are zero one day on.
  const two = { difference: { of: first, minus: { aggregate: 'count', from: { events: true } } } }
  const twice = { feature: { ratio: { of: two, by: two } }, op: '<', value: 7 }
  expect(nextAfter(twice, 5)).toBe(day)
  expect(nextAfter(twice, day)).toBe(day + 1)
  expect(nextAfter(twice, day + 1)).toBe(Infinity)
})
