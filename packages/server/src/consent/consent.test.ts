import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConsentDecision, decisionEvent } from '@rapport/protocol'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followIdentities, partIdentities } from '../identity/index.ts'
import { appendCalls, checkCall, type EventLog, type LiveEvent, openEventLog, sortBatch } from '../ingestion/index.ts'
import { type LogFollower, openState, type State } from '../state/index.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import {
  type ConsentDoor,
  changeDefaults,
  consentsOf,
  declaring,
  followConsents,
  openConsentDoor,
  recordedDecision,
  refreshStandings,
  refreshStandingsOf,
  sourcesOf,
  syncConsents,
} from './index.ts'
import { latestOf } from './latest-of.ts'
import { preferencesOf } from './preferences-of.ts'

let folder: string
let warehouse: Warehouse
let state: State
let log: EventLog
let door: ConsentDoor
let follower: LogFollower

async function open(): Promise<void> {
  warehouse = await openWarehouse(folder)
  state = await openState(folder)
  await syncConsents(warehouse, state)
  door = await openConsentDoor(warehouse, state)
  log = await openEventLog(warehouse)
  follower = followConsents(warehouse, state, door)
}

async function close(): Promise<void> {
  await log.close()
  await state.close()
  await warehouse.close()
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-consent-'))
  await open()
})
afterEach(async () => {
  await close()
  rmSync(folder, { recursive: true, force: true })
})

const event = (call: object): LiveEvent => {
  const checked = checkCall(call, undefined, Date.now())
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return checked.event
}
const says = (preferences: object) => ({ context: { consent: { categoryPreferences: preferences } } })
const consentEvent = { type: 'track', event: 'Segment Consent Preference Updated' }
const view = { type: 'track', event: 'Product Viewed' }
const at = (second: number) => ({ timestamp: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString() })

async function take(...calls: object[]): Promise<void> {
  await appendCalls(log, calls)
  await follower.catchUp(log.position)
}

const decide = (decision: Omit<ConsentDecision, 'basis' | 'proof'> & Partial<ConsentDecision>): object =>
  recordedDecision({ basis: 'consent', proof: {}, ...decision }, { source: 'api', actor: 'key_1' }, Date.now())

const granted = async (customer: string): Promise<string[]> =>
  (await consentsOf(warehouse, state, customer)).standings
    .filter(({ isGranted }) => isGranted)
    .map(({ purpose }) => purpose)

const profiled = async (): Promise<string[]> =>
  (
    await warehouse.rows<{ id: string }>(
      'select distinct customer_id as id from profiled_events where customer_id is not null order by id',
    )
  ).map(({ id }) => id)

test('a refusal over the wire closes the door, also after a restart, until it is taken back', async () => {
  for (const isGranted of [false, true]) {
    const preferences = { analytics: isGranted, 'marketing.email': true, 'no.purpose': true }
    await take({ ...consentEvent, userId: 'ann', properties: { text_version: 7, form: 'b' }, ...says(preferences) })
    await follower.catchUp(log.position)
    for (const again of [false, true]) {
      if (again) {
        await close()
        await open()
      }
      expect(door.admits(event({ ...view, userId: 'ann' }))).toBe(isGranted)
      expect(door.admits(event({ ...view, userId: 'bob' }))).toBe(true)
    }
    expect(await granted('ann')).toEqual([...(isGranted ? ['analytics'] : []), 'marketing.email'])
  }
  const { history } = await consentsOf(warehouse, state, 'ann')
  expect(history.map(({ purpose, decision }) => `${purpose} ${decision}`)).toEqual([
    'analytics granted',
    'marketing.email granted',
    'analytics denied',
    'marketing.email granted',
  ])
  expect(history[0]).toMatchObject({ source: 'browser', textVersion: '7', proof: { form: 'b', position: 2 } })
})

/** How many of these calls, come together, are refused. */
async function refusedOf(...calls: object[]): Promise<number> {
  const doors = { consent: door, plan: { keepsOut: () => undefined } }
  return (await sortBatch(calls, { receivedAt: Date.now(), sentAt: null }, doors)).refused
}

const page = (anonymousId: string) => ({ type: 'page', anonymousId })
const link = { type: 'identify', userId: 'hal', anonymousId: 'hal-an' }
const wish = (isGranted: boolean, second: number) => ({
  ...{ ...consentEvent, ...at(second), userId: 'hal', ...says({ analytics: isGranted }) },
})

