import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { declareFeatures } from '../../features/index.ts'
import { checkCall, type EventLog, openEventLog } from '../../ingestion/index.ts'
import { openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { MovementJournal } from '../movements/movement-journal.ts'
import { LiveCopy } from './live-copy.ts'
import { declareSegments } from './stored-segment-definitions.ts'

// Input that no shop means to send: each row of docs/proof.md named odd-… reads a figure that is printed here.

const day = 86_400_000
const views = { aggregate: 'count', from: { events: 'Product Viewed' } }
const products = { aggregate: 'distinct', of: 'product_id', from: { events: 'Product Viewed' } }
const last = (count: number, unit: string) => ({ window: { last: { count, unit } } })

let folder: string
let warehouse: Warehouse
let state: State
let log: EventLog
let copy: LiveCopy
let journal: MovementJournal
const failures: unknown[] = []

beforeEach(async () => {
  failures.length = 0
  folder = mkdtempSync(join(tmpdir(), 'rapport-odd-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  state = await openState(folder)
  await declareFeatures(state.queries, [
    { name: 'views_ever', label: 'views', value: views },
    { name: 'views_2h', label: 'views in two hours', value: { ...views, ...last(120, 'minute') } },
    { name: 'products_ever', label: 'products', value: products },
    { name: 'products_30d', label: 'products in 30 days', value: { ...products, ...last(30, 'day') } },
    { name: 'gap', label: 'days between views', value: { aggregate: 'gap-mean', from: { events: 'Product Viewed' } } },
    { name: 'popularity', label: 'views of the product', entity: 'product', value: views },
    { name: 'popularity_of', label: 'views of the category', entity: 'category', value: views },
  ])
  await declareSegments(state.queries, [
    { id: 'rule.keen', name: 'Keen', words: 'looks a lot', rule: { feature: 'views_2h', op: '>=', value: 3 } },
  ])
})

afterEach(async () => {
  await copy.stop()
  await log.close()
  await journal.close()
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true })
  expect(failures).toEqual([])
})

async function start(): Promise<void> {
  const onFailure = (error: unknown): void => void failures.push(error)
  journal = await MovementJournal.open(warehouse, { onFailure })
  copy = await LiveCopy.open({ ...{ warehouse, state, settle: async () => log?.settle(), journal }, onStart: () => {} })
  log = await openEventLog(warehouse, { onFailure, onWritten: (events) => copy.written(events) })
  await copy.build()
}

let messages = 0
function view(userId: string, more: object = {}) {
  messages += 1
  const properties = { product_id: `p${messages % 5000}`, category: 'Women > Dresses' }
  const call = { type: 'track', event: 'Product Viewed', userId, messageId: `o${messages}`, properties, ...more }
  const checked = checkCall(call, undefined, Date.now())
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return checked.event
}

const featureOf = (id: string, name: string) => copy.featuresOf(id).find((feature) => feature.name === name)?.value

/** How long somebody’s third view takes from being handed over to being seen in the segment, ms. */
async function timeToEnter(id: string): Promise<number> {
  await log.append([view(id), view(id)])
  const began = performance.now()
  await log.append([view(id)])
  if (!copy.segmentsOf(id).includes('rule.keen')) throw new Error(`${id} must be in the segment`)
  return performance.now() - began
}

async function entries(n: number, name: string): Promise<number[]> {
  const taken: number[] = []
  for (let at = 0; at < n; at += 1) taken.push(await timeToEnter(`${name}-${at}`))
  return taken.sort((left, right) => left - right)
}

const p99 = (sorted: readonly number[]): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))]!
const ms = (value: number): string => `${value.toFixed(1)} ms`

