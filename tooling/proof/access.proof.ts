import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { walkAccess } from '../../packages/server/src/api/access-walk.contract.ts'
import { routesOf } from '../../packages/server/src/api/routes-of.contract.ts'
import { serveTestStore } from '../../packages/server/src/api/served-store.contract.ts'
import { program, rapport } from './command.ts'
import { count, prove } from './record.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-access-proof-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

prove({
  name: 'access-walk',
  claim:
    'Every route of the OpenAPI document, with no, wrong, ended and too weak credentials and with the weakest that will do: 0 let in or kept out wrongly; router and document agree',
  measure: async () => {
    const plenty = { burst: 1e6, perSecond: 1e6 }
    const served = await serveTestStore({ rates: { callers: plenty, addresses: plenty } })
    try {
      const tried = await walkAccess(served)
      const wrong = tried.filter(({ isRight }) => !isRight)
      const operations = new Set(tried.map(({ operation }) => operation))
      // The router prints a wildcard without what stands before it: that one is asked for by its name.
      const documented = [...operations].filter((name) => !name.includes('{path}')).sort()
      const routes = routesOf(served.server)
      const agree = JSON.stringify(documented) === JSON.stringify(routes)
      const first = wrong[0] ? ` (${wrong[0].operation} with ${wrong[0].credential}: ${wrong[0].status})` : ''
      return {
        figure: `${count(tried.length)} requests to ${operations.size} operations with ${new Set(tried.map(({ credential }) => credential)).size} kinds of credential: ${wrong.length} answered wrongly${first}; ${routes.length} routes in the router, ${agree ? 'each' : 'not each'} in the document`,
        isMet: wrong.length === 0 && agree && operations.size > 40 && served.failures.length === 0,
      }
    } finally {
      await served.close()
    }
  },
})

prove({
  name: 'access-log',
  claim:
    'A server at the log level debug through events, logins, keys, searches and mistakes: no secret, address, name or search word in what it writes; the links of operators only where they are printed for them',
  measure: async () => {
    const store = join(folder, 'store')
    const child = spawn(process.execPath, [program, 'start', '--empty', '--no-open', '--port', '0', '--store', store], {
      env: { ...process.env, NODE_OPTIONS: '', RAPPORT_LOG_LEVEL: 'debug' },
    })
    const written = await ready(child)
    const atStart = written.text
    const secrets = await useEverything(atStart, store)
    child.kill('SIGINT')
    await once(child, 'exit')
    const log = written.text.slice(atStart.length)
    const lines = log.split('\n').filter((line) => line.startsWith('{'))
    const found = Object.entries(secrets).filter(([, secret]) => log.includes(secret))
    return {
      figure: `${count(lines.length)} lines of JSON; of ${Object.keys(secrets).length} secrets and personal words ${found.length} in the log${found.length > 0 ? `: ${found.map(([what]) => what).join(', ')}` : ''}`,
      isMet: found.length === 0 && lines.length > 12 && Object.values(secrets).every((secret) => secret.length > 3),
    }
  },
})

async function ready(child: ChildProcess): Promise<{ text: string }> {
  const written = { text: '' }
  const add = (part: Buffer): void => {
    written.text += String(part)
  }
  child.stdout!.on('data', add)
  child.stderr!.on('data', add)
  await new Promise<void>((done, fail) => {
    child.stderr!.on('data', () => written.text.includes('Ctrl-C ends it') && done())
    child.once('exit', () => fail(new Error(written.text)))
  })
  return written
}

/** @returns what must not be in the log, by what it is */
async function useEverything(atStart: string, store: string): Promise<Record<string, string>> {
  const url = /http:\/\/localhost:\d+/.exec(atStart)![0]
  const writeKey = /wk_[\w-]+/.exec(atStart)![0]
  const [email, password] = ['ann.secret@shop.example', 'a password nobody should log']
  const json = { 'content-type': 'application/json' }
  const post = (path: string, body: unknown, headers: Record<string, string> = json) =>
    fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body), redirect: 'manual' })
  const form = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(url + path, {
      ...{
        method: 'POST',
        headers: { origin: url, ...headers },
        body: new URLSearchParams(fields),
        redirect: 'manual',
      },
    })
  const event = { userId: email, event: 'Ticket Created', properties: { body: 'my secret trouble' } }
  await post('/v1/track', { ...event, writeKey })
  await post('/v1/track', { ...event, writeKey, event: 7 })
  await post('/v1/track', event, { ...json, authorization: `Basic ${Buffer.from('wk_wrong:').toString('base64')}` })

  const link = printed(['open', '--store', store])['link'] as string
  const opened = await fetch(link, { redirect: 'manual' })
  const cookie = opened.headers.get('set-cookie')!.split(';')[0]!
  const invitation = printed(['operators', 'invite', email, '--store', store])['link'] as string
  await form(new URL(invitation).pathname, { name: 'Ann Secret', email, password })
  await form('/login', { email, password: 'a wrong password', next: `/customers/${email}` })
  const login = await form('/login', { email, password })
  const key = printed(['keys', 'create', 'api', 'crm', '--store', store])['secret'] as string
  for (const headers of [{ cookie }, { authorization: `Bearer ${key}` }, { authorization: `Bearer ${key}x` }]) {
    await fetch(`${url}/v1/customers?search=${encodeURIComponent(email)}`, { headers })
    await fetch(`${url}/v1/customers/${encodeURIComponent(email)}`, { headers })
  }
  await fetch(`${url}/nothing/${email}?email=${email}`)
  return {
    ...{ email, encoded: encodeURIComponent(email), name: 'Ann Secret', text: 'my secret trouble', password, writeKey },
    ...{ wrong: 'a wrong password', open: link.split('/').at(-1)!, join: invitation.split('/').at(-1)!, key },
    ...{ session: cookie.split('=')[1]!, login: login.headers.get('set-cookie')!.split(/[=;]/)[1]! },
  }
}

function printed(words: readonly string[]): Record<string, unknown> {
  const { status, stdout, stderr } = rapport([...words, '--json'])
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Record<string, unknown>
}