test('a refusal counts at once under ids that came together a moment before, and so does its taking back', async () => {
  expect(await refusedOf(link, wish(false, 1), page('hal-an'), page('other'))).toBe(1)
  expect(await refusedOf(page('hal-an'))).toBe(1)
  expect(await refusedOf(wish(true, 2), page('hal-an'))).toBe(0)
  const alias = { type: 'alias', userId: 'hal', previousId: 'old' }
  expect(await refusedOf(alias, wish(false, 3), { ...view, userId: 'old' }, page('old'))).toBe(2)
})

test('a refusal counts at once under every id that the graph knows, also after a restart', async () => {
  const identities = await followIdentities(warehouse, state)
  await appendCalls(log, [link])
  await identities.catchUp(log.position)
  await close()
  await open()
  expect(await refusedOf(wish(false, 1), page('hal-an'))).toBe(1)
  expect(await refusedOf(wish(true, 2), page('hal-an'))).toBe(0)
  const ofBrowser = { ...consentEvent, ...at(3), anonymousId: ' hal-an', ...says({ analytics: false }) }
  expect(await refusedOf(ofBrowser, { ...view, userId: 'hal' })).toBe(1)
})

test('who refused before does so at once under an id that an alias gives, and an order shows', async () => {
  await take(wish(false, 1))
  const order = { type: 'track', event: 'Order Completed', userId: 'hal', anonymousId: 'till' }
  expect(await refusedOf(page('till'), order, page('till'))).toBe(1)
  // Another customer at the same till.
  expect(await refusedOf({ ...view, userId: 'ann', anonymousId: 'till' })).toBe(0)
  const alias = { type: 'alias', userId: 'new', previousId: 'hal' }
  expect(await refusedOf({ ...view, userId: 'new' }, alias, { ...view, userId: 'new' })).toBe(1)
})

test('a browser that somebody else uses too is closed by neither', async () => {
  const other = { ...link, userId: 'ann' }
  expect(await refusedOf(link, other, wish(false, 1), page('hal-an'), { ...view, userId: 'ann' })).toBe(0)
})

test('what is said counts for the very next event, before anybody follows the log', () => {
  const refuses = says({ analytics: false })
  expect(door.admits(event({ ...view, anonymousId: 'x' }))).toBe(true)
  expect(door.admits(event({ ...view, anonymousId: 'x', ...says({ 'marketing.ads': false }) }))).toBe(true)
  expect(door.admits(event({ ...view, anonymousId: 'x', ...refuses }))).toBe(false)
  expect(door.admits(event({ ...consentEvent, anonymousId: 'x', ...at(5), ...refuses }))).toBe(true)
  expect(door.admits(event({ type: 'page', anonymousId: 'x' }))).toBe(false)
  expect(door.admits(event({ type: 'page', anonymousId: 'x', userId: 'ann' }))).toBe(false)
  expect(door.admits(event({ type: 'page', anonymousId: 'x', ...says({ analytics: true }) }))).toBe(false)
  expect(door.admits(event({ type: 'track', event: 'Order Completed', anonymousId: 'x', ...refuses }))).toBe(true)
  expect(door.admits(event({ ...consentEvent, anonymousId: 'x', ...at(4), ...says({ analytics: true }) }))).toBe(true)
  expect(door.admits(event({ type: 'page', anonymousId: 'x' }))).toBe(false)
  expect(door.admits(event({ ...consentEvent, anonymousId: 'x', ...at(6), ...says({ analytics: true }) }))).toBe(true)
  expect(door.admits(event({ type: 'page', anonymousId: 'x' }))).toBe(true)
})

test('a refusal of what an import had granted withdraws it', async () => {
  await warehouse.run("insert into consents values ('ann', 'profiling', true, 'consent', timestamptz '2025-01-01', 7)")
  await take(decide({ customerId: 'ann', decision: 'withdraw', purposes: ['profiling', 'marketing.email'] }))
  const { history } = await consentsOf(warehouse, state, 'ann')
  expect(history.map(({ purpose, decision, source }) => `${purpose} ${decision} ${source}`)).toEqual([
    'profiling withdrawn api',
    'marketing.email denied api',
    'profiling granted import',
  ])
})

