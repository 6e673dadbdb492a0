import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { shopify } from '../../packages/server/src/ingestion/presets/payloads/shopify.ts'
import { stripe } from '../../packages/server/src/ingestion/presets/payloads/stripe.ts'
import { openWarehouse } from '../../packages/server/src/warehouse/index.ts'
import { program } from './command.ts'
import { endLive, startLive } from './live-server.ts'
import { prove } from './record.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-webhooks-proof-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const store = join(folder, 'store')
const secret = 'a secret of this proof'

/** Adds a webhook by a command beside the running server. @returns its address, once the server knows it */
async function add(preset: string): Promise<string> {
  writeFileSync(join(folder, 'secret.txt'), secret)
  const words = ['webhooks', 'add', preset, '--preset', preset, '--secret-file', join(folder, 'secret.txt')]
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words, '--json', '--store', store])
  const { url } = JSON.parse(stdout) as { url: string }
  for (let wait = 0; wait < 50; wait += 1) {
    const { status } = await fetch(url, { method: 'POST', body: '{}' })
    if (status === 401) return url
    await new Promise((later) => setTimeout(later, 100))
  }
  throw new Error('the server does not know the webhook after 5 s')
}

const digest = (text: string) => createHmac('sha256', secret).update(text)

async function post(url: string, body: string, headers: Record<string, string>): Promise<number> {
  const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  return answer.status
}

prove({
  name: 'webhooks-once',
  claim:
    'Shopify’s documented order (as created, paid and updated), its refund (alone and within the order) and Stripe’s charge and checkout, signed as each signs, each sent twice, over HTTP: each order and refund once, to the micro, the refund with the customer that only its order names; 6 requests that are forged or were signed an hour ago answered 401 and nothing of them kept',
  measure: async () => {
    const server = await startLive(store)
    const [shop, payments] = [await add('shopify'), await add('stripe')]
    const { order, refund } = shopify
    const inOrder = JSON.stringify({ ...order, updated_at: '2025-01-03T00:00:00Z', refunds: [refund] })
    const fromShop = [
      ['refunds/create', JSON.stringify(refund)],
      ['orders/updated', inOrder],
      ['orders/create', JSON.stringify(order)],
      ['orders/paid', JSON.stringify(order)],
    ] as const
    const fromStripe = [
      stripe.event('charge.succeeded', stripe.charge),
      stripe.event('checkout.session.completed', stripe.session),
    ].map((event) => JSON.stringify(event))
    const statuses: number[] = []
    const wrong: number[] = []
    for (const round of [0, 1]) {
      for (const [topic, body] of fromShop) {
        const headers = { 'x-shopify-topic': topic, 'x-shopify-hmac-sha256': digest(body).digest('base64') }
        statuses.push(await post(shop, body, headers))
        const forged = { ...headers, 'x-shopify-hmac-sha256': digest(`${body} `).digest('base64') }
        if (round === 1) wrong.push(await post(shop, body.replace('450789469', '1'), forged))
      }
      for (const body of fromStripe) {
        const time = Math.floor(Date.now() / 1000)
        const sign = (at: number) => ({ 'stripe-signature': `t=${at},v1=${digest(`${at}.${body}`).digest('hex')}` })
        statuses.push(await post(payments, body, sign(time)))
        // Signed with the right secret, an hour ago.
        if (round === 1) wrong.push(await post(payments, body, sign(time - 3600)))
      }
    }
    await endLive(server)
    const warehouse = await openWarehouse(store)
    const orders = await warehouse.rows<{ order_id: string; customer_id: string; amount: number; lines: number }>(
      'select order_id, customer_id, amount_micros::double as amount, lines::integer as lines from orders order by order_id',
    )
    const customers = await warehouse.rows<{ n: number }>(
      'select count(distinct customer_id)::integer as n from kept_lines',
    )
    const [held] = await warehouse.rows<{ quarantined: number }>(
      'select count(*)::integer as quarantined from quarantine',
    )
    await warehouse.close()
    const right = [
      { order_id: '450789469', customer_id: 'bob.norman@mail.example.com', amount: 391_330_000, lines: 4 },
      { order_id: 'pi_1PgafyB7WZ01zgkWSjxsAJo3', customer_id: 'cus_QXg1o8vcGmoR32', amount: 1_000_000, lines: 1 },
    ]
    const shown = orders.map(
      ({ order_id, customer_id, amount, lines }) => `${order_id} of ${customer_id}: ${amount / 1e6} in ${lines} lines`,
    )
    return {
      figure: `${statuses.filter((status) => status === 200).length} of ${statuses.length} taken; ${shown.join('; ')}; ${customers[0]!.n} customers; ${wrong.filter((status) => status === 401).length} of ${wrong.length} forged or old refused; ${held!.quarantined} in quarantine`,
      isMet:
        JSON.stringify(orders) === JSON.stringify(right) &&
        customers[0]!.n === 2 &&
        statuses.length === 12 &&
        statuses.every((status) => status === 200) &&
        wrong.length === 6 &&
        wrong.every((status) => status === 401) &&
        held!.quarantined === 0,
    }
  },
})
