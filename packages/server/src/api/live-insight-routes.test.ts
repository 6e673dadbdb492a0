import type { AddressInfo } from 'node:net'
import { liveInsight } from '@rapport/protocol'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { z } from 'zod'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

type Snapshot = z.infer<typeof liveInsight>

let served: ServedStore
let authorization: string
let url: string

beforeAll(async () => {
  served = await serveTestStore()
  authorization = (await served.keyHeaders('customers.read')).authorization
  await served.server.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(served.server.server.address() as AddressInfo).port}/v1/live`
})
afterAll(async () => {
  // A client keeps its connections for seconds.
  served.server.server.closeAllConnections()
  await served.close()
})

const snapshot = async (): Promise<Snapshot> =>
  liveInsight
    .strict()
    .parse(await (await fetch(url, { headers: { authorization, accept: 'application/json' } })).json())

const send = async (batch: readonly object[]): Promise<void> => {
  const headers = { authorization: `Basic ${Buffer.from(`${served.writeKey}:`).toString('base64')}` }
  const answer = await served.server.inject({ method: 'POST', url: '/v1/batch', payload: { batch }, headers })
  expect(answer.statusCode).toBe(200)
}

const order = (id: string, price: number, more: object = {}): object => ({
  ...{ type: 'track', event: 'Order Completed', userId: 'ann', context: { campaign: { source: 'email' } } },
  properties: { order_id: id, currency: 'EUR', products: [{ product_id: 'p1', price }] },
  ...more,
})

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 100) throw new Error('it never came to hold')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test('an empty store has sold nothing, and says so', async () => {
  const { now, today } = await snapshot()
  expect([today.sales, now.lastAt, now.activeCustomers.today]).toEqual([null, null, 0])
})

test('what is written counts in the next answer, an order once in however many events', async () => {
  await send([{ type: 'page', anonymousId: 'b1' }, order('o1', 25)])
  const first = await snapshot()
  expect(first.now.minutes.reduce((sum, count) => sum + count, 0)).toBe(2)
  expect(first.now.activeCustomers).toEqual({ fiveMinutes: 2, halfHour: 2, today: 2, isAtLeast: false })
  expect(first.mix.events.shares.map(({ value }) => value).sort()).toEqual(['Order Completed', 'page'])
  // The first order says what the shop's currency is.
  await until(async () => (await snapshot()).today.sales !== null)
  await send([order('o1', 25), order('o2', 5)])
  const { sales } = (await snapshot()).today
  expect(sales).toMatchObject({ currency: 'EUR', revenue: 30, orders: 2, averageOrderValue: 15, refunds: 0 })
  await send([order('o2', 5, { event: 'Order Refunded' })])
  expect((await snapshot()).today.sales).toMatchObject({ revenue: 30, refunds: 5, orders: 2 })
})

test('what the warehouse has holds: an order of which it had a line from before is put right', async () => {
  await served.log.settle()
  const before = (await snapshot()).today.sales!
  const line = "select * replace (occurred_at - interval 2 day as occurred_at) from order_lines where order_id = 'o2'"
  await served.warehouse.run(`create temp table moved as ${line}; delete from order_lines where order_id = 'o2'`)
  await served.warehouse.run('insert into order_lines select * from moved; drop table moved')
  await send([order('o3', 1)])
  await until(async () => {
    await served.log.settle()
    await served.insight.catchUp(served.log.position)
    return (await snapshot()).today.sales!.orders === 2
  })
  expect((await snapshot()).today.sales!.revenue).toBe(before.revenue - 5 + 1)
})

test('a reader of the stream is told everything at once, and each change within two seconds', async () => {
  const gone = new AbortController()
  const answer = await fetch(url, { headers: { authorization, accept: 'text/event-stream' }, signal: gone.signal })
  const reader = answer.body!.getReader()
  let text = ''
  const read = async (wanted: RegExp): Promise<void> => {
    while (!wanted.test(text)) text += new TextDecoder().decode((await reader.read()).value)
  }
  await read(/event: anomalies\n/)
  expect([...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name)).toEqual([
    'now',
    'mix',
    'today',
    'usual',
    'movements',
    'anomalies',
  ])
  text = ''
  await send([order('o4', 2)])
  await read(/event: today\ndata: .*"orders":3/)
  gone.abort()
})

test('who was there before is told what changed as another reader comes', async () => {
  const gone = new AbortController()
  const open = async () => {
    const answer = await fetch(url, { headers: { authorization, accept: 'text/event-stream' }, signal: gone.signal })
    return answer.body!.getReader()
  }
  const first = await open()
  let text = ''
  const read = async (wanted: RegExp): Promise<void> => {
    while (!wanted.test(text)) text += new TextDecoder().decode((await first.read()).value)
  }
  await read(/event: anomalies\n/)
  text = ''
  // Nothing else is looked at before the next reader comes.
  vi.useFakeTimers({ toFake: ['setInterval', 'Date'], now: Date.now() })
  await send([order('o5', 3)])
  await open()
  await read(/event: today\ndata: .*"orders":4/)
  vi.useRealTimers()
  gone.abort()
}, 10_000)

test('no key reads it but one that may read customers', async () => {
  const { authorization: other } = await served.keyHeaders('jobs.run')
  expect((await fetch(url, { headers: { authorization: other } })).status).toBe(403)
})

test('the server never failed', () => expect(served.failures).toEqual([]))
