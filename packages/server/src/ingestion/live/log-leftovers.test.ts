import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkCall } from './check-call.ts'
import { refusedName } from './drain.ts'
import { emptyLogLeftovers } from './log-leftovers.ts'
import { badLine, eventLine, orderLine } from './log-line.ts'
import { orderLinesOf } from './order-rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-leftovers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Every kind of line that one person can have. */
function linesOf(who: { userId?: string; anonymousId?: string }, position: number): string[] {
  const properties = { order_id: 'o', currency: 'EUR', products: [{ product_id: 'p', price: 1 }] }
  const checked = checkCall({ event: 'Order Completed', ...who, properties }, 'track', 1000)
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  const { event } = checked
  const bad = { id: 'call_1', index: 0, pointer: '', code: 'a.b', reason: 'why', raw: who, receivedAt: 1, sentAt: null }
  return [
    eventLine(position, event, { isSuspect: false, repeatsIds: false }),
    ...orderLinesOf(event, null).map((line) => orderLine(position + 1, line)),
    badLine(position + 2, bad),
  ]
}

test('of lines that the store could not take those of the erased go, and what a crash cut off goes whole', async () => {
  const gone = [...linesOf({ userId: 'ann' }, 1), ...linesOf({ anonymousId: 'x' }, 4)]
  const kept = [...linesOf({ userId: 'bob' }, 7), ...linesOf({ anonymousId: 'ann' }, 10)]
  expect([gone.length, kept.length]).toEqual([6, 6])
  writeFileSync(join(folder, refusedName), [...gone, ...kept].join(''))
  writeFileSync(join(folder, '0000000000000001.ndjson.cut'), 'half a line')
  await emptyLogLeftovers(folder, ({ userId, anonymousId }) => userId === 'ann' || anonymousId === 'x')
  expect(readdirSync(folder)).toEqual([refusedName])
  expect(readFileSync(join(folder, refusedName), 'utf8')).toBe(kept.join(''))
  await emptyLogLeftovers(join(folder, 'none'), () => true)
})
