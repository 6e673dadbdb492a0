import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import type { Privacy } from './consent/index.ts'
import { checkCall, type EventLog, openEventLog } from './ingestion/index.ts'
import { findCustomers, timelineOf, viewCustomer } from './insights/index.ts'
import { listJobs } from './jobs/index.ts'
import { openPrivacy } from './privacy.ts'
import { onEachDatabase } from './state/each-database.contract.ts'
import type { State } from './state/index.ts'
import { openWarehouse, type Warehouse } from './warehouse/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-privacy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const event = (call: object) => {
  const checked = checkCall(call, undefined, Date.now())
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return checked.event
}
/** What a shop knows of somebody, and their own browser; `ann` and `bob` share a tablet. */
const lifeOf = (name: string) =>
  [
    { type: 'page', anonymousId: `${name}-browser`, context: { device: { id: `${name}-device` } } },
    {
      ...{ type: 'identify', userId: name, anonymousId: `${name}-browser` },
      traits: { email: `${name}@shop.example`, email_verified: true, phone: '+49 30 1234567' },
    },
    { type: 'track', event: 'Review Posted', userId: name, properties: { text: `signed ${name}` } },
    { type: 'track', event: 'Signed In', userId: name, anonymousId: 'tablet' },
    { type: 'page', anonymousId: 'tablet' },
    {
      ...{ type: 'track', event: 'Order Completed', userId: name },
      properties: { order_id: `o-${name}`, currency: 'EUR', products: [{ product_id: 'p', price: 3 }] },
    },
    {
      ...{ type: 'track', event: 'Segment Consent Preference Updated', userId: name },
      context: { consent: { categoryPreferences: { analytics: true } } },
    },
  ].map((call, at) => event({ ...call, messageId: `${name} ${at}` }))

