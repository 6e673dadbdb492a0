import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { computeDefined, planFeatures, purchaseIntent, servedModels } from '../features/index.ts'
import { openWarehouse } from '../warehouse/index.ts'
import { openSession, startServer } from './program.contract.ts'

// The intent to buy in this session: learned from the shop's own sessions, said after each event, the same in SQL.

let folder: string
const session = openSession(() => folder)

async function document<Found>(...words: string[]): Promise<Found> {
  const { out, err, code } = await session.run(...words, '--json')
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out) as Found
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-intent-cli-'))
  await document('demo', '--customers', '250', '--seed', '3')
}, 120_000)

afterAll(() => {
  session.end()
  rmSync(folder, { recursive: true, force: true })
})

interface Now {
  readonly features: readonly { readonly name: string; readonly value: number | null }[]
  readonly segments: readonly string[]
}

test('is trained, said after each event, puts into a segment, and is what SQL says as of the same moment', async () => {
  expect(await document('predict', 'train', 'purchase-intent')).toMatchObject({ found: true, serves: true })
  await document('features', 'declare')
  await document('segments', 'declare')
  const server = await startServer(folder, [])
  let customerId = ''
  const said: number[] = []
  const moments: number[] = []
  try {
    const words = ['keys', 'create', 'api', 'reader', '--scope', 'customers.read']
    const { secret } = await document<{ secret: string }>(...words)
    const get = async <Body>(path: string): Promise<Body> => {
      const answer = await fetch(`${server.url}/v1${path}`, { headers: { authorization: `Bearer ${secret}` } })
      return (await answer.json()) as Body
    }
    for (let isReady = false; !isReady; await new Promise((resolve) => setTimeout(resolve, 100)))
      ({ isReady } = await get<{ isReady: boolean }>('/segments'))
    const { customers } = await get<{ customers: { customerId: string }[] }>('/customers?limit=20')
    for (const one of customers) {
      const { consents } = await get<{ consents: { purpose: string; isGranted: boolean }[] }>(
        `/customers/${one.customerId}`,
      )
      if (consents.every(({ purpose, isGranted }) => isGranted || !['analytics', 'profiling'].includes(purpose)))
        customerId = one.customerId
    }
    const now = () => get<Now>(`/customers/${customerId}/now`)
    const intentOf = ({ features }: Now) => features.find(({ name }) => name === 'purchase_intent')!.value
    expect(intentOf(await now())).toBe(null)
    for (const event of ['Product Viewed', 'Product Added', 'Checkout Started']) {
      const sent = await fetch(`${server.url}/v1/track`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${server.writeKey}:`)}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ event, userId: customerId, context: { sessionId: 'now' } },
          properties: { product_id: 'P1', price: 30 },
        }),
      })
      expect(sent.status).toBe(200)
      said.push(intentOf(await now())!)
      moments.push(Date.now())
    }
    expect(said.every((value) => value > 0 && value < 1)).toBe(true)
    expect(said[2]!).toBeGreaterThan(said[0]!)
    expect((await now()).segments.includes('rule.ready-to-buy')).toBe(said[2]! >= 0.5)
  } finally {
    await server.stop('SIGINT')
  }
  const warehouse = await openWarehouse(join(folder, 'rapport-data'))
  try {
    const plan = planFeatures([purchaseIntent], await servedModels(warehouse))
    await warehouse.stage('asked', { customer_id: moments.map(() => customerId), as_of: Float64Array.from(moments) })
    const rows = await computeDefined(warehouse, plan, { listed: 'asked' })
    expect(rows).toHaveLength(3)
    for (const [at, { values }] of rows.entries()) expect(values['purchase_intent']).toBeCloseTo(said[at]!, 9)
  } finally {
    await warehouse.close()
  }
}, 300_000)
