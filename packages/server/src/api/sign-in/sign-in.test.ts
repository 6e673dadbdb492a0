import { afterAll, beforeAll, expect, test } from 'vitest'
import { inviteOwner, inviteToJoin, operatorOfEmail } from '../../access/index.ts'
import { type ServedStore, serveTestStore } from '../served-store.contract.ts'

let served: ServedStore
beforeAll(async () => {
  served = await serveTestStore()
})
afterAll(() => served.close())

const origin = 'http://localhost:80'
const password = 'correct horse battery'

async function post(url: string, fields: Record<string, string>, headers: Record<string, string> = { origin }) {
  return served.server.inject({
    ...{ method: 'POST', url, payload: new URLSearchParams(fields).toString() },
    headers: { host: 'localhost:80', 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
}
const get = (url: string, cookie = '') => served.server.inject({ url, headers: { cookie } })
const cookieOf = (answer: { headers: Record<string, unknown> }) => String(answer.headers['set-cookie']).split(';')[0]!

test('who only asks for the head of a link, as previews do, does not use it up', async () => {
  const url = `/open/${await inviteOwner(served.state)}`
  expect((await served.server.inject({ method: 'HEAD', url })).statusCode).toBe(404)
  expect((await served.server.inject({ method: 'HEAD', url: url.replace('open', 'join') })).statusCode).toBe(404)
  expect((await get(url)).statusCode).toBe(303)
})

test('the link opens at once; the owner sets a password if they like, and logs in and out with it', async () => {
  const opened = await get(`/open/${await inviteOwner(served.state)}`)
  expect([opened.statusCode, opened.headers.location]).toEqual([303, '/'])
  const cookie = cookieOf(opened)
  const account = (await get('/account', cookie)).body
  expect(account).toContain('<p>Your role is owner. You came by a link')
  expect(account).toContain('<a href="/customers">')
  const own = { name: 'Olga <b>', email: 'olga@shop.example', password }
  const kept = await post('/account', own, { origin, cookie })
  expect([kept.statusCode, kept.headers.location]).toEqual([303, '/account'])
  expect((await get('/account', cookie)).statusCode).toBe(401)
  expect((await get('/account', cookieOf(kept))).body).toContain('Olga &lt;b&gt;')

  const wrong = await post('/login', { email: own.email, password: 'wrong', next: '/segments' })
  expect([wrong.statusCode, wrong.headers['set-cookie']]).toEqual([401, undefined])
  expect(wrong.body).toContain('value="/segments"')
  const login = await post('/login', { email: own.email, password, next: '/segments' })
  expect([login.statusCode, login.headers.location]).toEqual([303, '/segments'])
  expect(String(login.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Lax/)
  const out = await post('/logout', {}, { origin, cookie: cookieOf(login) })
  expect([out.statusCode, out.headers.location]).toEqual([303, '/login'])
  expect((await get('/account', cookieOf(login))).statusCode).toBe(401)
})

test.each(['//evil.example', 'https://evil.example', '/\\evil.example', ''])(
  'a login leads to no other site: %j',
  async (next) => {
    const ann = await operatorOfEmail(served.state, {
      email: 'ann@shop.example',
      role: 'viewer',
      actor: 'command line',
    })
    const token = await inviteToJoin(served.state, ann, 'command line')
    await post(`/join/${token}`, { name: '', email: 'ann@shop.example', password })
    const login = await post('/login', { email: 'ann@shop.example', password, next })
    expect(login.headers.location).toBe('/')
  },
)

test.each(['/account', '/report'])('a browser without a session is led from %s to the login and back', async (path) => {
  const ask = (accept: string) => served.server.inject({ url: path, headers: { accept } })
  const page = await ask('text/html,application/xhtml+xml,*/*;q=0.8')
  expect([page.statusCode, page.headers['content-type']]).toEqual([401, 'text/html; charset=utf-8'])
  const login = `/login?next=${encodeURIComponent(path)}`
  expect(page.body).toContain(`href="${login}"`)
  expect((await get(login)).body).toContain(`name="next" value="${path}"`)
  expect((await get('/login?next=//evil.example')).body).toContain('name="next" value="/"')
  expect((await ask('application/json')).json().code).toBe('api.session')
})

test('who is invited joins by the link, once', async () => {
  const bob = await operatorOfEmail(served.state, {
    email: 'bob@shop.example',
    role: 'marketer',
    actor: 'command line',
  })
  const path = `/join/${await inviteToJoin(served.state, bob, 'command line')}`
  const invited = (await get(path)).body
  expect(invited).toContain('invited as marketer')
  expect(invited).toContain('value="bob@shop.example"')
  const short = await post(path, { name: 'Bob', email: 'bob@shop.example', password: 'short' })
  expect([short.statusCode, short.body.includes('12 to 256 characters')]).toEqual([400, true])
  const joined = await post(path, { name: 'Bob', email: 'bob@shop.example', password })
  expect(joined.statusCode).toBe(303)
  expect((await get('/account', cookieOf(joined))).body).toContain('You are Bob. Your role is marketer.')
  expect((await get(path)).statusCode).toBe(403)
  expect((await post(path, { name: 'Bob', email: 'bob@shop.example', password })).statusCode).toBe(403)
})

test('a form of another site is refused, with a session and without', async () => {
  const cookie = cookieOf(await get(`/open/${await inviteOwner(served.state)}`))
  for (const headers of [
    { origin: 'http://localhost:3000' },
    { origin: 'null' },
    {},
    { 'sec-fetch-site': 'same-site' },
  ]) {
    for (const url of ['/login', '/logout', '/account', '/account/sessions']) {
      const answer = await post(url, { email: '', password: '' }, { cookie, ...(headers as Record<string, string>) })
      expect([url, answer.statusCode, answer.json().code]).toEqual([url, 403, 'api.origin'])
    }
  }
  expect(
    (await post('/account/sessions', { sessionId: 'x' }, { cookie, 'sec-fetch-site': 'same-origin' })).statusCode,
  ).toBe(303)
})

test('a name that was made to lead here is no name of ours', async () => {
  const cookie = cookieOf(await get(`/open/${await inviteOwner(served.state)}`))
  for (const host of ['evil.example', 'evil.example:80', '192.0.2.1']) {
    const answer = await served.server.inject({ url: '/account', headers: { cookie, host } })
    expect([answer.statusCode, answer.json().code]).toEqual([421, 'api.host'])
    const login = await post('/login', { email: 'a', password: 'b' }, { host, origin: `http://${host}` })
    expect(login.statusCode).toBe(421)
  }
  for (const host of ['localhost:8787', '127.0.0.1', '[::1]:80']) {
    expect((await served.server.inject({ url: '/account', headers: { cookie, host } })).statusCode).toBe(200)
  }
})
