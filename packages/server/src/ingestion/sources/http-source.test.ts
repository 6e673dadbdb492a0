import type { HttpOrigin, Paging, SourceDraft } from '@rapport/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readCursor } from './cursor.ts'
import { putSecret } from './secrets.ts'
import { findSource } from './stored-sources.ts'
import { type Asked, TestApi } from './test-api.contract.ts'
import { TestSources } from './test-sources.contract.ts'

const api = new TestApi()
const store = new TestSources()

beforeAll(async () => {
  await api.start()
  await store.open()
})
afterAll(async () => {
  await store.remove()
  await api.stop()
})
beforeEach(async () => {
  api.asked.length = 0
  await store.warehouse.run(
    'delete from customers; delete from products; delete from events; delete from source_cursors',
  )
})

const from = (fields: Partial<HttpOrigin> = {}): SourceDraft['from'] => ({
  ...{ type: 'http', url: `${api.origin}/contacts?size=2`, records: '/results' },
  ...fields,
})
const contacts = (fields: Partial<HttpOrigin> = {}): SourceDraft => ({
  from: from(fields),
  into: { kind: 'customers', map: { customer_id: 'id', email: 'properties.email' } },
})
const people = ['ann', 'bo', 'cy', 'di', 'ed'].map((id) => ({ id, properties: { email: `${id}@a.example` } }))
const ids = async (): Promise<string[]> =>
  (await store.warehouse.rows<{ id: string }>('select customer_id as id from customers order by 1')).map(({ id }) => id)

describe('every way of paging reaches the last record, once', () => {
  const pages: readonly (readonly [Paging, (asked: Asked) => { from: number; more: (next: number) => object }])[] = [
    [
      { by: 'page', parameter: 'p', first: 1 },
      ({ query }) => ({ from: (Number(query['p']) - 1) * 2, more: () => ({}) }),
    ],
    [{ by: 'offset', parameter: 'o', first: 0 }, ({ query }) => ({ from: Number(query['o']), more: () => ({}) })],
    [
      { by: 'token', pointer: '/paging/after', parameter: 'after' },
      ({ query }) => ({ from: Number(query['after'] ?? 0), more: (next) => ({ body: { paging: { after: next } } }) }),
    ],
    [
      { by: 'next-url', pointer: '/next' },
      ({ query }) => ({ from: Number(query['at'] ?? 0), more: (next) => ({ body: { next: `/contacts?at=${next}` } }) }),
    ],
    [
      { by: 'link-header' },
      ({ query }) => ({
        from: Number(query['at'] ?? 0),
        more: (next) => ({ headers: { link: `<x>; rel="prev", <${api.origin}/contacts?at=${next}>; rel="next"` } }),
      }),
    ],
  ]
  test.each(pages)('%j', async (paging, read) => {
    api.answer = (asked) => {
      const { from: at, more } = read(asked)
      const rest = (at + 2 < people.length ? more(at + 2) : {}) as { body?: object; headers?: Record<string, string> }
      return { headers: rest.headers ?? {}, body: { results: people.slice(at, at + 2), ...rest.body } }
    }
    await store.put('crm', contacts({ paging }))
    expect(await store.run('crm')).toMatchObject({ read: 5, accepted: 5, duplicates: 0, hasMore: false })
    expect(await ids()).toEqual(['ann', 'bo', 'cy', 'di', 'ed'])
    expect(await store.run('crm')).toMatchObject({ read: 5, accepted: 0, duplicates: 5 })
  })
})

test('what has changed since is asked for, and the secret goes along', async () => {
  await putSecret(store.state.queries, 'crm', api.origin, 'hunter2')
  api.answer = ({ query }) => {
    const since = query['since'] ?? ''
    const all = people.map((one, index) => ({ ...one, changed: `2026-01-0${index + 1}` }))
    return { body: { results: all.filter(({ changed }) => changed >= since) } }
  }
  await store.put('crm', {
    ...contacts({ since: { field: '/changed', parameter: 'since' } }),
    from: {
      ...from({ since: { field: '/changed', parameter: 'since' } }),
      auth: { secret: 'crm' },
    } as SourceDraft['from'],
  })
  await store.run('crm')
  expect(await store.run('crm')).toMatchObject({ read: 1, duplicates: 1 })
  expect(api.asked.map(({ query, headers }) => [query['since'], headers.authorization])).toEqual([
    [undefined, 'Bearer hunter2'],
    ['2026-01-05', 'Bearer hunter2'],
  ])
})

test('stopped after any page, it goes on with the next, and a page that comes again adds nothing', async () => {
  const page = ({ query }: Asked) => {
    const at = Number(query['after'] ?? 0)
    return { results: people.slice(at, at + 1), ...(at + 1 < people.length ? { next: at + 1 } : {}) }
  }
  await store.put('crm', contacts({ paging: { by: 'token', pointer: '/next', parameter: 'after' } }))
  for (let pages = 1; pages < 5; pages += 1) {
    const stop = new AbortController()
    api.answer = (asked) => {
      // What is asked for when it is stopped was not taken yet.
      if (asked.query['after'] === String(pages)) stop.abort('interrupted')
      return { body: page(asked) }
    }
    await expect(store.run('crm', stop.signal)).rejects.toThrow()
    await store.close()
    await store.open()
    expect((await ids()).length).toBe(pages)
  }
  api.answer = (asked) => ({ body: page(asked) })
  expect(await store.run('crm')).toMatchObject({ read: 1, accepted: 1 })
  expect(await ids()).toEqual(['ann', 'bo', 'cy', 'di', 'ed'])
})

