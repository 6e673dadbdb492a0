import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PredictionTarget } from '@rapport/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs } from '../../../base/index.ts'
import { profileEverybody } from '../../../consent/everybody-profiled.contract.ts'
import { duckdbDialect, openWarehouse, type Warehouse } from '../../../warehouse/index.ts'
import { withStaged } from './cohort.ts'
import { outcomeSql } from './outcome-sql.ts'

const cut = Date.UTC(2025, 0, 1)
const until = cut + 30 * dayMs
const window = { cut, until, knownBy: until, currency: 'EUR', dialect: duckdbDialect }

let folder: string
let warehouse: Warehouse

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-outcomes-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

/** What an event says so many days after the cut. */
async function tell(customerId: string, call: string, name: string, day: number, properties: string): Promise<void> {
  const [{ number }] = (await warehouse.rows<{ number: number }>('select count(*)::integer as number from events')) as [
    { number: number },
  ]
  const at = { instant: cut + day * dayMs }
  await warehouse.run(
    `insert into events (event_key, batch_id, customer_id, call, name, occurred_at, received_at, properties)
    values ($number, 1, $customerId, $call, $name, $at, $at, $properties)`,
    { number, customerId, call, name, at, properties },
  )
}

async function outcomes(customerIds: readonly string[], target: PredictionTarget): Promise<number[]> {
  return withStaged(warehouse, customerIds, async () =>
    Array.from((await warehouse.columns(outcomeSql(target, window))).numbers('value')),
  )
}

test('a trait changed where the newest word inside the window differs from the newest before it', async () => {
  const says = (customerId: string, day: number, plan: string) =>
    tell(customerId, 'identify', 'identify', day, JSON.stringify({ plan }))
  await says('a', -20, 'free')
  await says('a', 5, 'gold')
  await says('b', -20, 'gold')
  await says('b', 5, 'gold')
  await says('c', -20, 'free')
  await says('c', 40, 'gold')
  await says('d', 5, 'silver')
  const ids = ['a', 'b', 'c', 'd', 'nobody']
  expect(await outcomes(ids, { kind: 'trait', trait: 'plan' })).toEqual([1, 0, 0, 1, 0])
  expect(await outcomes(ids, { kind: 'trait', trait: 'plan', becomes: 'gold' })).toEqual([1, 0, 0, 0, 0])
  expect(await outcomes(ids, { kind: 'trait', trait: 'plan', becomes: "gold' or 1=1 --" })).toEqual([0, 0, 0, 0, 0])
})

test('an amount leaves out what is no amount, however large or odd', async () => {
  const pays = (customerId: string, amount: string) => tell(customerId, 'track', 'Paid', 5, `{"amount": ${amount}}`)
  await pays('a', '5.25')
  for (const amount of ['1e300', '-1e300', '1e13', '"NaN"', '"inf"', '"1e400"', 'null', 'true', '"5 euros"'])
    await pays('a', amount)
  await pays('b', '1e12')
  await pays('b', '"2.5"')
  const target = { kind: 'amount', of: { event: 'Paid', property: 'amount' } } as const
  expect(await outcomes(['a', 'b', 'nobody'], target)).toEqual([5.25, 1e12 + 2.5, 0])
})
