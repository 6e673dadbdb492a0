import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { checkCall, type LiveEvent, openEventLog } from '../ingestion/index.ts'
import { openState } from '../state/index.ts'
import { openWarehouse } from '../warehouse/index.ts'
import { followConsents, openConsentDoor, standingsOf } from './index.ts'
import { latestOf } from './ledger.ts'
import { preferencesOf } from './preferences-of.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-consent-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const event = (call: object): LiveEvent => {
  const checked = checkCall(call, undefined, Date.now())
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return checked.event
}
const says = (preferences: object) => ({ context: { consent: { categoryPreferences: preferences } } })
const consentEvent = { type: 'track', event: 'Segment Consent Preference Updated' }
const view = { type: 'track', event: 'Product Viewed' }

test('a refusal over the wire is in the ledger and closes the door, also after a restart, until it is taken back', async () => {
  const steps = [
    { granted: false, lets: false },
    { granted: true, lets: true },
  ]
  for (const [at, { granted, lets }] of steps.entries()) {
    const warehouse = await openWarehouse(folder)
    const state = await openState(folder)
    const log = await openEventLog(warehouse)
    const door = await openConsentDoor(state)
    expect(door.lets(event({ ...view, userId: 'ann' }))).toBe(at === 0)
    const consents = followConsents(warehouse, state, door)
    const preferences = { analytics: granted, 'marketing.email': true, 'no.purpose': true }
    await log.append([event({ ...consentEvent, userId: 'ann', messageId: String(at), ...says(preferences) })])
    await log.settle()
    await consents.catchUp(log.position)
    await log.settle()
    await consents.catchUp(log.position)
    expect(door.lets(event({ ...view, userId: 'ann' }))).toBe(lets)
    expect(door.lets(event({ ...view, userId: 'bob' }))).toBe(true)
    const standings = await standingsOf(state, ['ann', 'anonymous:x'])
    expect(standings.map(({ purpose, isGranted }) => [purpose, isGranted])).toEqual([
      ['analytics', granted],
      ['marketing.email', true],
    ])
    await log.close()
    await state.close()
    await warehouse.close()
  }
})

test('what an event says of itself counts; orders and refusals always enter', async () => {
  const store = mkdtempSync(join(folder, 'door-'))
  const state = await openState(store)
  const door = await openConsentDoor(state)
  const refuses = says({ analytics: false })
  expect(door.lets(event({ ...view, anonymousId: 'x', ...refuses }))).toBe(false)
  expect(door.lets(event({ ...view, anonymousId: 'x', ...says({ 'marketing.ads': false }) }))).toBe(true)
  expect(door.lets(event({ ...consentEvent, anonymousId: 'x', ...refuses }))).toBe(true)
  expect(door.lets(event({ type: 'track', event: 'Order Completed', anonymousId: 'x', ...refuses }))).toBe(true)
  door.note('anonymous:x', false)
  expect(door.lets(event({ type: 'page', anonymousId: 'x' }))).toBe(false)
  expect(door.lets(event({ type: 'page', anonymousId: 'x', userId: 'ann' }))).toBe(false)
  expect(door.lets(event({ type: 'page', anonymousId: 'x', ...says({ analytics: true }) }))).toBe(true)
  await state.close()
})

test('the latest decision holds in any order, and of two at one moment the refusal', () => {
  const decision = fc.record({ isGranted: fc.boolean(), decidedAt: fc.nat(3) })
  fc.assert(
    fc.property(fc.array(decision, { minLength: 1 }), (decisions) => {
      const last = Math.max(...decisions.map(({ decidedAt }) => decidedAt))
      const atLast = decisions.filter(({ decidedAt }) => decidedAt === last)
      expect(latestOf(decisions)!.isGranted).toBe(atLast.every(({ isGranted }) => isGranted))
    }),
  )
})

test.each([
  null,
  '{}',
  '{"consent":null,"x":"\\"categoryPreferences\\""}',
  '{"consent":{"categoryPreferences":{"analytics":"yes"}}}',
])('no preference in %s', (context) => {
  expect(preferencesOf(context).size).toBe(0)
})