test('records and cursor move together: what cannot be written moves neither', async () => {
  api.answer = ({ query }) => ({ body: { results: people.slice(0, 1), next: query['after'] ? null : 'x' } })
  await store.put('crm', contacts({ paging: { by: 'token', pointer: '/next', parameter: 'after' } }))
  await store.warehouse.run('alter table source_cursors rename to elsewhere')
  await store.warehouse.run('create view source_cursors as select * from elsewhere')
  await expect(store.run('crm')).rejects.toThrow()
  await store.warehouse.run('drop view source_cursors')
  await store.warehouse.run('alter table elsewhere rename to source_cursors')
  expect([await ids(), await readCursor(store.warehouse, 'crm')]).toEqual([[], undefined])
  expect(await store.run('crm')).toMatchObject({ accepted: 1, duplicates: 1 })
})

test('a run that has had its time leaves the rest to the next', async () => {
  api.answer = ({ query }) => ({ body: { results: people.slice(Number(query['p']), Number(query['p']) + 1) } })
  await store.put('crm', contacts({ paging: { by: 'page', parameter: 'p', first: 0 } }))
  expect(await store.run('crm', undefined, 0)).toMatchObject({ read: 1, hasMore: true })
  expect(await store.run('crm')).toMatchObject({ read: 4, hasMore: false })
})

test('records that are calls go into the log, each messageId once; bad ones into quarantine', async () => {
  const call = (messageId: string | undefined, fields = {}) => ({
    type: 'track',
    event: 'Ticket Created',
    userId: 'ann',
    messageId,
    ...fields,
  })
  api.answer = () => ({
    body: { results: [call('a'), call('b'), call('a'), call(undefined), call('c', { userId: null }), 7] },
  })
  await store.put('desk', { from: from(), into: { kind: 'calls', mapping: 'segment' } })
  expect(await store.run('desk')).toMatchObject({ read: 6, accepted: 2, duplicates: 1, quarantined: 3 })
  expect(await store.run('desk')).toMatchObject({ accepted: 0, duplicates: 3 })
  expect(await store.count('events')).toBe(2)
})

test('an amount is what was written, and a price of before counts again', async () => {
  const prices = [10.005, 12, 10.005]
  await store.put('feed', {
    from: from(),
    into: { kind: 'products', map: { product_id: 'sku', price: 'price' }, currency: 'EUR' },
  })
  for (const price of prices) {
    api.answer = () => ({ body: { results: [{ sku: 'mug', price }] } })
    expect(await store.run('feed')).toMatchObject({ accepted: 1 })
  }
  const held = await store.warehouse.rows('select price_micros as p from product_prices order by held_from')
  expect(held).toEqual([{ p: 10_005_000 }, { p: 12_000_000 }, { p: 10_005_000 }])
})

test('fields of the mapping that no record has are told of', async () => {
  api.answer = () => ({ body: { results: [{ id: 'ann' }] } })
  await store.put('crm', contacts())
  expect(await store.run('crm')).toMatchObject({ accepted: 1, unseen: ['properties.email'] })
})

describe('what goes wrong is kept with the source until a run goes well', () => {
  const failure = async (): Promise<string | null> => (await findSource(store.state, 'crm')).failure

  test.each([
    ['sources.status', { status: 500, body: {} }],
    ['sources.status', { status: 401, body: {} }],
    ['sources.answer', { body: '<html>' }],
    ['sources.answer', { body: { data: [] } }],
    ['sources.paging', { body: { results: [{ id: 'x' }], next: 'https://elsewhere.example/' } }],
    ['sources.paging', { body: { results: [{ id: 'x' }], next: '/contacts?size=2' } }],
    ['ingestion.mapping', { body: { results: [{ name: 'Ann' }] } }],
    ['outgoing.redirect', { status: 302, headers: { location: '/contacts' }, body: '' }],
    ['outgoing.address', { status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data' }, body: '' }],
  ])('%s: %j', async (code, answered) => {
    api.answer = () => answered
    await store.put('crm', contacts({ paging: { by: 'next-url', pointer: '/next' } }))
    await expect(store.run('crm')).rejects.toThrow(expect.objectContaining({ code }))
    expect(await failure()).toContain(`(${code})`)
    api.answer = () => ({ body: { results: [] } })
    await store.run('crm')
    expect(await failure()).toBeNull()
  })

  test('the other side is not asked again before it says', async () => {
    api.answer = () => ({ status: 429, headers: { 'retry-after': '3600' }, body: '' })
    await store.put('crm', contacts())
    await expect(store.run('crm')).rejects.toThrow(expect.objectContaining({ code: 'sources.wait' }))
    await expect(store.run('crm')).rejects.toThrow('asks to wait until')
    expect(api.asked.length).toBe(1)
    expect((await findSource(store.state, 'crm')).waitUntil).toBeGreaterThan(Date.now() + 3_500_000)
  })

  test('a secret is not sent to another host, and one that is not there is missed', async () => {
    await putSecret(store.state.queries, 'other', 'https://other.example', 'hunter2')
    for (const [secret, code] of [
      ['other', 'sources.secret'],
      ['none', 'sources.no-secret'],
    ] as const) {
      await store.put('crm', { ...contacts(), from: { ...from(), auth: { secret } } as SourceDraft['from'] })
      await expect(store.run('crm')).rejects.toThrow(expect.objectContaining({ code }))
      expect(await failure()).not.toContain('hunter2')
    }
    expect(api.asked).toEqual([])
  })
})
