import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Scope } from '@rapport/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandLine, createApiKey, readAudit } from '../../access/index.ts'
import { readConfiguration } from '../../base/index.ts'
import type { Serving } from '../../cli/index.ts'
import { storeDefaults } from '../../consent/index.ts'
import { serveStore } from '../../serve-store.ts'
import { openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'

// Features and live segments over HTTP, as a program uses them, against a server with everything that a server has.

let folder: string
let warehouse: Warehouse
let state: State
let serving: Serving
let reader: string
let writer: string
const told: string[] = []

const secretOf = async (...scopes: Scope[]): Promise<string> =>
  (await createApiKey(state, { name: scopes.join(' '), scopes, expiresAt: null, actor: commandLine })).secret

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-segments-'))
  warehouse = await openWarehouse(folder)
  state = await openState(folder)
  const declared = { basis: 'legitimate-interest', purposes: ['analytics', 'profiling'], declaredAt: 0 } as const
  await storeDefaults(state.queries, { rule: 'by-region', declared })
  const configuration = readConfiguration({ environment: {}, commandLine: { port: '0' } })
  const report = join(folder, 'report.html')
  serving = await serveStore(warehouse, { configuration, report, tell: (text) => told.push(text) })
  reader = await secretOf('customers.read')
  writer = await secretOf('customers.read', 'definitions.write')
}, 120_000)

