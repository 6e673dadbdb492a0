import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '@rapport/numerics'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayMs } from '../base/index.ts'
import { profileEverybody } from '../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { predictLifetime } from './lifetime.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-lifetime-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const start = Date.UTC(2022, 0, 1)
const historyDays = 700
const asOf = start + historyDays * dayMs

/**
 * Customers who buy exactly as MBG/NBD and Gamma-Gamma say: gamma purchase rates, a chance to drop out after every
 * purchase including the first, gamma spend around a gamma mean. Returns what they buy in the year after `asOf`, too.
 */
async function openShop(customers: number, costShare: number | null): Promise<number> {
  const random = seededRandom(5)
  const ids: string[] = []
  const moments: number[] = []
  const amounts: number[] = []
  let later = 0
  for (let customer = 0; customer < customers; customer += 1) {
    const rate = random.gamma(1.2, 1 / 90)
    const dropout = random.beta(1, 3)
    const scale = 200 / random.gamma(4, 1)
    let day = random.uniform() * 500
    while (day < historyDays + 365) {
      const spend = random.gamma(6, scale / 6) + 1
      if (day < historyDays) {
        ids.push(`c${customer}`)
        moments.push(start + Math.floor(day) * dayMs + 40_000_000)
        amounts.push(Math.round(spend * 1e6))
      } else later += spend
      if (random.uniform() < dropout) break
      day += random.exponential(rate)
    }
  }
  await warehouse.stage('sold', { id: ids, moment: Float64Array.from(moments), amount: Float64Array.from(amounts) })
  await warehouse.run(`
    insert into order_lines
    select md5_number(id || moment || row_number() over ()), 1, 'o' || row_number() over (), id, 'p', null, null, 1, amount::bigint,
      amount::bigint, null, null, null, null, ${costShare === null ? 'null' : `(amount * ${costShare})::bigint`}, 'EUR', 'sale', 0,
      make_timestamptz((moment * 1000)::bigint), make_timestamptz((moment * 1000)::bigint), null, null
    from sold`)
  return later
}

test('customers who follow the model are worth what it says, within its own interval', async () => {
  const later = await openShop(3000, 0.4)
  const result = await predictLifetime(warehouse, { asOf, seed: 1 })
  if (!result.found) throw new Error(result.because)
  expect(result.margin).toBeCloseTo(0.6, 6)
  // Undiscounted profit of the year that followed, about 4 % more than discounted.
  expect(result.totalInterval!.low).toBeLessThan(later * 0.6)
  expect(result.totalInterval!.high).toBeGreaterThan(later * 0.6 * 0.95)
  const { holdOut } = result
  if ('found' in holdOut) throw new Error(holdOut.because)
  expect(Math.abs(holdOut.purchases.predicted / holdOut.purchases.actual - 1)).toBeLessThan(0.1)
  expect(holdOut.purchases.mae).toBeLessThan(holdOut.purchases.maeBaseline)
  expect(holdOut.coverage80).toBeGreaterThan(0.77)
  const scores = await warehouse.rows('select score, count(*) as n from scores group by score order by score')
  expect(scores.map((row) => (row as { n: number }).n)).toEqual(new Array(4).fill(result.customers))
})

test('the same seed gives the same values; costs that are not known leave revenue', async () => {
  await openShop(600, null)
  const first = await predictLifetime(warehouse, { asOf, seed: 1 })
  const again = await predictLifetime(warehouse, { asOf, seed: 1 })
  if (!first.found || !again.found) throw new Error('both must be found')
  expect(first.margin).toBeNull()
  expect({ ...again, modelId: '' }).toEqual({ ...first, modelId: '' })
  expect(again.modelId).toBe('lifetime-mbg-nbd-2')
})

test('later records never change values as of an earlier moment', async () => {
  await openShop(400, null)
  const early = asOf - 200 * dayMs
  const before = await predictLifetime(warehouse, { asOf: early, seed: 1 })
  await warehouse.run('delete from order_lines where occurred_at > $early', {
    early: { instant: early },
  })
  const after = await predictLifetime(warehouse, { asOf: early, seed: 1 })
  expect({ ...after, modelId: '' }).toEqual({ ...before, modelId: '' })
})

test('nobody, and nobody who came back, are told so', async () => {
  expect(await predictLifetime(warehouse, { asOf, seed: 1 })).toEqual({
    found: false,
    because: 'no customer who may be profiled has bought anything',
  })
  await openShop(5, null)
  await warehouse.run(
    'delete from order_lines where order_id not in (select min(order_id) from order_lines group by customer_id)',
  )
  expect(await predictLifetime(warehouse, { asOf, seed: 1 })).toMatchObject({ found: false })
})

test('a signal is heard while the hold-out is judged, and nothing is published', async () => {
  await openShop(2000, null)
  const controller = new AbortController()
  let isJudging = false
  const onProgress = ({ stage }: { stage: string }) => {
    if (isJudging || !stage.startsWith('hold-out')) return
    isJudging = true
    setImmediate(() => controller.abort())
  }
  await expect(
    predictLifetime(warehouse, { asOf, seed: 1 }, { signal: controller.signal, onProgress }),
  ).rejects.toMatchObject({ code: 'work.aborted' })
  expect(isJudging).toBe(true)
  expect(await warehouse.rows('select count(*) as n from scores')).toEqual([{ n: 0 }])
})
