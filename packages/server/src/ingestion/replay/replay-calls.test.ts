import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { replayRequest } from '@rapport/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { type EventLog, openEventLog } from '../live/event-log.ts'
import type { LiveEvent } from '../live/live-event.ts'
import { sortBatch } from '../live/sort-batch.ts'
import type { Doors } from '../live/sort-call.ts'
import { retryQuarantine } from '../quarantine.ts'
import { listCallReasons, listQuarantinedCalls } from './quarantined-calls.ts'
import { replayCalls } from './replay-calls.ts'

const doors: Doors = {
  consent: { prepare: () => undefined, admits: (event: LiveEvent) => event.userId !== 'refuses' },
  plan: { keepsOut: () => undefined },
}
let folder: string
let warehouse: Warehouse
let log: EventLog
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-replay-'))
  warehouse = await openWarehouse(join(folder, 'store'))
  log = await openEventLog(warehouse)
})
afterEach(async () => {
  await log.close()
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
})

const receivedAt = Date.UTC(2026, 0, 2, 3)
/** Sends calls an hour ago or so, as a batch of their own. */
async function send(
  calls: readonly unknown[],
  at = receivedAt,
  sentAt: string | number | null = null,
  through = doors,
): Promise<void> {
  const { events, bad } = await sortBatch(calls, { receivedAt: at, sentAt }, through)
  await log.append(events, bad)
  await log.settle()
}
const replay = (request: object = {}, over: Partial<Parameters<typeof replayCalls>[0]> = {}) =>
  replayCalls({ warehouse, log, doors, ...over }, replayRequest.parse(request))
const stored = async () => {
  await log.settle()
  return warehouse.rows<{ name: string; at: number; received: number }>(
    "select properties->>'$.n' as n, name, epoch_ms(occurred_at)::double as at, epoch_ms(received_at)::double as received from events order by position",
  )
}

const nameless = (n: number, more: object = {}) => ({ type: 'track', userId: 'ann', properties: { n }, ...more })
const named = { op: 'set', at: '/event', value: 'Mended' }

test('calls that are mended come in, in the order in which they came, as if they had been sound', async () => {
  const moment = '2026-01-02T02:00:00Z'
  await send([nameless(3), nameless(4, { timestamp: moment })], receivedAt + 1000, '2026-01-02T02:30:00Z')
  await send([nameless(1), { type: 'track', event: 'Sound', userId: 'ann' }, nameless(2)])
  expect(await listCallReasons(warehouse)).toMatchObject([{ code: 'ingestion.schema', pointer: '/event', calls: 4 }])

  expect(await replay({ mends: [named], dryRun: true })).toMatchObject({
    tried: 4,
    accepted: 4,
    failed: 0,
    dryRun: true,
  })
  expect(await stored()).toHaveLength(1)
  expect(await replay({ mends: [named] })).toEqual({
    ...{ tried: 4, accepted: 4, duplicates: 0, refused: 0, failed: 0, reasons: [], left: false, dryRun: false },
  })
  expect(await stored()).toMatchObject([
    { name: 'Sound' },
    { n: '1', name: 'Mended', at: receivedAt, received: receivedAt },
    { n: '2', at: receivedAt, received: receivedAt },
    { n: '3', at: receivedAt + 1000, received: receivedAt + 1000 },
    // Half an hour old when it was sent.
    { n: '4', at: receivedAt + 1000 - 30 * 60_000, received: receivedAt + 1000 },
  ])
  expect(await replay({ mends: [named] })).toMatchObject({ tried: 0 })
  expect(await listCallReasons(warehouse)).toEqual([])
})

test('what still breaks a rule stays as it was, and is told', async () => {
  await send([nameless(1), nameless(2, { userId: undefined }), 7])
  const summary = await replay({ mends: [named] })
  expect(summary).toMatchObject({ tried: 3, accepted: 1, failed: 2 })
  expect(summary.reasons).toMatchObject([
    { code: 'ingestion.schema', pointer: '/userId', calls: 1, example: expect.stringContaining('must') },
    { code: 'ingestion.mend', pointer: '/event', calls: 1 },
  ])
  const { calls } = await listQuarantinedCalls(warehouse, {}, { limit: 10 })
  expect(calls.map(({ call }) => call)).toEqual([{ type: 'track', properties: { n: 2 } }, 7])
})