test('where what holds came from is known without the history, and of ids more than a statement takes', async () => {
  await warehouse.run("insert into consents values ('ann', 'profiling', true, 'consent', timestamptz '2025-01-01', 7)")
  await take({ ...consentEvent, userId: 'ann', ...at(1), ...says({ analytics: false, 'marketing.email': true }) })
  await take({ ...consentEvent, userId: 'bob', ...at(1), ...says({ analytics: true }) })
  const early = await sourcesOf(warehouse, state, 'ann')
  expect([...early].sort()).toEqual([
    ['analytics', 'browser'],
    ['marketing.email', 'browser'],
  ])
  await take(decide({ customerId: 'ann', decision: 'withdraw', purposes: ['marketing.email'] }))
  expect((await sourcesOf(warehouse, state, 'ann')).get('marketing.email')).toBe('api')
  expect(await sourcesOf(warehouse, state, 'nobody')).toEqual(new Map())
  await warehouse.run("insert into identity_map select 'anonymous:b' || range, 'ann', now() from range(40000)")
  expect((await consentsOf(warehouse, state, 'ann')).history).toHaveLength(4)
})

test('nobody outside records a decision in the operator’s name', () => {
  expect(door.admits(event({ type: 'track', event: decisionEvent, userId: 'ann' }))).toBe(false)
})

test('a recorded decision has its source, text and proof, and everything is made again from the log', async () => {
  const proof = { letter: '2026-01-12' }
  await take(decide({ customerId: 'ann', decision: 'grant', purposes: ['profiling'], textVersion: 'v3', proof }))
  await take(decide({ customerId: 'ann', decision: 'withdraw', purposes: ['profiling'] }))
  const before = await consentsOf(warehouse, state, 'ann')
  expect(before.history).toMatchObject([
    { decision: 'withdrawn', source: 'api', basis: 'consent', textVersion: null },
    { decision: 'granted', source: 'api', textVersion: 'v3', proof: { letter: '2026-01-12', actor: 'key_1' } },
  ])
  await state.queries.deleteFrom('consents').execute()
  await state.queries.deleteFrom('cursors').execute()
  await close()
  await open()
  const strip = ({ history, ...rest }: typeof before) => [rest, history.map((entry) => ({ ...entry, recordedAt: 0 }))]
  expect(strip(await consentsOf(warehouse, state, 'ann'))).toEqual(strip(before))
})

test('an old stamp of a browser undoes no withdrawal; a new signal refuses', async () => {
  const stamp = says({ profiling: true, 'marketing.email': true })
  await take({ ...consentEvent, userId: 'ann', anonymousId: 'x', ...at(1), ...stamp })
  await take(decide({ customerId: 'ann', decision: 'withdraw', purposes: ['profiling'] }))
  await take({ ...view, userId: 'ann', anonymousId: 'x', ...stamp })
  expect(await granted('ann')).toEqual(['analytics', 'marketing.email'])
  await take({ ...view, userId: 'ann', ...says({ 'marketing.email': false }) })
  expect(await granted('ann')).toEqual(['analytics'])
})

test('Global Privacy Control refuses ads, social audiences and chosen content, unless the visitor decided otherwise', async () => {
  await changeDefaults(warehouse, state, { rule: 'by-region', declared: null })
  const gpc = (preferences: object) => ({
    context: { consent: { categoryPreferences: preferences, globalPrivacyControl: true } },
  })
  await take(
    { type: 'identify', userId: 'ann', traits: { address: { country: 'US' } } },
    { ...view, userId: 'ann', ...gpc({ 'marketing.social': true }) },
  )
  await refreshStandings(warehouse)
  expect(await granted('ann')).toEqual(['analytics', 'profiling', 'marketing.email', 'marketing.social'])
})

test('after a merge the latest decision under any id holds, and after parting each has their own again', async () => {
  const identities = await followIdentities(warehouse, state, async (ids) => {
    await refreshStandingsOf(warehouse, ids)
  })
  await take({ ...consentEvent, anonymousId: 'x', ...at(1), ...says({ profiling: true, analytics: true }) })
  await take({ ...consentEvent, userId: 'ann', ...at(2), ...says({ profiling: false }) })
  expect(await granted('anonymous:x')).toEqual(['analytics', 'profiling'])
  await take({ type: 'identify', userId: 'ann', anonymousId: 'x' })
  await identities.catchUp(log.position)
  expect(await granted('ann')).toEqual(['analytics'])
  expect(await profiled()).toEqual([])
  expect((await consentsOf(warehouse, state, 'ann')).history).toHaveLength(3)
  await partIdentities(warehouse, state, 'anonymous:x', 'user:ann')
  await refreshStandings(warehouse)
  expect(await granted('anonymous:x')).toEqual(['analytics', 'profiling'])
  expect(await granted('ann')).toEqual(['analytics'])
})

