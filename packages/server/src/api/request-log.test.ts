import { afterAll, beforeAll, expect, test } from 'vitest'
import { inviteOwner, inviteToJoin, operatorOfEmail } from '../access/index.ts'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let lines = ''
beforeAll(async () => {
  served = await serveTestStore({
    ...{
      logLevel: 'debug',
      logTo: {
        write: (line: string) => {
          lines += line
        },
      },
    },
  })
})
afterAll(() => served.close())

const origin = 'http://localhost:80'
const email = 'ann.secret@shop.example'
const password = 'a password nobody should log'
// Longer than what durations and ids have among their digits by chance.
const order = 'ann-4711-order'

test('a session with events, logins, keys, searches and failures leaves no secret and no person in the log', async () => {
  const { server, state, writeKey } = served
  const form = { origin, 'content-type': 'application/x-www-form-urlencoded' }
  const post = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    server.inject({
      method: 'POST',
      url,
      payload: new URLSearchParams(fields).toString(),
      headers: { ...form, ...headers },
    })
  const basic = { authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}` }
  const event = { userId: email, event: 'Order Completed', properties: { email, order_id: order } }
  await server.inject({ method: 'POST', url: '/v1/track', payload: event, headers: basic })
  await server.inject({ method: 'POST', url: '/v1/track', payload: { ...event, event: 7 }, headers: basic })
  await server.inject({
    method: 'POST',
    url: '/v1/batch',
    payload: '{"batch": [',
    headers: { ...basic, 'content-type': 'application/json' },
  })

  const invitation = await inviteOwner(state)
  const opened = await server.inject({ url: `/open/${invitation}` })
  const cookie = String(opened.headers['set-cookie']).split(';')[0]!
  const ann = await operatorOfEmail(state, { email, role: 'viewer', actor: 'command line' })
  const token = await inviteToJoin(state, ann, 'command line')
  const joined = await post(`/join/${token}`, { name: 'Ann Secret', email, password })
  await post('/login', { email, password: 'a wrong password', next: `/customers/${email}` })
  const login = await post('/login', { email, password })
  const { authorization } = await served.keyHeaders('customers.read')
  for (const headers of [{ cookie }, { authorization }]) {
    await server.inject({ url: `/v1/customers?search=${encodeURIComponent(email)}`, headers })
    await server.inject({ url: `/v1/customers/${encodeURIComponent(email)}`, headers })
  }
  await server.inject({ url: `/nothing/${email}?email=${email}` })

  // The last: the store fails in the middle of a query, with a value in the words of its error.
  const failing = serveTestStore({
    logLevel: 'debug',
    logTo: {
      write: (line: string) => {
        lines += line
      },
    },
  })
  const { server: broken, warehouse, keyHeaders, close } = await failing
  const headers = await keyHeaders('customers.read')
  await warehouse
    .run(
      `create or replace view known_events as select error('no such customer ''${email}'': ${email}') as customer_id`,
    )
    .catch(() => undefined)
  warehouse.rows = async () => {
    throw new Error(`could not convert '${email}' to a number, ${email}`)
  }
  expect((await broken.inject({ url: '/v1/customers', headers })).statusCode).toBe(500)
  await close()

  const secrets = {
    ...{
      email,
      encoded: encodeURIComponent(email),
      name: 'Ann Secret',
      order,
      password,
      wrong: 'a wrong password',
    },
    ...{ invitation, token, cookie: cookie.split('=')[1]!, writeKey, basic: basic.authorization.slice(6) },
    key: authorization.slice(7),
    ...{
      joined: String(joined.headers['set-cookie']).slice(16, 50),
      login: String(login.headers['set-cookie']).slice(16, 50),
    },
  }
  for (const [what, secret] of Object.entries(secrets)) {
    expect(secret.length, what).toBeGreaterThan(3)
    expect(lines.includes(secret), what).toBe(false)
  }
  const logged = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const routes = new Set(logged.map(({ route }) => route))
  for (const route of ['/v1/track', '/open/:token', '/v1/customers/:id', '/login', 'none'])
    expect(routes).toContain(route)
  expect(logged.find(({ msg }) => msg === 'failed').failure.message).toBe('could not convert … to a number, …')
  expect(logged.filter(({ caller }) => caller?.startsWith('key_')).length).toBeGreaterThan(0)
})

test('an answer and its problem have the id that the log has', async () => {
  lines = ''
  const answer = await served.server.inject({ url: '/v1/customers' })
  const id = answer.headers['x-request-id']
  expect(answer.json().requestId).toBe(id)
  expect(JSON.parse(lines.trim().split('\n').at(-1)!)).toMatchObject({ reqId: id, route: '/v1/customers', status: 401 })
})

test('answers have headers that let a browser do nothing with them', async () => {
  const { headers } = await served.server.inject({ url: '/v1/customers' })
  expect(headers).toMatchObject({
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    ...{ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin' },
    'www-authenticate': 'Bearer realm="rapport", charset="UTF-8"',
  })
  expect(headers['strict-transport-security']).toBeUndefined()
  const page = await served.server.inject({ url: '/login' })
  expect(page.headers['content-security-policy']).not.toContain('unsafe')
})

test('behind a proxy that is trusted the outer name and protocol count', async () => {
  const proxied = await serveTestStore({ trustProxy: ['127.0.0.1'], publicUrl: 'https://rapport.shop.example' })
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'rapport.shop.example' }
  const opened = await proxied.server.inject({ url: `/open/${await inviteOwner(proxied.state)}`, headers })
  expect(String(opened.headers['set-cookie'])).toContain('; Secure')
  expect(opened.headers['strict-transport-security']).toBe('max-age=31536000')
  const cookie = String(opened.headers['set-cookie']).split(';')[0]!
  const logout = (origin: string) =>
    proxied.server.inject({ method: 'POST', url: '/logout', headers: { ...headers, cookie, origin } })
  expect((await logout('https://evil.example')).statusCode).toBe(403)
  expect((await logout('https://rapport.shop.example')).statusCode).toBe(303)
  await proxied.close()
})

test('who asks too often waits; events only where a limit is set', async () => {
  const rate = { burst: 3, perSecond: 0.5 }
  const busy = await serveTestStore({
    rates: { callers: rate, addresses: { burst: 100, perSecond: 100 } },
    writeKeyRequestsPerSecond: 1,
  })
  const headers = await busy.keyHeaders('customers.read')
  const answers = []
  for (let at = 0; at < 4; at += 1) answers.push(await busy.server.inject({ url: '/v1/customers', headers }))
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429])
  expect(Number(answers[3]!.headers['retry-after'])).toBeGreaterThan(0)
  const other = await busy.keyHeaders('customers.read')
  expect((await busy.server.inject({ url: '/v1/customers', headers: other })).statusCode).toBe(200)
  const track = () =>
    busy.server.inject({
      method: 'POST',
      url: '/v1/track',
      payload: { writeKey: busy.writeKey, userId: 'a', event: 'b' },
    })
  expect([(await track()).statusCode, (await track()).statusCode, (await track()).statusCode]).toEqual([200, 200, 429])
  await busy.close()
})