test('an event is taken once, however often its call is replayed and wherever that is cut off', async () => {
  await send(Array.from({ length: 1200 }, (_, n) => nameless(n, n % 3 === 0 ? { messageId: `m${n}` } : {})))
  // The process dies after the events are on disk and before their calls have left quarantine.
  const dying = {
    ...warehouse,
    rows: warehouse.rows.bind(warehouse),
    transaction: () => Promise.reject(new Error('killed')),
  }
  await expect(replay({ mends: [named] }, { warehouse: dying as Warehouse })).rejects.toThrow('killed')
  await log.close()
  await warehouse.close()
  warehouse = await openWarehouse(join(folder, 'store'))
  log = await openEventLog(warehouse, { mostKnown: 2 })
  expect(await replay({ mends: [named], dryRun: true })).toMatchObject({ tried: 1200, accepted: 700, duplicates: 500 })
  expect(await replay({ mends: [named] })).toMatchObject({ tried: 1200, accepted: 700, duplicates: 500 })
  const ns = (await stored()).map((row) => Number((row as unknown as { n: string }).n))
  expect(ns).toEqual(Array.from({ length: 1200 }, (_, n) => n))
})

test('two replays at once take each event once', async () => {
  await send(Array.from({ length: 700 }, (_, n) => nameless(n)))
  const both = await Promise.all([replay({ mends: [named] }), replay({ mends: [named] })])
  expect(both.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(700)
  expect(await stored()).toHaveLength(700)
})

test('a call that its sender mended and sent again itself is a duplicate', async () => {
  await send([nameless(1, { messageId: 'same' }), nameless(2, { messageId: 'same' })])
  await send([nameless(1, { messageId: 'same', event: 'Sent again' })], receivedAt + 1)
  expect(await replay({ mends: [named], dryRun: true })).toMatchObject({ accepted: 0, duplicates: 2 })
  expect(await replay({ mends: [named] })).toMatchObject({ accepted: 0, duplicates: 2 })
  expect((await stored()).map(({ name }) => name)).toEqual(['Sent again'])
})

test('what its person refuses by now is not kept in quarantine either', async () => {
  const open = { ...doors, consent: { ...doors.consent, admits: () => true } }
  await send([nameless(1, { userId: 'refuses' }), nameless(2)], receivedAt, null, open)
  expect(await replay({ mends: [named], dryRun: true })).toMatchObject({ accepted: 1, refused: 1 })
  expect(await replay({ mends: [named] })).toMatchObject({ accepted: 1, refused: 1 })
  expect(await warehouse.rows("select count(*) as n from quarantine where raw like '%refuses%'")).toEqual([{ n: 0 }])
})

test('only the calls that were asked for are tried, up to a limit', async () => {
  await send([nameless(1), { type: 'track', event: 'A' }, nameless(2), { type: 'nonsense', userId: 'a' }])
  expect(await replay({ mends: [named], pointer: '/event', limit: 1 })).toMatchObject({
    tried: 1,
    accepted: 1,
    left: true,
  })
  expect(await replay({ mends: [named], code: 'ingestion.call', dryRun: true })).toMatchObject({ tried: 1, failed: 1 })
  const { calls } = await listQuarantinedCalls(warehouse, { pointer: '/event' }, { limit: 10 })
  expect(calls).toHaveLength(1)
  expect(await replay({ mends: [named], calls: [calls[0]!.callId] })).toMatchObject({
    tried: 1,
    accepted: 1,
    left: false,
  })
})

test('pages have every call once, also of one moment', async () => {
  for (const _ of [1, 2, 3]) await send(Array.from({ length: 4 }, (_, n) => nameless(n)))
  const seen: string[] = []
  for (let after: string | undefined; ; ) {
    const { calls, next } = await listQuarantinedCalls(warehouse, {}, { limit: 5, after })
    seen.push(...calls.map(({ callId }) => callId))
    if (next === null) break
    after = next
  }
  expect(seen).toHaveLength(12)
  expect(new Set(seen).size).toBe(12)
  await expect(listQuarantinedCalls(warehouse, {}, { limit: 5, after: 'x' })).rejects.toMatchObject({
    code: 'ingestion.page',
  })
})

test('calls of the wire are no records of a file to retry', async () => {
  await send([nameless(1)])
  expect(await retryQuarantine(warehouse)).toEqual([])
})
