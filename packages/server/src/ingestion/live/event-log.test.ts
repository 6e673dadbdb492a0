import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { now } from '../../base/index.ts'
import { openWarehouse } from '../../warehouse/index.ts'
import { openEventLog } from './event-log.ts'
import type { LiveEvent } from './live-event.ts'
import { readCall } from './read-call.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-live-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const event = (messageId: string | undefined, timestamp?: number): LiveEvent =>
  readCall(
    {
      event: 'Product Viewed',
      userId: 'ann',
      messageId,
      timestamp,
      properties: { product_id: 'p1', price: 12.34 },
    },
    'track',
    now(),
  )

test('events are on disk when they are acknowledged, each id once, in the order of their positions', async () => {
  const store = join(folder, 'order')
  const warehouse = await openWarehouse(store)
  const log = await openEventLog(warehouse)
  const calls = Array.from({ length: 50 }, (_, at) => log.append([event(`a${at}`), event(`b${at}`)]))
  const again = await log.append([event('a0'), event('new'), event('new')])
  expect(again).toEqual({ accepted: 1, duplicates: 2 })
  expect(await Promise.all(calls)).toEqual(calls.map(() => ({ accepted: 2, duplicates: 0 })))
  await log.settle()
  expect(log.position).toBe(101)
  const read = 'select count(*) as n, max(position) as last, count(distinct position) as places from events'
  expect(await warehouse.rows(read)).toEqual([{ n: 101, last: 101, places: 101 }])
  expect(await warehouse.rows('select distinct product_id, price_micros, customer_id from events')).toEqual([
    { product_id: 'p1', price_micros: 12_340_000, customer_id: 'ann' },
  ])
  await log.close()
  await warehouse.close()
})

test('an id is taken once also across a restart and beyond what memory holds', async () => {
  const store = join(folder, 'restart')
  const before = Date.now() - 60_000
  for (let run = 0; run < 2; run += 1) {
    const warehouse = await openWarehouse(store)
    const log = await openEventLog(warehouse, { mostKnown: 8 })
    for (let at = 0; at < 40; at += 1) await log.append([event(`m${at}`, before)])
    for (let at = 0; at < 40; at += 1) await log.append([event(`m${at}`, at % 2 === 0 ? before : undefined)])
    await log.settle()
    expect(await warehouse.rows('select count(*) as n, count(distinct event_key) as ids from events')).toEqual([
      { n: 40, ids: 40 },
    ])
    await log.close()
    await warehouse.close()
  }
})

test('an id of a sender whose clock runs ahead is taken once also after a restart', async () => {
  const store = join(folder, 'ahead')
  const [ahead, between] = [180_000, 100_000]
  const first = Date.now() - between - 60_000
  // By the sender's clock, the same each time, and dated after the restart.
  const timestamp = first + ahead
  const sent = (receivedAt: number): LiveEvent =>
    readCall({ event: 'e', userId: 'ann', messageId: 'm', timestamp }, 'track', receivedAt, receivedAt + ahead)
  for (const receivedAt of [first, first + ahead]) {
    const warehouse = await openWarehouse(store)
    try {
      vi.useFakeTimers({ toFake: ['Date'], now: receivedAt === first ? first : first + between })
      const log = await openEventLog(warehouse, { mostKnown: 8 })
      vi.setSystemTime(receivedAt)
      await log.append([sent(receivedAt)])
      // Beyond what a start reads of the newest.
      if (receivedAt === first) {
        for (let at = 0; at < 101; at += 1) {
          await log.append(Array.from({ length: 1000 }, (_, n) => event(`later-${at}-${n}`, first)))
        }
      }
      await log.settle()
      await log.close()
    } finally {
      vi.useRealTimers()
    }
    expect(await warehouse.rows("select count(*) as n from events where name = 'e'")).toEqual([{ n: 1 }])
    await warehouse.close()
  }
})

test('an import that brings the same id while the log is open makes it no second event', async () => {
  const warehouse = await openWarehouse(join(folder, 'beside'))
  const log = await openEventLog(warehouse)
  await warehouse.run(`
    insert into batches select nextval('batch_ids')::integer, 'events', '[]', '{}', '{}', now(), 1, 1, 0, 0, null;
    insert into events (event_key, batch_id, call, name, occurred_at, received_at)
    select md5_number(concat_ws(chr(31), 'events-id', 'same')), max(batch_id), 'page', 'page', now(), now() from batches`)
  await log.append([event('same'), event('other')])
  await log.settle()
  expect(await warehouse.rows('select count(*) as n from events')).toEqual([{ n: 2 }])
  await log.close()
  await warehouse.close()
})