test('an event of 1970 counts in a lifetime and in no window; one of 2099 waits, and harms nobody', async () => {
  await start()
  const alone = await entries(40, 'before')
  const now = new Date().toISOString()
  await log.append([
    view('old', { timestamp: '1970-01-01T00:00:01.000Z' }),
    view('old', { timestamp: now }),
    view('early', { timestamp: '2099-01-01T00:00:00.000Z' }),
    view('early', { timestamp: now }),
  ])
  expect([featureOf('old', 'views_ever'), featureOf('old', 'views_2h')]).toEqual([2, 1])
  // Nothing happened after it was received: what is sent counts from its receipt.
  expect([featureOf('early', 'views_ever'), featureOf('early', 'views_2h')]).toEqual([2, 2])
  await log.settle()
  // Imported it waits: more of them than may.
  await warehouse.run(`
    insert into events (event_key, batch_id, customer_id, call, name, occurred_at, received_at)
    select (i + 1)::uhugeint, 1, 'early', 'track', 'Product Viewed', make_timestamptz(4070908800000000 + i),
      make_timestamptz(4070908800000000 + i)
    from range(110000) as t(i)`)
  await copy.touched('everybody')
  expect([featureOf('early', 'views_ever'), featureOf('early', 'views_2h')]).toEqual([2, 2])
  const beside = await entries(40, 'after')
  console.log(
    `odd-moments: 1970 in the lifetime and in no window, one sent of 2099 counted as of its receipt, 110,000 imported of 2099 counted 0 times; others enter after ${ms(p99(alone))} before and ${ms(p99(beside))} after (p99)`,
  )
}, 300_000)

test('a customer with a million events is taken in turns, asked by SQL, and others go on', async () => {
  await warehouse.run(`
    insert into events (event_key, batch_id, customer_id, call, name, session_id, product_id, properties, occurred_at, received_at)
    select i::uhugeint, 1, 'million', 'track', 'Product Viewed', 's' || (i // 30), 'p' || (i % 50000),
      '{"category": "Women > Dresses"}', make_timestamptz((${Date.now() - 300 * day} + i * 25000) * 1000),
      make_timestamptz((${Date.now() - 300 * day} + i * 25000) * 1000)
    from range(1000000) as t(i)`)
  const building = performance.now()
  await start()
  const built = performance.now() - building
  expect(featureOf('million', 'views_ever')).toBe(1_000_000)
  const alone = await entries(40, 'before')
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  // Joined to somebody: everything of theirs is read and folded anew, and what outgrew its bound is asked.
  let isRebuilt = false
  const rebuilding = performance.now()
  const rebuild = copy.touched(['million']).then(() => {
    isRebuilt = true
  })
  const during: number[] = []
  for (let n = 0; !isRebuilt && n < 5000; n += 1) {
    during.push(await timeToEnter(`during-${n}`))
    await wait(5)
  }
  await rebuild
  const took = performance.now() - rebuilding
  for (let turn = 0; turn < 60 && featureOf('million', 'products_ever') !== 50_000; turn += 1) {
    await copy.catchUp(Number.MAX_SAFE_INTEGER)
    await wait(500)
  }
  delay.disable()
  expect([featureOf('million', 'views_ever'), featureOf('million', 'products_ever')]).toEqual([1_000_000, 50_000])
  during.sort((left, right) => left - right)
  console.log(
    `odd-million: built in ${(built / 1000).toFixed(1)} s, made anew in ${(took / 1000).toFixed(1)} s, main thread held ${ms(delay.percentile(99) / 1e6)} (p99), ${ms(delay.max / 1e6)} at most; others enter after ${ms(p99(alone))} alone and ${ms(p99(during))} meanwhile (p99 of ${during.length})`,
  )
}, 600_000)

test('a bot that does a thousand things a second holds up nobody else', async () => {
  await start()
  const alone = await entries(60, 'before')
  const during: number[] = []
  const began = performance.now()
  let sent = 0
  const seen = new Set<unknown>()
  const seconds = 10
  const bot = (async () => {
    while (performance.now() - began < seconds * 1000) {
      const due = Math.floor(((performance.now() - began) / 1000) * 1000) - sent
      if (due > 0) {
        sent += due
        const views = Array.from({ length: due }, () => view('bot'))
        for (const { productId } of views) seen.add(productId)
        await log.append(views)
      }
      await wait(10)
    }
  })()
  while (performance.now() - began < seconds * 1000) {
    during.push(await timeToEnter(`during-${during.length}`))
    await wait(20)
  }
  await bot
  expect(featureOf('bot', 'views_ever')).toBe(sent)
  await log.settle()
  for (let turn = 0; turn < 60 && featureOf('bot', 'products_ever') !== seen.size; turn += 1) {
    await copy.catchUp(Number.MAX_SAFE_INTEGER)
    await wait(500)
  }
  during.sort((left, right) => left - right)
  console.log(
    `odd-bot: ${Math.round(sent / seconds)} events/s of one customer, counted to ${sent}; others enter after ${ms(p99(alone))} alone and ${ms(p99(during))} meanwhile (p99 of ${during.length})`,
  )
  expect(featureOf('bot', 'products_ever')).toBe(seen.size)
}, 300_000)