onEachDatabase((fresh) => {
  let warehouse: Warehouse
  let state: State
  let log: EventLog
  let privacy: Privacy
  let store: string
  const open = async (): Promise<void> => {
    store = mkdtempSync(join(folder, 'store-'))
    warehouse = await openWarehouse(store)
    state = await fresh()
    log = await openEventLog(warehouse)
    privacy = await openPrivacy(warehouse, state, { eraseWithinDays: 7 })
    for (const name of ['ann', 'bob']) await log.append(lifeOf(name))
    await log.append(
      [event({ type: 'track', event: 'Invited', userId: 'bob', properties: { friend: 'Ann@shop.example', n: 1 } })],
      [
        {
          index: 0,
          code: 'ingestion.schema',
          reason: 'bad',
          pointer: '',
          raw: { userId: 'ann', n: 2 },
          receivedAt: 1,
          sentAt: null,
        } as never,
      ],
    )
    await log.settle()
  }
  afterEach(async () => {
    await log.close()
    await warehouse.close()
  })

  test('an export has everything of one customer and nothing of another', async () => {
    await open()
    const document = JSON.stringify(await privacy.export('ann'))
    for (const told of ['ann-browser', 'ann-device', 'ann@shop.example', 'signed ann', 'o-ann', 'analytics', '"n":2']) {
      expect(document).toContain(told)
    }
    expect(document).not.toMatch(/bob-browser|bob@shop|signed bob|o-bob/)
    await expect(privacy.export('nobody')).rejects.toMatchObject({ code: 'consent.customer' })
    await expect(privacy.export('anonymous:ann-browser')).rejects.toMatchObject({ code: 'identity.moved' })
  })

  test('who is erased is in no read any more, others are as they were', async () => {
    await open()
    const read = async () => ({
      view: await viewCustomer(warehouse, 'bob'),
      timeline: (await timelineOf(warehouse, 'bob')).occurrences.length,
    })
    await privacy.export('bob')
    const before = await read()
    const receipt = await privacy.erase('ann')
    expect(receipt).toMatchObject({
      removed: { facts: { events: 6, order_lines: 1, quarantine: 1 }, consents: { consents: 1 } },
      finishedAt: null,
    })
    await expect(viewCustomer(warehouse, 'ann')).rejects.toMatchObject({ code: 'insights.customer' })
    expect((await findCustomers(warehouse, { search: '', after: '', limit: 9 })).customers).toEqual([
      expect.objectContaining({ customerId: 'anonymous:tablet' }),
      expect.objectContaining({ customerId: 'bob' }),
    ])
    expect(await read()).toEqual(before)
    expect(
      await state.queries.selectFrom('identities').selectAll().where('identity', 'like', '%ann%').execute(),
    ).toEqual([])
    const [invited] = await warehouse.rows("select properties from events where name = 'Invited'")
    expect(invited).toEqual({ properties: '{"friend":"[erased]","n":1}' })
    expect(readFileSync(join(store, 'erasures.jsonl'), 'utf8')).not.toMatch(/ann/)
    expect(JSON.stringify(receipt)).not.toMatch(/ann/)
    expect(await listJobs(state, 9)).toMatchObject([{ kind: 'erase', runAt: receipt.dueAt - 3.5 * 86_400_000 }])
  })

  test('a shared tablet stays shared: what was done on it does not become another one’s', async () => {
    await open()
    await privacy.erase('ann')
    const [tablet] = await state.queries
      .selectFrom('identities')
      .selectAll()
      .where('identity', '=', 'anonymous:tablet')
      .execute()
    expect(tablet).toMatchObject({ customer_id: 'anonymous:tablet', why: 'shared by 2 customers' })
    const links = await state.queries
      .selectFrom('identity_links')
      .selectAll()
      .where('from_identity', '=', 'anonymous:tablet')
      .execute()
    expect(links.map(({ to_identity }) => to_identity).sort()).toEqual([
      'user:bob',
      expect.stringMatching(/^user:erased:/),
    ])
  })

  test('an erasure in whose middle the process ended goes on', async () => {
    await open()
    await privacy.export('ann')
    let isKilled = false
    const failing = new Proxy(warehouse, {
      get: (whole, name: keyof Warehouse) =>
        name === 'run' && isKilled
          ? (sql: string, ...rest: []) =>
              sql.includes('delete from identity_map') ? Promise.reject(new Error('killed')) : whole.run(sql, ...rest)
          : typeof whole[name] === 'function'
            ? (whole[name] as () => unknown).bind(whole)
            : whole[name],
    })
    const dying = await openPrivacy(failing, state, { eraseWithinDays: 7 })
    isKilled = true
    await expect(dying.erase('ann')).rejects.toThrow('killed')
    expect(await privacy.erasures(9)).toMatchObject([{ removedAt: null }])
    isKilled = false
    const next = await openPrivacy(warehouse, state, { eraseWithinDays: 7 })
    const [receipt] = await next.erasures(9)
    expect(receipt).toMatchObject({ removedAt: expect.any(Number), removed: { facts: { events: 6 } } })
    const { person } = await state.queries.selectFrom('erasures').select('person').executeTakeFirstOrThrow()
    expect(person).toBeNull()
    expect(readFileSync(join(store, 'erasures.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1)
  })

  test('rewriting the files finishes every erasure, once', async () => {
    await open()
    const { erasureId } = await privacy.erase('ann')
    const finished = await privacy.finish()
    expect(finished).toMatchObject([{ erasureId, finishedAt: expect.any(Number) }])
    expect(await privacy.finish()).toEqual([])
    expect((await viewCustomer(warehouse, 'bob')).orders).toHaveLength(1)
  })

  test('an erasure is applied again to a store that was put back from before it', async () => {
    await open()
    const before = JSON.stringify(await privacy.export('bob'))
    const { askedAt } = await privacy.erase('ann')
    // The backup: the same events once more, and a state that knows of no erasure.
    await state.queries.deleteFrom('erasures').execute()
    await log.append(
      lifeOf('ann').map((one, at) => ({ ...one, messageId: `again ${at}`, receivedAt: askedAt, occurredAt: askedAt })),
    )
    await log.settle()
    const next = await openPrivacy(warehouse, state, { eraseWithinDays: 7 })
    expect(await next.erasures(9)).toMatchObject([{ askedAt, removed: { facts: { events: 6, order_lines: 1 } } }])
    await expect(viewCustomer(warehouse, 'ann')).rejects.toMatchObject({ code: 'insights.customer' })
    // The number that both gave is bob's alone by now.
    expect((await next.export('bob'))['knownAs']).toEqual([...JSON.parse(before).knownAs, 'phone:+49301234567'])
    writeFileSync(join(store, 'erasures.key'), '0'.repeat(64))
    await state.queries.deleteFrom('erasures').execute()
    await expect(openPrivacy(warehouse, state, { eraseWithinDays: 7 })).rejects.toMatchObject({
      code: 'consent.erasure-key',
    })
  })
})