test.for([
  ['sent with the moment it was sent at', 0, true],
  ['dated ahead of our clock', 3_600_000, false],
] as const)('a call %s is one also when its bytes come again after a restart', async ([what, ahead, isSent]) => {
  const store = join(folder, what)
  const timestamp = Date.now() + ahead
  const call = { event: 'Seen', userId: 'ann', messageId: 'm', timestamp }
  for (let run = 0; run < 2; run += 1) {
    const warehouse = await openWarehouse(store)
    const log = await openEventLog(warehouse)
    await log.append([readCall(call, 'track', now(), isSent ? timestamp : undefined)])
    await log.settle()
    expect(await warehouse.rows('select count(*) as n from events')).toEqual([{ n: 1 }])
    await log.close()
    await warehouse.close()
  }
})

test('a repeat of what came before a restart is told as one at once', async () => {
  const store = join(folder, 'told')
  const before = Date.now() - 60_000
  const answers: unknown[] = []
  for (const ids of [
    ['a', 'ü'],
    ['ü', 'c'],
    ['a', 'c'],
  ]) {
    const warehouse = await openWarehouse(store)
    const log = await openEventLog(warehouse)
    answers.push(await log.append(ids.map((id) => event(id, before))))
    await log.close()
    await warehouse.close()
  }
  expect(answers).toEqual([
    { accepted: 2, duplicates: 0 },
    { accepted: 1, duplicates: 1 },
    { accepted: 0, duplicates: 2 },
  ])
})

test('events without an id are all taken', async () => {
  const warehouse = await openWarehouse(join(folder, 'unnamed'))
  const log = await openEventLog(warehouse)
  expect(await log.append([event(undefined), event(undefined)])).toEqual({ accepted: 2, duplicates: 0 })
  await log.close()
  await warehouse.close()
})

test('more than may wait is refused before it takes memory, and afterwards there is room again', async () => {
  const warehouse = await openWarehouse(join(folder, 'busy'))
  const log = await openEventLog(warehouse, { mostWaiting: 5500 })
  const first = log.append(Array.from({ length: 9 }, (_, at) => event(`a${at}`)))
  await expect(log.append([event('x'), event('y')])).rejects.toMatchObject({ code: 'ingestion.busy' })
  expect((await first).accepted).toBe(9)
  expect((await log.append([event('x'), event('y')])).accepted).toBe(2)
  await log.close()
  await expect(log.append([event('z')])).rejects.toMatchObject({ code: 'ingestion.closed' })
  await warehouse.close()
})

test('an event of the wire and the same of a file are one', async () => {
  const warehouse = await openWarehouse(join(folder, 'file'))
  const log = await openEventLog(warehouse)
  await log.append([event('same-id')])
  await log.settle()
  const [row] = await warehouse.rows<{ is_same: boolean }>(
    "select event_key = md5_number(concat_ws(chr(31), 'events-id', 'same-id')) as is_same from events",
  )
  expect(row!.is_same).toBe(true)
  await log.close()
  await warehouse.close()
})

test('an event is told of before it is acknowledged, one call after another, and whoever is told long holds nobody up', async () => {
  const warehouse = await openWarehouse(join(folder, 'told'))
  const told = new Set<string>()
  let turns = 0
  const toldIn = new Set<number>()
  const log = await openEventLog(warehouse, {
    onWritten: (events) => {
      const until = now() + 8
      while (now() < until);
      for (const one of events) told.add(one.event.messageId!)
      toldIn.add(turns)
    },
  })
  await log.append([event('first')])
  const counting = setInterval(() => {
    turns += 1
  })
  const acknowledged: (readonly [string, boolean])[] = []
  const calls = Array.from({ length: 12 }, async (_, at) => {
    await log.append([event(`c${at}`), event('first')])
    acknowledged.push([`c${at}`, told.has(`c${at}`)])
  })
  await Promise.all(calls)
  clearInterval(counting)
  expect(acknowledged).toEqual(calls.map((_, at) => [`c${at}`, true]))
  expect(told.size).toBe(13)
  expect(toldIn.size).toBeGreaterThan(6)
  await log.close()
  await warehouse.close()
})