afterAll(async () => {
  await state.close()
  await serving.stop()
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked at by the tests
  readonly body: any
}

async function ask(method: string, path: string, body?: unknown, secret = writer): Promise<Answer> {
  const isText = typeof body === 'string'
  const answer = await fetch(`${serving.url}/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${secret}`,
      ...(body === undefined ? {} : { 'content-type': isText ? 'text/csv' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json')
  return { status: answer.status, body: isJson ? JSON.parse(text) : text }
}

async function until(path: string, holds: (body: Answer['body']) => boolean): Promise<Answer['body']> {
  for (let tries = 0; tries < 150; tries += 1) {
    const { body } = await ask('GET', path)
    if (holds(body)) return body
    await wait(100)
  }
  throw new Error(`${path} never came to what was expected: ${JSON.stringify((await ask('GET', path)).body)}`)
}

async function track(...events: readonly object[]): Promise<void> {
  const batch = events.map((event) => ({ type: 'track', event: 'Product Viewed', ...event }))
  const answer = await fetch(`${serving.url}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ writeKey: serving.writeKey, batch }),
  })
  expect(await answer.json()).toMatchObject({ accepted: events.length })
}

const views = {
  name: 'views_7d',
  label: 'products viewed in 7 days',
  unit: 'views',
  value: { aggregate: 'count', from: { events: 'Product Viewed' }, window: { last: { count: 7, unit: 'day' } } },
}
const keen = { id: 'rule.keen', name: 'Keen', words: 'looks a lot', rule: { feature: 'views_7d', op: '>=', value: 2 } }
const fans = {
  ...{ id: 'rule.fans', name: 'Fans', words: 'keen, and no staff' },
  rule: { all: [{ segment: 'rule.keen' }, { not: [{ segment: 'list.staff' }] }] },
}
const staff = { id: 'list.staff', name: 'Staff', words: 'works here', list: true }

test('features are checked, declared, shown with who uses them, and not removed while they are used', async () => {
  const wrong = { ...views, value: { ...views.value, window: { last: { count: 0, unit: 'dey' } } } }
  expect((await ask('POST', '/features/checks', [views, wrong])).body).toMatchObject({
    isValid: false,
    problems: [
      { index: 1, name: 'views_7d', pointer: '/value/window/last/count', code: 'features.definition' },
      { index: 1, pointer: '/value/window/last/unit' },
    ],
  })
  expect((await ask('GET', '/features')).body).toEqual({ features: [] })
  const refused = await ask('POST', '/features', wrong)
  expect([refused.status, refused.body.pointer]).toEqual([400, '/value/window/last/count'])
  expect((await ask('POST', '/features', views, reader)).status).toBe(403)
  const orders = { name: 'orders_30d', label: 'Orders', value: { aggregate: 'count', from: { lines: 'sale' } } }
  const { body } = await ask('POST', '/features', [views, orders])
  expect(body.declared).toEqual([
    { name: 'views_7d', version: 1, isNew: true },
    { name: 'orders_30d', version: 1, isNew: true },
  ])
  expect(body.notes).toEqual([expect.stringContaining('own_orders_30d')])
  expect((await ask('POST', '/segments', keen)).body.declared).toEqual([{ name: 'rule.keen', version: 1, isNew: true }])
  expect((await ask('GET', '/features/views_7d', undefined, reader)).body).toMatchObject({
    ...{ label: views.label, unit: 'views', version: 1, usedBy: ['segment rule.keen'], uses: [] },
    ...{ catalogueName: 'views_7d', versions: [{ version: 1, definition: views }] },
  })
  const used = await ask('DELETE', '/features/views_7d')
  expect([used.status, used.body.code, used.body.detail]).toEqual([
    409,
    'features.used',
    expect.stringContaining('segment rule.keen'),
  ])
  expect((await ask('DELETE', '/features/orders_30d')).status).toBe(204)
  expect((await ask('GET', '/features/orders_30d')).status).toBe(404)
  expect((await ask('DELETE', '/features/none')).status).toBe(404)
  const entries = await readAudit(state.queries, { limit: 10 })
  expect(entries.map(({ action, target }) => [action, target])).toEqual(
    expect.arrayContaining([
      ['features.declare', 'views_7d'],
      ['segments.declare', 'rule.keen'],
      ['features.remove', 'orders_30d'],
    ]),
  )
})

test('an event changes a segment before it is answered, and what is said of it agrees everywhere', async () => {
  await until('/segments', ({ isReady, segments }) => isReady && segments[0]?.isReady)
  const people = ['ann', 'bob', 'cem', 'dan']
  await track(...people.flatMap((userId) => [{ userId }, { userId }]), { userId: 'eve' })
  expect((await ask('GET', '/segments')).body.segments).toMatchObject([
    { id: 'rule.keen', customers: 4, kind: 'rule', usesFeatures: ['views_7d'], usedBy: [] },
  ])
  const first = await ask('GET', '/segments/rule.keen/members?limit=2')
  expect(first.body).toEqual({ isReady: true, customers: ['ann', 'bob'], next: 'bob' })
  await track({ userId: 'aaa' }, { userId: 'aaa' })
  const rest = await ask('GET', `/segments/rule.keen/members?limit=2&after=${first.body.next}`)
  expect(rest.body).toEqual({ isReady: true, customers: ['cem', 'dan'], next: null })
  expect((await until('/customers/ann', ({ now }) => now !== undefined)).now).toEqual({
    isReady: true,
    features: [{ name: 'views_7d', label: views.label, unit: 'views', value: 2 }],
    segments: [
      { id: 'rule.keen', name: 'Keen', words: 'looks a lot', reasons: [`${views.label} is at least 2: it is 2 views`] },
    ],
  })
  const [today, ...others] = (await ask('GET', '/segments/rule.keen/trend')).body.days
  expect(others).toEqual([])
  expect(today).toMatchObject({ size: 5, entries: 5, exits: 0 })
  const shown = (await ask('GET', '/segments/rule.keen')).body
  expect(shown).toMatchObject({
    ...{ isReady: true, filling: null, definition: keen, versions: [{ version: 1 }] },
    ruleWords: { pointer: '/rule', words: `${views.label} is at least 2`, parts: [] },
  })
  expect((await ask('GET', '/segments/rule.none/members')).status).toBe(404)
  expect((await ask('GET', '/segments/rule.none/members.csv')).status).toBe(404)
})

test('a rule is previewed without being declared, and its mistakes are said with their place', async () => {
  const rule = { all: [{ event: 'Product Viewed', withinDays: 7 }, { not: [{ segment: 'rule.keen' }] }] }
  const { status, body } = await ask('POST', '/segments/previews', { rule, sample: 5 }, reader)
  expect([status, body.customers, body.isExact, body.between]).toEqual([200, 1, true, [1, 1]])
  expect(body.sample).toMatchObject([
    {
      customerId: 'eve',
      reasons: [
        { pointer: '/rule/all/0', words: expect.stringContaining('it is 1'), holds: true, value: 1 },
        { pointer: '/rule/all/1/not/0', words: 'is in Keen', holds: false },
      ],
    },
  ])
  const whole = { id: 'rule.new', name: 'New', words: 'new', rule, sample: 5 }
  expect((await ask('POST', '/segments/previews', whole, reader)).body).toMatchObject({ customers: 1, isExact: true })
  expect((await ask('POST', '/segments/previews', [whole])).body.detail).toContain('must be an object, got a list')
  expect((await ask('POST', '/segments/list.staff/members', { add: 'ann' })).body.detail).toContain(
    '/add must be a list, got a text',
  )
  const wrong = await ask('POST', '/segments/previews', { rule: { all: [{ event: 'A', withinDays: -1 }] } })
  expect([wrong.status, wrong.body.pointer]).toEqual([400, '/rule/all/0/withinDays'])
  expect((await ask('GET', '/segments')).body.segments).toHaveLength(1)
})

test('of a preview it is said what its rule goes by and was never seen, and it is not refused', async () => {
  const rule = { any: [{ event: 'Product Veiwed' }, { event: 'Product Viewed' }] }
  const { status, body } = await ask('POST', '/segments/previews', { rule }, reader)
  expect([status, body.warnings]).toEqual([
    200,
    [
      {
        pointer: '/rule/any/0',
        words: 'the event “Product Veiwed” was never seen; similar: “Product Viewed”',
        similar: ['Product Viewed'],
      },
    ],
  ])
  expect((await ask('POST', '/segments/previews', { rule: rule.any[1] }, reader)).body.warnings).toEqual([])
})

test('a list is uploaded, changed and counted; ids that name nobody are said', async () => {
  const problems = await ask('POST', '/segments/checks', [fans])
  expect(problems.body.problems).toMatchObject([{ pointer: '/rule/all/1/not/0/segment' }])
  expect((await ask('POST', '/segments', [fans, staff])).status).toBe(200)
  const put = await ask('PUT', '/segments/list.staff/members.csv', 'customer_id,note\nann,x\nbob,\nnobody,\n')
  expect(put.body).toEqual({
    ...{ segment: 'list.staff', customers: 2, added: 2, removed: 0, unknownCount: 1, unknown: ['nobody'] },
  })
  await until('/segments', ({ segments }) => segments.every(({ isReady }: { isReady: boolean }) => isReady))
  await until('/segments/list.staff', ({ customers }) => customers === 2)
  expect((await until('/segments/rule.fans', ({ customers }) => customers === 3)).usesSegments).toEqual([
    'list.staff',
    'rule.keen',
  ])
  const changed = await ask('POST', '/segments/list.staff/members', { add: ['cem'], remove: ['ann', 'who'] })
  expect(changed.body).toMatchObject({ customers: 2, added: 1, removed: 1, unknown: ['who'] })
  await until('/segments/list.staff/members', ({ customers }) => customers.join() === 'bob,cem')
  const overlap = await ask('GET', '/segments/overlaps?segments=rule.keen,list.staff,rule.fans')
  expect(overlap.body.customers).toEqual([
    [5, 2, 3],
    [2, 2, 0],
    [3, 0, 3],
  ])
  expect((await ask('POST', '/segments/rule.keen/members', { add: ['ann'] })).body.code).toBe('segments.list')
  expect((await ask('POST', '/segments/list.staff/members', {})).status).toBe(400)
  expect((await ask('PUT', '/segments/list.staff/members.csv', 'a,b\n1,2')).body.detail).toContain('customer_id')
  const lost = { status: 409, body: { code: 'segments.list-empty' } }
  expect(await ask('PUT', '/segments/list.staff/members.csv', 'customer_id\n')).toMatchObject(lost)
  expect(await ask('POST', '/segments/list.staff/members', { customers: ['nobody'] })).toMatchObject(lost)
  const long = await ask('PUT', '/segments/list.staff/members.csv', `customer_id\n${'nobody\n'.repeat(80_000)}`)
  expect([long.status, long.body.detail]).toEqual([413, expect.stringContaining('512000')])
  const used = await ask('DELETE', '/segments/list.staff')
  expect([used.status, used.body.detail]).toEqual([409, expect.stringContaining('rule.fans')])
})

test('members are exported with what each agreed to, and cells that a spreadsheet would run are text', async () => {
  await track({ userId: '=1+1' }, { userId: '=1+1' })
  const { body, status } = await ask('GET', '/segments/rule.keen/members.csv?purpose=marketing.ads')
  expect(status).toBe(200)
  const [head, ...rows] = body.trim().split('\r\n')
  expect(head).toContain('customer_id,email,phone,first_name,last_name,country,analytics,profiling')
  expect(head.endsWith('marketing.ads,may_contact')).toBe(true)
  expect(rows).toHaveLength(6)
  expect(rows[0]).toMatch(/^'=1\+1,/)
  expect((await ask('GET', '/segments/rule.keen/members.csv', undefined, writer)).status).toBe(200)
})

test('values of the past are what was known then', async () => {
  const now = await ask('POST', '/features/values', { customers: ['ann', 'nobody'] })
  expect(now.body).toMatchObject({ customers: [{ customerId: 'ann', values: { views_7d: 2 } }], unknown: ['nobody'] })
  const before = await ask('POST', '/features/values', {
    ...{ customers: ['ann'], asOf: '2020-01-01T00:00:00Z', features: ['views_7d'] },
  })
  expect(before.body.customers).toEqual([{ customerId: 'ann', values: { views_7d: 0 }, pairs: [] }])
  const none = await ask('POST', '/features/values', { customers: ['ann'], features: ['none'] })
  expect([none.status, none.body.code]).toEqual([404, 'features.undeclared'])
  expect(told.filter((line) => line.includes('Error'))).toEqual([])
})
