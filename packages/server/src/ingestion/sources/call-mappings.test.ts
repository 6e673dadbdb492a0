import { readFileSync } from 'node:fs'
import type { SourceDraft } from '@rapport/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hubspot } from '../presets/payloads/desks.ts'
import { TestApi } from './test-api.contract.ts'
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

/** The definition in docs/webhooks.md, but for the host and its secret. */
function contacts(): SourceDraft {
  const page = readFileSync(new URL('../../../../../docs/webhooks.md', import.meta.url), 'utf8')
  const written = JSON.parse(/^ {4}\{\n {6}"from"[\s\S]*?^ {4}\}$/m.exec(page)![0]) as SourceDraft & {
    from: { url: string }
  }
  const { auth: _, ...from } = written.from as Extract<SourceDraft['from'], { type: 'http' }>
  return { ...written, from: { ...from, url: from.url.replace('https://api.hubapi.com', api.origin) } }
}

test('contacts of HubSpot’s API, page by page: each state of a contact once, no flag taken for a consent', async () => {
  const [first, second] = hubspot.results
  let changed = {}
  api.answer = ({ query }) => ({
    body:
      query['after'] === '65059681028'
        ? { results: [{ ...second, ...changed }] }
        : { results: [first], paging: hubspot.paging },
  })
  await store.put('crm', contacts())
  expect(await store.run('crm')).toMatchObject({ read: 2, accepted: 2, quarantined: 0 })
  expect(await store.run('crm')).toMatchObject({ read: 2, accepted: 0, duplicates: 2 })
  changed = { updatedAt: '2024-03-01T00:00:00Z', properties: { email: 'roe@example.com', lastname: 'Roe' } }
  expect(await store.run('crm')).toMatchObject({ read: 2, accepted: 1, duplicates: 1 })
  await store.log.settle()
  expect(
    await store.warehouse.rows('select customer_id, first_name, last_name from current_customers order by customer_id'),
  ).toEqual([
    { customer_id: 'hubspot:65059681028', first_name: null, last_name: 'Roe' },
    { customer_id: 'john.doe@example.com', first_name: 'John', last_name: 'Doe' },
    { customer_id: 'roe@example.com', first_name: null, last_name: 'Roe' },
  ])
  expect(await store.count('consents')).toBe(0)
})

test('mentions, and a record that is none, which goes into quarantine', async () => {
  await store.warehouse.run('delete from events')
  api.answer = () => ({
    body: [
      { id: 9, network: 'mastodon', author: 'ann', text: 'Lovely shop', published_at: '2026-03-01T10:00:00Z' },
      { text: 'of nobody' },
    ],
  })
  await store.put('mentions', {
    from: { type: 'http', url: `${api.origin}/mentions` },
    into: { kind: 'calls', mapping: 'mentions' },
  })
  expect(await store.run('mentions')).toMatchObject({ read: 2, accepted: 1, quarantined: 1 })
  await store.log.settle()
  expect(await store.warehouse.rows('select name, anonymous_id, body from events')).toEqual([
    { name: 'Mention Posted', anonymous_id: 'mastodon:ann', body: 'Lovely shop' },
  ])
})
