import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { storable } from '../../base/index.ts'
import { openWarehouse } from '../../warehouse/index.ts'
import { checkCall } from './check-call.ts'
import { recoverLog, refusedName } from './drain.ts'
import type { LiveEvent } from './live-event.ts'
import { badLine, eventLine, orderLine } from './log-line.ts'
import { orderLinesOf } from './order-rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-drain-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const order: LiveEvent = (() => {
  const properties = { order_id: 'o1', currency: 'EUR', products: [{ product_id: 'p"1', price: 0.001, quantity: 2 }] }
  const call = { event: 'Order Completed', userId: 'änn\u2028"', messageId: 'm', properties, timestamp: 1000 }
  const checked = checkCall({ ...call, context: { page: { url: 'https://a.example/?q="x"' } } }, 'track', 2000)
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return checked.event
})()
const line = (position: number, id: string) =>
  eventLine(position, { ...order, messageId: id }, { isSuspect: false, repeatsIds: false })

/** A store that a process left in the middle, with these segments. */
async function left(name: string, segments: Readonly<Record<string, string>>) {
  const warehouse = await openWarehouse(join(folder, name))
  const file = (first: string) => join(warehouse.logFolder, `${first.padStart(16, '0')}.ndjson`)
  mkdirSync(warehouse.logFolder, { recursive: true })
  for (const [first, text] of Object.entries(segments)) writeFileSync(file(first), text)
  return { warehouse, file, told: [] as string[] }
}

test('what was acknowledged and not taken in is taken in at the next opening, every field as it came', async () => {
  const lines = orderLinesOf(order, null).map((bought) => orderLine(2, bought))
  const bad = badLine(3, {
    ...{ id: 'call_1', index: 4, pointer: '/userId', code: 'ingestion.schema', reason: 'because', raw: { a: '"' } },
    ...{ receivedAt: 2000, sentAt: 7 },
  })
  const { warehouse, told } = await left('whole', { 1: `${line(1, 'm')}${lines.join('')}${bad}`, 4: line(4, 'n') })
  await recoverLog(warehouse, ({ message }) => told.push(message))
  expect(await warehouse.rows('select * exclude event_key from events order by position limit 1')).toMatchObject([
    {
      ...{ call: 'track', name: 'Order Completed', customer_id: order.userId, position: 1, occurred_at: 1000 },
      ...{
        received_at: 2000,
        currency: 'EUR',
        properties: order.properties,
        context: order.context,
        repeats_ids: false,
      },
    },
  ])
  expect(await warehouse.rows('select * exclude line_key from order_lines')).toMatchObject([
    { order_id: 'o1', product_id: 'p"1', quantity: 2, unit_price_micros: 1000, amount_micros: 2000, kind: 'sale' },
  ])
  expect(
    await warehouse.rows('select call_id, row_number, column_name, code, raw, received_at, sent_at from quarantine'),
  ).toEqual([
    {
      ...{ call_id: 'call_1', row_number: 5, column_name: '/userId', code: 'ingestion.schema', raw: '{"a":"\\""}' },
      ...{ received_at: 2000, sent_at: '7' },
    },
  ])
  expect(readdirSync(warehouse.logFolder)).toEqual([])
  expect(told).toEqual([])
  await warehouse.close()
})

test('a segment that was taken in before its file went is not taken in twice', async () => {
  const { warehouse, file } = await left('twice', { 1: line(1, 'm') + line(2, 'n') })
  await recoverLog(warehouse, () => undefined)
  writeFileSync(file('1'), line(1, 'm') + line(2, 'n') + line(3, 'o'))
  await recoverLog(warehouse, () => undefined)
  expect(await warehouse.rows('select position from events order by position')).toEqual([
    { position: 1 },
    { position: 2 },
    { position: 3 },
  ])
  await warehouse.close()
})

test.each([1, 40, 200])(
  'a last line that lacks %i characters was acknowledged to nobody, and goes',
  async (missing) => {
    const { warehouse, file, told } = await left(`torn-${missing}`, { 1: line(1, 'm') })
    appendFileSync(file('1'), line(2, 'n').slice(0, -missing))
    await recoverLog(warehouse, ({ message }) => told.push(message))
    expect(await warehouse.rows('select position from events')).toHaveLength(1)
    expect(told).toEqual([])
    await warehouse.close()
  },
)

test('pages of a last write that a power cut left out are kept beside the log, and told', async () => {
  const zeros = '\0'.repeat(100)
  const { warehouse, file, told } = await left('pages', { 1: `${line(1, 'm')}${zeros}\n${line(3, 'o')}` })
  await recoverLog(warehouse, ({ message }) => told.push(message))
  expect(await warehouse.rows('select position from events')).toEqual([{ position: 1 }])
  expect(told).toHaveLength(1)
  expect(readFileSync(`${file('1')}.cut`, 'utf8')).toBe(`${zeros}\n${line(3, 'o')}`)
  await warehouse.close()
})

test('a segment that was ended must be whole', async () => {
  const { warehouse } = await left('damaged', { 1: `${line(1, 'm')}{"p":2,`, 3: line(3, 'o') })
  await expect(recoverLog(warehouse, () => undefined)).rejects.toMatchObject({ code: 'ingestion.log' })
  await warehouse.close()
})

test('a line that the store cannot take is kept beside the log and told, and holds up nobody', async () => {
  const bad = line(3, 'bad').replace('"at":1000', '"at":"yesterday"')
  const lines = [line(1, 'a'), line(2, 'b'), bad, line(4, 'c'), line(5, 'd')]
  const { warehouse, told } = await left('refused', { 1: lines.join('') })
  await recoverLog(warehouse, ({ message }) => told.push(message))
  const positions = await warehouse.rows<{ position: number }>('select position from events order by position')
  expect(positions.map(({ position }) => position)).toEqual([1, 2, 4, 5])
  expect(told).toHaveLength(1)
  expect(readFileSync(join(warehouse.logFolder, refusedName), 'utf8')).toBe(bad)
  expect(readdirSync(warehouse.logFolder)).toEqual([refusedName])
  await warehouse.close()
})

test('half a surrogate pair or NUL, in whatever text, is no character in the log and stops nothing', async () => {
  const odd = {
    ...order,
    messageId: 'm\ud83d',
    userId: 'u\0',
    name: 'n\udc00',
    properties: '{"a":"\\ud800","b":"\\\\ud800"}',
  }
  const bad = badLine(2, {
    ...{ id: 'call_2', index: 0, pointer: '/\ud83d', code: 'a.b', reason: 'got \ud83d\0', raw: { a: '\ud83d😀' } },
    ...{ receivedAt: 2000, sentAt: null },
  })
  const lines = storable(eventLine(1, odd, { isSuspect: false, repeatsIds: false }) + bad)
  const { warehouse, told } = await left('halves', { 1: lines })
  await recoverLog(warehouse, ({ message }) => told.push(message))
  expect(told).toEqual([])
  expect(await warehouse.rows('select customer_id, name, properties from events')).toEqual([
    { customer_id: 'u\ufffd', name: 'n\ufffd', properties: '{"a":"\ufffd","b":"\\\\ud800"}' },
  ])
  expect(await warehouse.rows('select column_name, reason from quarantine')).toEqual([
    { column_name: '/\ufffd', reason: 'got \ufffd\ufffd' },
  ])
  await warehouse.close()
})
