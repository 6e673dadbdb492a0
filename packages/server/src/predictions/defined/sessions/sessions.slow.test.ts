import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs } from '../../../base/index.ts'
import { profileEverybody } from '../../../consent/everybody-profiled.contract.ts'
import { intentInputs, scoreOf } from '../../../features/index.ts'
import { openWarehouse, type Warehouse } from '../../../warehouse/index.ts'
import { fitCandidate, probabilitiesOf } from '../../candidates.ts'
import { explainPrediction, namedPrediction, trainPrediction } from '../predictions.ts'
import { scoringOf } from './scoring-of.ts'
import { readSessionMoments, rowsAtMoments } from './session-moments.ts'
import type { SessionsCard } from './sessions-card.ts'

// A shop where whoever puts something into the cart buys it four times in five, others one time in fifty, after browsing on.

const end = Date.UTC(2025, 5, 30)
const options = { asOf: end, seed: 1, budgetMs: 60_000 }
let folder: string
let warehouse: Warehouse

/** Sessions with events in SQL: a page, views, perhaps a cart, perhaps an order; one in ten goes on after it. */
const planted = (sessions: number): string => `
  insert into events by name
  with draws as (
    select i, 'c' || (i % 400) as customer_id, 's' || i as session_id,
      ${end} - (i * 7919 % (200 * 86400)) * 1000 - 3600000 as began,
      hash(i, 'views') % 4 + 1 as views, hash(i, 'cart') % 3 = 0 as has_cart, hash(i, 'buys') % 100 as luck
    from range(${sessions}) as drawn(i)
  ),
  steps as (
    select *, 0 as step, 'Home' as name, 'page' as call from draws
    union all select draws.*, step, 'Product Viewed', 'track' from draws, range(1, 5) as other(step) where step <= views
    union all select *, 5, 'Product Added', 'track' from draws where has_cart
    union all select *, 6, 'Order Completed', 'track' from draws where luck < case when has_cart then 80 else 2 end
    union all select *, 7, 'Home', 'page' from draws where luck % 10 = 0
  )
  select (i * 10 + step)::uhugeint as event_key, 1 as batch_id, call, name, customer_id, session_id,
    make_timestamptz(((began + step * 20000) * 1000)::bigint) as occurred_at,
    make_timestamptz(((began + step * 20000) * 1000)::bigint) as received_at
  from steps`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-sessions-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

test('of too few sessions nothing is learned, and it says how few', async () => {
  const known = await namedPrediction(warehouse, 'purchase-intent', end)
  expect(await trainPrediction(warehouse, known, options)).toMatchObject({ found: false, because: /no session/ })
  await warehouse.run(planted(60))
  const few = await trainPrediction(warehouse, known, options)
  expect(few).toMatchObject({ found: false, because: expect.stringContaining('must be at least 100') })
  await warehouse.run('delete from events')
})

test('learns what was planted from prefixes, and says so on customers and sessions that it had not seen', async () => {
  await warehouse.run(planted(6000))
  const known = await namedPrediction(warehouse, 'purchase-intent', end)
  const trained = await trainPrediction(warehouse, known, options)
  if (!trained.found) throw new Error(trained.because)
  const card = trained.card as SessionsCard
  expect(card.kind).toBe('sessions')
  expect(card.gain.mean).toBeGreaterThan(3 * card.gain.error)
  const [first] = card.byPrefix
  // After the first page nobody can know who will put something into the cart.
  expect(first!.rocAuc).toBeLessThan(0.6)
  expect(first!.calibrationError).toBeLessThan(0.06)
  // By the fifth event most carts are known.
  expect(card.byPrefix[3]!.rocAuc).toBeGreaterThan(0.8)
  expect((await explainPrediction(warehouse, known.prediction)).card.kind).toBe('sessions')
  const again = await trainPrediction(warehouse, known, options)
  expect(again).toMatchObject({ found: true, serves: true, because: expect.stringContaining('not worse than') })
}, 120_000)

test('moments know nothing of what came after them', async () => {
  const wanted = { asOf: end, seed: 1, places: [2], most: 200 }
  const moments = await readSessionMoments(warehouse, wanted)
  const before = await rowsAtMoments(warehouse, moments, intentInputs)
  const latest = Math.max(...moments.asOf)
  await warehouse.run(`delete from events where epoch_ms(received_at) > ${latest}`)
  expect((await rowsAtMoments(warehouse, moments, intentInputs)).matrix).toEqual(before.matrix)
  expect(new Set(before.matrix.values.filter((_, at) => at % intentInputs.length === 0))).toEqual(new Set([2]))
})

test.each(['share', 'logistic', 'boosting'] as const)(
  'the %s is scored as it predicts, what is missing too',
  async (kind) => {
    const moments = await readSessionMoments(warehouse, { asOf: end + dayMs, seed: 2, most: 3000 })
    const rows = await rowsAtMoments(warehouse, moments, intentInputs)
    const { columns, values } = rows.matrix
    for (let at = 0; at < values.length; at += 37) values[at] = Number.NaN
    const wanted = rows.features.map((_, position) => position)
    const fitted = await fitCandidate(kind, rows, wanted, { seed: 1 })
    const scoring = scoringOf(fitted)
    const expected = probabilitiesOf(fitted, rows)
    for (let row = 0; row < rows.labels.length; row += 1) {
      const own = Array.from(values.subarray(row * columns, (row + 1) * columns), (value) =>
        Number.isNaN(value) ? null : value,
      )
      expect(scoreOf(scoring, own)).toBeCloseTo(expected[row]!, 10)
    }
  },
  60_000,
)
