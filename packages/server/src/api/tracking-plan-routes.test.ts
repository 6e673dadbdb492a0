import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAudit } from '../access/index.ts'
import { followPlan, openTrackingPlan } from '../ingestion/index.ts'
import type { LogFollower } from '../state/index.ts'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let follower: LogFollower
let headers: Record<string, string>

beforeAll(async () => {
  served = await serveTestStore()
  const { warehouse, state } = served
  follower = followPlan(warehouse, state, await openTrackingPlan(state))
  headers = await served.keyHeaders('events.manage')
})
afterAll(async () => {
  expect(served.failures).toEqual([])
  await served.close()
})

const call = async (method: 'GET' | 'PUT' | 'DELETE', path: string, body?: object) => {
  const answer = await served.server.inject({
    ...{ method, url: `/v1/tracking-plan${path}`, headers },
    ...(body === undefined ? {} : { payload: body }),
  })
  return { status: answer.statusCode, body: answer.json() }
}
const send = async (path: string, payload: object) => {
  const answer = await served.server.inject({
    method: 'POST',
    url: `/v1${path}`,
    payload: { writeKey: served.writeKey, ...payload },
  })
  // What it acknowledged can be read from here on.
  await served.log.settle()
  return { status: answer.statusCode, body: answer.json() }
}

const completed = '/schemas/track/Order%20Completed'
const schema = { required: ['order_id'], properties: { total: { type: 'number' } } }

test('a schema that is nested too deep is refused, not failed at', async () => {
  const payload = `{"schema":{"const":${'['.repeat(5000)}${']'.repeat(5000)}}}`
  const answer = await served.server.inject({
    ...{ method: 'PUT', url: '/v1/tracking-plan/schemas/track/D', payload },
    headers: { ...headers, 'content-type': 'application/json' },
  })
  expect([answer.statusCode, answer.json().code]).toEqual([400, 'api.json'])
})

test('schemas are declared, changed, read by version, listed and retired, and the audit log says by whom', async () => {
  expect(await call('PUT', completed, { schema })).toMatchObject({
    status: 201,
    body: { call: 'track', name: 'Order Completed', version: 1, onViolation: 'mark', checked: 0, violating: 0 },
  })
  expect(await call('PUT', completed, { schema })).toMatchObject({ status: 200, body: { version: 1 } })
  expect(await call('PUT', completed, { schema: {} })).toMatchObject({ status: 201, body: { version: 2 } })
  expect((await call('GET', `${completed}?version=1`)).body).toMatchObject({ version: 1, schema })
  expect((await call('GET', completed)).body).toMatchObject({ version: 2, schema: {} })
  expect((await call('GET', `${completed}/versions`)).body.versions).toHaveLength(2)
  expect((await call('PUT', '/schemas/identify/*', { schema: {} })).status).toBe(201)
  expect((await call('GET', '/schemas')).body.schemas).toMatchObject([{ call: 'identify', name: '*' }, { version: 2 }])
  expect(await call('DELETE', completed)).toMatchObject({ status: 200, body: { version: 3, schema: null } })
  const entries = await readAudit(served.state.queries, { limit: 10 })
  expect(
    entries.filter(({ action }) => action.startsWith('plan')).map(({ action, target }) => `${action} ${target}`),
  ).toEqual([
    'plan.retire track Order Completed',
    'plan.declare identify *',
    'plan.declare track Order Completed',
    'plan.declare track Order Completed',
  ])
})

test.each([
  ['PUT', '/schemas/track/A', { schema: { tpye: 1 } }, 400, 'plan.schema'],
  ['PUT', '/schemas/track/A', { schema: [] }, 400, 'plan.declaration'],
  ['PUT', '/schemas/track/A', { schema: {}, onViolation: 'drop' }, 400, 'plan.declaration'],
  ['PUT', '/schemas/alias/A', { schema: {} }, 400, 'plan.name'],
  ['PUT', '/schemas/track/%20', { schema: {} }, 400, 'plan.name'],
  ['GET', '/schemas/track/A', undefined, 404, 'plan.undeclared'],
  ['GET', '/schemas/track/A/versions', undefined, 404, 'plan.undeclared'],
  ['DELETE', '/schemas/track/A', undefined, 404, 'plan.undeclared'],
  ['GET', '/violations?limit=1', undefined, 400, 'api.query'],
] as const)('%s %s %j is refused', async (method, path, body, status, code) => {
  expect(await call(method, path, body)).toMatchObject({ status, body: { code } })
})

test('a marked event is in the log and is listed with version, pointer and rule', async () => {
  await call('PUT', completed, { schema })
  const order = { event: 'Order Completed', userId: 'ann', properties: { total: 'much' } }
  expect(await send('/track', order)).toEqual({ status: 200, body: { success: true } })
  await send('/track', { event: 'Something Else', userId: 'ann' })
  await served.log.settle()
  await follower.catchUp(served.log.position)
  const { body } = await call('GET', '/violations?call=track&name=Order%20Completed')
  expect(body).toMatchObject({
    rules: [{ rule: '/properties/total/type', must: 'must be a number', events: 1 }, { rule: '/required' }],
    violations: [{ version: 4 }, { version: 4 }],
    next: null,
  })
  expect(new Set(body.violations.map(({ pointer }: { pointer: string }) => pointer))).toEqual(
    new Set(['/properties/total', '/properties/order_id']),
  )
  expect((await call('GET', '/undeclared')).body.events).toMatchObject([{ name: 'Something Else', events: 1 }])
})

test('a schema that keeps events out: they go to quarantine, whether alone or in a batch, and the others are kept', async () => {
  await call('PUT', '/schemas/track/Kept%20Out', { schema, onViolation: 'quarantine' })
  const bad = { event: 'Kept Out', userId: 'ann', properties: {} }
  const good = { ...bad, properties: { order_id: '7' } }
  const quarantined = [
    {
      ...{ index: 0, code: 'plan.violation', pointer: '/properties/order_id' },
      reason: '/properties/order_id must be there, says version 1 of the schema of track Kept Out',
    },
  ]
  expect((await send('/track', bad)).body).toEqual({ success: true, quarantined })
  expect((await send('/track', good)).body).toEqual({ success: true })
  const batch = [
    { type: 'track', ...bad },
    { type: 'track', ...good },
  ]
  expect((await send('/batch', { batch })).body).toMatchObject({ accepted: 1, quarantined })
  await served.log.settle()
  expect(await served.warehouse.rows("select count(*) as n from events where name = 'Kept Out'")).toEqual([{ n: 2 }])
  expect(
    await served.warehouse.rows(
      "select code, raw->>'$.type' as type, call_id like 'call_%' as has_id, received_at is not null as is_dated from quarantine",
    ),
  ).toEqual(Array(2).fill({ code: 'plan.violation', type: 'track', has_id: true, is_dated: true }))
})
