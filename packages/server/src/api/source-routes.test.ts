import { sourceView } from '@rapport/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAudit } from '../access/index.ts'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let headers: Record<string, string>

beforeAll(async () => {
  served = await serveTestStore()
  headers = await served.keyHeaders('sources.manage')
})
afterAll(() => served.close())

const ask = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object) =>
  served.server.inject({ method, url: `/v1${url}`, headers, ...(payload ? { payload } : {}) })

const crm = {
  from: { type: 'http', url: 'https://api.example/contacts', auth: { secret: 'crm' } },
  into: { kind: 'customers', map: { customer_id: 'id' } },
}

test('a source is defined, shown, asked for once, and removed, each entered into the audit log', async () => {
  const put = await ask('PUT', '/sources/crm', crm)
  expect([put.statusCode, sourceView.safeParse(put.json()).error]).toEqual([200, undefined])
  expect((await ask('GET', '/sources')).json().sources).toMatchObject([{ name: 'crm', ranAt: null, failure: null }])
  const run = await ask('POST', '/sources/crm/run')
  expect([run.statusCode, run.json()]).toMatchObject([
    202,
    { kind: 'source', input: { name: 'crm' }, status: 'queued' },
  ])
  expect((await ask('POST', '/sources/crm/run')).json().jobId).toBe(run.json().jobId)
  const schedules = served.state.queries.selectFrom('schedules').select('schedule_id').where('kind', '=', 'source')
  expect(await schedules.execute()).toEqual([{ schedule_id: 'source crm' }])
  expect((await ask('DELETE', '/sources/crm')).statusCode).toBe(204)
  expect([(await ask('GET', '/sources/crm')).statusCode, await schedules.execute()]).toEqual([404, []])
  const actions = (await readAudit(served.state.queries, { limit: 10 })).map(({ action }) => action)
  expect(actions).toEqual(expect.arrayContaining(['sources.define', 'sources.run', 'sources.remove']))
})

test('a secret is taken and never shown', async () => {
  const put = await ask('PUT', '/secrets/crm', { origin: 'https://api.example/v1', value: 'hunter2' })
  expect(put.json()).toMatchObject({ name: 'crm', origin: 'https://api.example' })
  const list = await ask('GET', '/secrets')
  const audit = await readAudit(served.state.queries, { limit: 100 })
  expect(JSON.stringify([put.json(), list.json(), audit, served.failures])).not.toContain('hunter2')
  expect((await ask('DELETE', '/secrets/crm')).statusCode).toBe(204)
  expect((await ask('DELETE', '/secrets/crm')).json().code).toBe('sources.no-secret')
})

test('a secret is neither kept nor forgotten where the audit log cannot say so', async () => {
  const apart = await serveTestStore()
  const own = await apart.keyHeaders('sources.manage')
  const asked = (method: 'PUT' | 'DELETE', name: string, payload?: object) =>
    apart.server.inject({ method, url: `/v1/secrets/${name}`, headers: own, ...(payload && { payload }) })
  const secret = { origin: 'https://api.example', value: 'hunter2' }
  await asked('PUT', 'held', secret)
  await apart.state.queries.schema.dropTable('audit').execute()
  expect((await asked('PUT', 'other', secret)).statusCode).toBe(500)
  expect((await asked('DELETE', 'held')).statusCode).toBe(500)
  const kept = await apart.server.inject({ url: '/v1/secrets', headers: own })
  expect(kept.json().secrets).toMatchObject([{ name: 'held' }])
  await apart.close()
})

test.each([
  ['/sources/crm', { ...crm, into: { kind: 'customers', map: { mail: 'x' } } }, 'sources.definition', '/into/map/mail'],
  ['/sources/crm', { ...crm, from: { type: 'folder', path: '/etc' } }, 'sources.folder', undefined],
  ['/sources/a%20b', crm, 'sources.name', ''],
  ['/secrets/x', { origin: 'https://a.example' }, 'sources.secret', '/value'],
  ['/secrets/x', { origin: 'https://a.example', value: 'a\r\nb: c' }, 'sources.secret', undefined],
])('%s refuses what does not fit: %j', async (path, body, code, pointer) => {
  const answer = await ask('PUT', path, body)
  expect([answer.statusCode, answer.json().code, answer.json().pointer]).toEqual([400, code, pointer])
})

test('a source that is not there cannot be run', async () => {
  expect((await ask('POST', '/sources/none/run')).json()).toMatchObject({ status: 404, code: 'sources.not-found' })
})
