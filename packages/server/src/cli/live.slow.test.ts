import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSession, startServer } from './program.contract.ts'

// Features and segments that a person declares in a file, true of customers in the answer after the event.

interface Consent {
  readonly purpose: string
  readonly isGranted: boolean
}

let folder: string
const session = openSession(() => folder)

const write = (name: string, content: unknown): void => writeFileSync(join(folder, name), JSON.stringify(content))

async function document<Found>(...words: string[]): Promise<Found> {
  const { out, err, code } = await session.run(...words, '--json')
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out) as Found
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-live-cli-'))
  await document('demo', '--customers', '50', '--seed', '3')
}, 120_000)

afterAll(() => {
  session.end()
  rmSync(folder, { recursive: true, force: true })
})

test('declared while the store is closed and beside a server, a segment has a customer once the event is answered', async () => {
  const window = { last: { count: 7, unit: 'day' } }
  write('features.json', [
    {
      name: 'views_7d',
      label: 'products viewed in 7 days',
      value: { aggregate: 'count', from: { events: 'Product Viewed' }, window },
    },
  ])
  write('keen.json', {
    id: 'rule.keen',
    name: 'Keen',
    words: 'views',
    rule: { feature: 'views_7d', op: '>=', value: 2 },
  })
  write('fan.json', { id: 'rule.fan', name: 'Fan', words: 'keen', rule: { segment: 'rule.keen' } })
  expect(await document('features', 'declare', 'features.json')).toMatchObject([{ version: 1, isNew: true }])
  expect(await document('segments', 'declare', 'keen.json')).toMatchObject([{ id: 'rule.keen', version: 1 }])

  const server = await startServer(folder, [])
  try {
    const { secret } = await document<{ secret: string }>(
      'keys',
      'create',
      'api',
      'reader',
      '--scope',
      'customers.read',
    )
    const get = async (path: string) => {
      const answer = await fetch(`${server.url}/v1${path}`, { headers: { authorization: `Bearer ${secret}` } })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    }
    const until = async (path: string, holds: (body: Record<string, unknown>) => boolean) => {
      for (let tries = 0; tries < 200; tries += 1) {
        const { body } = await get(path)
        if (holds(body)) return body
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error(`${path} never came to what was expected`)
    }
    await until('/segments', ({ isReady }) => isReady === true)
    const { customers } = (await get('/customers?limit=20')).body as { customers: { customerId: string }[] }
    const agrees = async ({ customerId }: { customerId: string }) => {
      const { consents } = (await get(`/customers/${customerId}`)).body as { consents: Consent[] }
      return consents.every(({ purpose, isGranted }) => isGranted || !['analytics', 'profiling'].includes(purpose))
    }
    const agreeing = await Promise.all(customers.map(agrees))
    const id = customers[agreeing.indexOf(true)]!.customerId
    const view = () =>
      fetch(`${server.url}/v1/track`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${server.writeKey}:`)}`, 'content-type': 'application/json' },
        body: JSON.stringify({ event: 'Product Viewed', userId: id }),
      })
    for (let n = 0; n < 2; n += 1) expect((await view()).status).toBe(200)
    const { body } = await get(`/customers/${id}/now`)
    expect(body).toMatchObject({ customerId: id, isReady: true, segments: ['rule.keen'] })
    expect(body['features']).toMatchObject([{ name: 'views_7d' }])
    expect((await get(`/customers/${id}/now/segments/rule.none`)).status).toBe(404)

    expect(await document('segments', 'declare', 'fan.json')).toMatchObject([{ id: 'rule.fan', isNew: true }])
    // A server takes what was declared into its live copy a moment later, and says until then that it is not ready.
    const fans = await until('/segments', ({ segments }) =>
      (segments as { id: string; isReady: boolean }[]).some(({ id, isReady }) => id === 'rule.fan' && isReady),
    )
    expect(fans['segments']).toMatchObject([{ id: 'rule.fan' }, { id: 'rule.keen' }])
    const why = (await get(`/customers/${id}/now/segments/rule.fan`)).body
    expect(why).toMatchObject({ isMember: true, customer: id })
  } finally {
    await server.stop('SIGINT')
  }
}, 300_000)

test('the segments that come with the product are declared at a word', async () => {
  const declared = await document<readonly { id: string }[]>('segments', 'declare')
  expect(declared.map(({ id }) => id)).toEqual(expect.arrayContaining(['rule.cart-abandoners', 'rule.lapsing']))
  const again = await document<readonly { isNew: boolean }[]>('segments', 'declare')
  expect(again.some(({ isNew }) => isNew)).toBe(false)
})

test('what is no definition is refused with the place of what is wrong', async () => {
  write('wrong.json', { name: 'it', label: 'it', value: { aggregate: 'sum', from: { events: 'A' } } })
  const { err, code } = await session.run('features', 'declare', 'wrong.json')
  expect([code, err]).toEqual([2, expect.stringContaining('/value/of must')])
})