test('of two decisions at one moment the refusal holds; a person’s word stands before the shop’s claim', async () => {
  await take({ ...consentEvent, userId: 'ann', ...at(1), ...says({ profiling: false }) })
  await take({ ...consentEvent, userId: 'ann', ...at(1), ...says({ profiling: true }) })
  expect(await granted('ann')).toEqual(['analytics'])
  const claimed = (customerId: string): object =>
    decide({ customerId, decision: 'grant', purposes: ['profiling'], basis: 'legitimate-interest' })
  await take(claimed('ann'), claimed('bob'))
  expect(await profiled()).toEqual(['bob'])
})

test('an undone import takes its consents back', async () => {
  const said = "insert into consents values ('ann', 'profiling', true, 'consent', now(), 7)"
  await warehouse.run(said)
  await take({ ...view, userId: 'ann' })
  await refreshStandings(warehouse)
  expect(await profiled()).toEqual(['ann'])
  await warehouse.run('delete from consents where batch_id = 7')
  await refreshStandings(warehouse)
  expect(await profiled()).toEqual([])
})

test('defaults: analytics only, then by region, then on a declared basis; a refusal stands in all of them', async () => {
  await take(
    { type: 'identify', userId: 'here', traits: { country: 'Germany' } },
    { type: 'identify', userId: 'there', traits: { country: 'US' } },
    { ...view, userId: 'nowhere' },
    { ...view, userId: 'placed', context: { location: { country: 'Japan' } } },
    { type: 'identify', userId: 'refuses', traits: { country: 'US' } },
    { ...consentEvent, userId: 'refuses', ...says({ profiling: false }) },
  )
  expect(await profiled()).toEqual([])
  await changeDefaults(warehouse, state, { rule: 'by-region', declared: null })
  expect(await profiled()).toEqual(['placed', 'there'])
  expect(await consentsOf(warehouse, state, 'here')).toMatchObject({ region: 'opt-in' })
  await take({ ...view, userId: 'new' })
  expect(await profiled()).toEqual(['placed', 'there'])
  const declared = declaring('legitimate-interest', ['profiling'])
  await changeDefaults(warehouse, state, { rule: 'by-region', declared })
  await take({ ...view, userId: 'newer' })
  expect(await profiled()).toEqual(['here', 'new', 'newer', 'nowhere', 'placed', 'there'])
  const [profiling] = (await consentsOf(warehouse, state, 'here')).standings.filter((s) => s.purpose === 'profiling')
  expect(profiling).toMatchObject({ isGranted: true, because: 'basis', decidedAt: null })
  await close()
  await open()
  expect(await profiled()).toEqual(['here', 'new', 'newer', 'nowhere', 'placed', 'there'])
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
  '{"consent":{"globalPrivacyControl":false}}',
])('no preference in %s', (context) => {
  expect(preferencesOf(context).size).toBe(0)
})

test('a refusal that does not get into the ledger holds all the same, and until the ledger says otherwise', async () => {
  try {
    vi.useFakeTimers({ toFake: ['Date'] })
    door.admits(event({ ...consentEvent, userId: 'ann', ...says({ analytics: false }) }))
    vi.setSystemTime(Date.now() + 61_000)
    door.admits(event({ ...consentEvent, userId: 'bob', ...says({ analytics: true }) }))
    expect(door.admits(event({ ...view, userId: 'ann' }))).toBe(false)
    door.settle([{ receivedId: 'ann', isGranted: true, decidedAt: Date.now() }])
    expect(door.admits(event({ ...view, userId: 'ann' }))).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})

test('a refusal that counts under another id as well is forgotten only when the followers were at the end of the log', () => {
  try {
    vi.useFakeTimers({ toFake: ['Date'] })
    const ids = { userId: 'dora', anonymousId: 'dora-phone' }
    door.admits(event({ ...view, ...ids }))
    door.admits(event({ ...consentEvent, userId: 'dora', ...says({ analytics: false }) }))
    const isLetIn = (): boolean => door.admits(event({ ...view, anonymousId: 'dora-phone' }))
    const somebodyDecides = (): unknown =>
      door.admits(event({ ...consentEvent, userId: 'emil', ...says({ analytics: true }) }))
    expect(isLetIn()).toBe(false)
    for (const _ of [1, 2, 3]) {
      vi.setSystemTime(Date.now() + 61_000)
      somebodyDecides()
      expect(isLetIn()).toBe(false)
    }
    door.followed(Date.now())
    somebodyDecides()
    expect(isLetIn()).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})
