import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAudit } from '../access/index.ts'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let headers: Record<string, string>

beforeAll(async () => {
  served = await serveTestStore()
  headers = await served.keyHeaders('events.manage')
  const nameless = (n: number) => ({ type: 'track', userId: 'ann', properties: { n } })
  await served.server.inject({
    ...{ method: 'POST', url: '/v1/batch' },
    payload: { writeKey: served.writeKey, batch: [nameless(1), nameless(2), { type: 'nonsense' }] },
  })
  await served.log.settle()
})
afterAll(async () => {
  expect(served.failures).toEqual([])
  await served.close()
})

const call = async (method: 'GET' | 'POST', path: string, payload?: object) => {
  const answer = await served.server.inject({
    ...{ method, url: `/v1/quarantine${path}`, headers },
    ...(payload === undefined ? {} : { payload }),
  })
  return { status: answer.statusCode, body: answer.json() }
}

test('calls in quarantine are listed page by page, with why', async () => {
  expect((await call('GET', '/reasons')).body.reasons).toMatchObject([
    { code: 'ingestion.schema', pointer: '/event', calls: 2, example: expect.stringContaining('/event must fit') },
    { code: 'ingestion.call', pointer: '/type', calls: 1 },
  ])
  const first = (await call('GET', '/calls?limit=2')).body
  expect(first.calls).toMatchObject([{ index: 0, pointer: '/event', call: { properties: { n: 1 } } }, { index: 1 }])
  const second = (await call('GET', `/calls?limit=2&after=${first.next}`)).body
  expect([second.calls.length, second.next]).toEqual([1, null])
  expect((await call('GET', '/calls?code=ingestion.call')).body.calls).toMatchObject([{ call: { type: 'nonsense' } }])
})

test.each([
  ['GET', '/calls?after=x', undefined, 'ingestion.page'],
  ['GET', '/calls?limit=0', undefined, 'api.query'],
  ['POST', '/replays', { mends: [{ op: 'eval', at: '/a' }] }, 'ingestion.replay'],
  ['POST', '/replays', { mends: [{ op: 'drop', at: '/__proto__/a' }] }, 'ingestion.replay'],
  ['POST', '/replays', { dryrun: true }, 'ingestion.replay'],
] as const)('%s %s %j is refused', async (method, path, body, code) => {
  expect(await call(method, path, body)).toMatchObject({ status: 400, body: { code } })
})

test('a dry run changes nothing, a replay takes what passes, and the audit log has it', async () => {
  const mends = [{ op: 'set', at: '/event', value: 'Mended' }]
  const counts = { tried: 3, accepted: 2, failed: 1 }
  expect((await call('POST', '/replays', { mends, dryRun: true })).body).toMatchObject({ ...counts, dryRun: true })
  expect((await call('POST', '/replays', { mends })).body).toMatchObject({ ...counts, left: false, dryRun: false })
  await served.log.settle()
  expect(await served.warehouse.rows("select name, properties->>'$.n' as n from events order by position")).toEqual([
    { name: 'Mended', n: '1' },
    { name: 'Mended', n: '2' },
  ])
  expect((await call('GET', '/calls')).body.calls).toHaveLength(1)
  expect(await readAudit(served.state.queries, { limit: 1 })).toMatchObject([
    { action: 'quarantine.replay', detail: { tried: 3, accepted: 2, refused: 0 } },
  ])
})
