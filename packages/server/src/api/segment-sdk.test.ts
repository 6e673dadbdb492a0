import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Analytics } from '@segment/analytics-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfiguration } from '../base/index.ts'
import type { Serving } from '../cli/index.ts'
import { asNewStore } from '../consent/new-store.contract.ts'
import { serveStore } from '../serve-store.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-segment-'))
const told: string[] = []
let warehouse: Warehouse
let serving: Serving

beforeAll(async () => {
  warehouse = await openWarehouse(folder)
  await asNewStore(folder)
  const configuration = readConfiguration({ environment: {}, commandLine: { port: '0' } })
  const options = { configuration, report: join(folder, 'report.html') }
  serving = await serveStore(warehouse, { ...options, tell: (text) => told.push(text) })
})
afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
})

test('Segment’s own library for Node, unmodified, pointed at the server', async () => {
  const analytics = new Analytics({ writeKey: serving.writeKey, host: serving.url, flushAt: 3, maxRetries: 0 })
  const errors: unknown[] = []
  analytics.on('error', (error) => errors.push(error))
  analytics.identify({ userId: 'ann', anonymousId: 'x', traits: { email: 'ann@a.example', firstName: 'Ann' } })
  analytics.track({ anonymousId: 'x', event: 'Product Viewed', properties: { product_id: 'p1' } })
  analytics.track({
    userId: 'ann',
    event: 'Order Completed',
    properties: { order_id: 'o1', currency: 'EUR', products: [{ product_id: 'p1', price: 12.5, quantity: 2 }] },
  })
  analytics.page({ userId: 'ann', name: 'Home' })
  analytics.screen({ userId: 'ann', name: 'Start' })
  analytics.group({ userId: 'ann', groupId: 'acme', traits: { name: 'Acme' } })
  analytics.alias({ userId: 'ann-2', previousId: 'ann' })
  await analytics.closeAndFlush()
  expect(errors).toEqual([])
  await serving.stop()
  expect(told).toEqual([])
  const calls = 'select call, count(*) as n from events group by call order by call'
  expect(await warehouse.rows(calls)).toEqual([
    { call: 'alias', n: 1 },
    { call: 'group', n: 1 },
    { call: 'identify', n: 1 },
    { call: 'page', n: 1 },
    { call: 'screen', n: 1 },
    { call: 'track', n: 2 },
  ])
  expect(await warehouse.rows('select distinct customer_id from known_events')).toEqual([{ customer_id: 'ann-2' }])
  expect(await warehouse.rows('select customer_id, product_id, quantity, amount_micros from kept_lines')).toEqual([
    { customer_id: 'ann-2', product_id: 'p1', quantity: 2, amount_micros: 25_000_000 },
  ])
  expect(await warehouse.rows('select customer_id, email, first_name from current_customers')).toEqual([
    { customer_id: 'ann-2', email: 'ann@a.example', first_name: 'Ann' },
  ])
})
