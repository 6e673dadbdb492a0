import { expect, test } from 'vitest'
import type { LiveEvent } from './live-event.ts'
import { type Doors, sortCall } from './sort-call.ts'

const doors = (asked: LiveEvent[]): Doors => ({
  consent: {
    prepare: () => undefined,
    admits: (event) => {
      asked.push(event)
      return event.userId !== 'ref' && event.anonymousId !== '7' && !event.context?.includes('ann@x.example')
    },
  },
  plan: { keepsOut: () => undefined },
})
const outcome = (call: unknown): string => sortCall(call, { receivedAt: 1000, sentAt: null }, doors([])).outcome

test('a call that does not fit is refused like any other where it tells of somebody who refuses', () => {
  const broken = { type: 'track', event: 'Seen', context: { timezone: 7 } }
  expect(outcome({ ...broken, userId: 'ann' })).toBe('bad')
  expect(outcome({ ...broken, userId: ' ref ' })).toBe('refused')
  expect(outcome({ ...broken, userId: ['x'], anonymousId: 7 })).toBe('refused')
  expect(outcome({ ...broken, userId: 'ref', properties: 'text', timestamp: 'never' })).toBe('refused')
  expect(outcome({ ...broken, type: 'nothing', userId: 'ref' })).toBe('refused')
  expect(outcome({ ...broken, context: { timezone: 7, traits: { email: 'ann@x.example' } } })).toBe('refused')
})

test('whatever arrives in its place, a call that does not fit is bad', () => {
  for (const call of [7, null, 'text', [], [{ userId: 'ref' }], {}]) expect(outcome(call)).toBe('bad')
  const strange = { toString: 1, valueOf: null }
  expect(
    outcome({ type: strange, event: strange, name: strange, userId: strange, context: strange, timestamp: [] }),
  ).toBe('bad')
})

test('the word on consent of a call that does not fit is handed on where it can be read', () => {
  const contextOf = (consent: unknown) => {
    const asked: LiveEvent[] = []
    const call = { type: 'track', event: 'Seen', userId: 'ann', context: { timezone: 7, consent } }
    sortCall(call, { receivedAt: 1000, sentAt: null }, doors(asked))
    return asked.map(({ context }) => JSON.parse(context!))
  }
  const word = { categoryPreferences: { analytics: false } }
  expect(contextOf(word)).toEqual([{ timezone: 7, consent: word }])
  for (const none of ['text', null, [], { categoryPreferences: 'text' }])
    expect(contextOf(none)).toEqual([{ timezone: 7 }])
})

test('a decision that is not written as it must be is asked about as an ordinary event', () => {
  const asked: LiveEvent[] = []
  const call = { type: 'track', event: 'Segment Consent Preference Updated', userId: 'ann', context: { timezone: 7 } }
  sortCall(call, { receivedAt: 1000, sentAt: null }, doors(asked))
  expect(asked.map(({ call, name, userId }) => [call, name, userId])).toEqual([['track', '', 'ann']])
})
