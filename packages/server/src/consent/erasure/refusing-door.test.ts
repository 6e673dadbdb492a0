import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { ArrivingEvent } from '../door.ts'
import { ErasureList, erasureListFile } from './erasure-list.ts'
import { refusingErased } from './refusing-door.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-refusing-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const fresh = (): string => mkdtempSync(join(folder, 'store-'))

const none = { otherId: null, properties: null, context: null }
const event = (part: Partial<ArrivingEvent>): ArrivingEvent => ({
  ...{ call: 'track', name: 'Product Viewed', userId: null, anonymousId: null, occurredAt: 1000, ...none },
  ...part,
})
const open = { admits: () => true, prepare: () => undefined, settle: () => undefined, followed: () => undefined }

test('what happened before an erasure is refused under every id, what happens later is not', () => {
  const list = new ErasureList(fresh())
  list.add({ erasureId: 'e1', at: 1000, isSuppressed: false }, [
    'user:ann',
    'anonymous:x',
    'device:d',
    'email:a@b.example',
    'phone:+49301234',
  ])
  const door = refusingErased(open, list)
  const theirs: Partial<ArrivingEvent>[] = [
    { userId: 'ann' },
    { anonymousId: 'x' },
    { userId: 'new', call: 'alias', otherId: 'ann' },
    { anonymousId: 'y', context: '{"device":{"id":"d"}}' },
    { userId: 'new', call: 'identify', properties: '{"email":" A@b.example"}' },
    { userId: 'new', call: 'identify', properties: '{"phone":"+49 (30) 1234"}' },
    { userId: 'new', context: '{"traits":{"email":"a@B.example"}}' },
    { userId: 'A@b.example' },
    { userId: 'new', call: 'alias', otherId: 'a@b.example' },
  ]
  for (const part of theirs) {
    expect([part, door.admits(event(part))]).toEqual([part, false])
    expect([part, door.admits(event({ ...part, occurredAt: 1001 }))]).toEqual([part, true])
  }
  for (const part of [
    { userId: 'bob' },
    { anonymousId: 'ann' },
    { userId: 'x', context: '{"device":null,"traits":7}' },
  ]) {
    expect([part, door.admits(event(part))]).toEqual([part, true])
  }
  expect(list.takeRefused()).toEqual(new Map([['e1', theirs.length]]))
  expect(list.takeRefused()).toEqual(new Map())
})

test('an erasure that suppresses refuses what happens later, too', () => {
  const list = new ErasureList(fresh())
  list.add({ erasureId: 'e1', at: 1000, isSuppressed: true }, ['user:ann'])
  const door = refusingErased(open, list)
  expect(door.admits(event({ userId: 'ann', occurredAt: 9999 }))).toBe(false)
  expect(door.admits(event({ userId: 'bob', occurredAt: 9999 }))).toBe(true)
})

test('a list is read again as it was written; a last line cut short is no erasure', () => {
  const store = fresh()
  const erasure = { erasureId: 'e1', at: 1000, isSuppressed: false }
  new ErasureList(store).add(erasure, ['user:ann'])
  writeFileSync(join(store, erasureListFile), '{"erasureId":"e2","at":2', { flag: 'a' })
  const list = new ErasureList(store)
  expect(list.all).toMatchObject([erasure])
  list.add({ ...erasure, erasureId: 'e3' }, [])
  expect(new ErasureList(store).all.map(({ erasureId }) => erasureId)).toEqual(['e1', 'e3'])
  writeFileSync(join(store, erasureListFile), 'nonsense\n', { flag: 'a' })
  expect(() => new ErasureList(store)).toThrow(expect.objectContaining({ code: 'consent.erasure-list' }))
})
