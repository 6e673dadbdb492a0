import { describe, expect, test } from 'vitest'
import { Identity, sessionIdleMs } from './identity.ts'
import { memoryStore } from './store.ts'

describe('who the visitor is', () => {
  test('one anonymous id until reset, which also forgets user, group and session', () => {
    const identity = new Identity()
    const before = identity.anonymousId()
    const session = identity.sessionId(0)
    identity.setUserId('u1')
    identity.setGroupId('g1')
    expect(identity.anonymousId()).toBe(before)
    identity.reset()
    expect(identity.anonymousId()).not.toBe(before)
    expect([identity.userId(), identity.groupId()]).toEqual([undefined, undefined])
    expect(identity.sessionId(0)).not.toBe(session)
  })

  test('a second user on the same device gets another anonymous id, the same user does not', () => {
    const identity = new Identity()
    const before = identity.anonymousId()
    identity.setUserId('u1')
    identity.setUserId('u1')
    expect(identity.anonymousId()).toBe(before)
    identity.setUserId('u2')
    expect(identity.anonymousId()).not.toBe(before)
    expect(identity.userId()).toBe('u2')
  })

  test('moving to a store takes everything along; moving away leaves nothing', () => {
    const identity = new Identity()
    const lasting = memoryStore()
    const id = identity.anonymousId()
    identity.setUserId('u1')
    identity.moveTo(lasting)
    expect([lasting.read('anonymous_id'), lasting.read('user_id')]).toEqual([id, 'u1'])
    identity.moveTo(memoryStore())
    expect([lasting.read('anonymous_id'), lasting.read('user_id')]).toEqual([undefined, undefined])
    expect([identity.anonymousId(), identity.userId()]).toEqual([id, 'u1'])
  })

  test('an anonymous id that the store has already wins', () => {
    const lasting = memoryStore()
    lasting.write('anonymous_id', 'known')
    const identity = new Identity()
    identity.anonymousId()
    identity.moveTo(lasting)
    expect(identity.anonymousId()).toBe('known')
  })
})

test('somebody else than the store knows does not get the anonymous id that is there', () => {
  const lasting = memoryStore()
  lasting.write('anonymous_id', 'of u1')
  lasting.write('user_id', 'u1')
  const identity = new Identity()
  const id = identity.anonymousId()
  identity.setUserId('u2')
  identity.moveTo(lasting)
  expect([identity.anonymousId(), identity.userId()]).toEqual([id, 'u2'])
})

describe('sessions', () => {
  test('go on while events come within half an hour, whatever the whole length', () => {
    const identity = new Identity()
    const first = identity.sessionId(0)
    for (let now = 0; now < 5 * sessionIdleMs; now += sessionIdleMs - 10_000) {
      expect(identity.sessionId(now)).toBe(first)
    }
  })

  test('end after half an hour without an event', () => {
    const identity = new Identity()
    const first = identity.sessionId(0)
    expect(identity.sessionId(sessionIdleMs)).not.toBe(first)
  })

  test('what is not a session is begun anew', () => {
    const lasting = memoryStore()
    lasting.write('session', 'broken')
    const identity = new Identity()
    identity.moveTo(lasting)
    const session = identity.sessionId(1000)
    expect(session).toMatch(/^[0-9a-f-]{36}$/)
    expect(identity.sessionId(2000)).toBe(session)
  })
})
