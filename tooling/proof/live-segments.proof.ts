import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openWarehouse, type Warehouse } from '../../packages/server/src/warehouse/index.ts'
import { rapport } from './command.ts'
import { endLive, type LiveServer, startLive } from './live-server.ts'
import { count, prove } from './record.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-live-segments-proof-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const kills = 20
const customers = 60

/** Whom SQL over the log finds in each segment. */
const membersSql = {
  'rule.keen': `having count(*) filter (name = 'Product Viewed') >= 3`,
  'rule.undecided': `having count(*) filter (name = 'Product Added') >= 1 and count(*) filter (name = 'Order Placed') = 0`,
  'rule.left-carts': `having count(*) filter (name = 'Product Added') > count(*) filter (name = 'Order Placed')`,
} as const

const counted = (events: string) => ({ aggregate: 'count', from: { events } })
const definitions = {
  features: [
    { name: 'views', label: 'views', value: counted('Product Viewed') },
    { name: 'carts', label: 'carts', value: counted('Product Added') },
    { name: 'buys', label: 'buys', value: counted('Order Placed') },
  ],
  segments: [
    { id: 'rule.keen', name: 'Keen', words: 'views', rule: { feature: 'views', op: '>=', value: 3 } },
    {
      ...{ id: 'rule.undecided', name: 'Undecided', words: 'a cart and no order' },
      rule: {
        all: [
          { feature: 'carts', op: '>=', value: 1 },
          { feature: 'buys', op: '=', value: 0 },
        ],
      },
    },
    {
      ...{ id: 'rule.left-carts', name: 'Carts left', words: 'more carts than orders' },
      rule: { feature: { difference: { of: { feature: 'carts' }, minus: { feature: 'buys' } } }, op: '>', value: 0 },
    },
  ],
}

/** Sends one event after another until the server is gone, each of a customer whose turn follows from its number. */
async function send({ url, writeKey }: LiveServer, sender: string): Promise<number> {
  for (let sent = 0; ; sent += 1) {
    const who = (sent * 7 + sender.length * 13 + Number(sender.split('-').at(-1))) % customers
    const event = ['Product Viewed', 'Product Added', 'Order Placed'][(sent * 5 + who) % 3]
    const answer = await fetch(`${url}/v1/track`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ writeKey, event, userId: `c${who}`, messageId: `${sender}-${sent}` }),
    }).catch(() => undefined)
    await answer?.arrayBuffer().catch(() => undefined)
    if (answer?.status !== 200) return sent
  }
}

const untilLive = async ({ url }: LiveServer): Promise<void> => {
  for (;;) {
    const { live } = (await (await fetch(`${url}/health`)).json()) as { live: string }
    if (live === 'ready') return
    await new Promise((wait) => setTimeout(wait, 50))
  }
}

/** What is wrong with what was told: numbers that are missing or come twice, movements that do not follow each other. */
async function wrongIn(warehouse: Warehouse): Promise<Record<string, number>> {
  const one = async (sql: string): Promise<number> => (await warehouse.rows<{ n: number }>(sql))[0]!.n
  return {
    gaps: await one(`select count(*) as n from (
      select segment_id from segment_movements group by segment_id
      having count(*) <> max(sequence) or count(distinct sequence) <> count(*) or min(sequence) <> 1)`),
    turns: await one(`select count(*) as n from (
      select is_entry, row_number() over (partition by segment_id, customer_id order by sequence) as nth from segment_movements)
      where is_entry <> (nth % 2 = 1)`),
    numbers: await one('select count(*) - count(distinct number) as n from segment_movements'),
  }
}

prove({
  name: 'live-movements-kills',
  claim: `${kills} times kill -9 while events move customers into and out of three segments: who was told to be in each is who SQL over the log finds, sequence numbers without a gap or a repeat, each customer entering and leaving in turn`,
  measure: async () => {
    const store = join(folder, 'killed')
    await endLive(await startLive(store))
    rapport(['consent', 'basis', 'legitimate-interest', '--store', store])
    for (const [word, documents] of Object.entries(definitions)) {
      writeFileSync(join(folder, `${word}.json`), JSON.stringify(documents))
      rapport([word, 'declare', join(folder, `${word}.json`), '--store', store])
    }
    let sent = 0
    for (let kill = 0; kill < kills; kill += 1) {
      const running = await startLive(store)
      const gone = once(running.child, 'exit')
      const senders = [1, 2, 3, 4].map((sender) => send(running, `${kill}-${sender}`))
      await new Promise((wait) => setTimeout(wait, 60 + 97 * kill))
      running.child.kill('SIGKILL')
      await gone
      for (const one of await Promise.all(senders)) sent += one
    }
    const last = await startLive(store)
    await untilLive(last)
    await endLive(last)
    const warehouse = await openWarehouse(store)
    const wrong = await wrongIn(warehouse)
    const told = (await warehouse.rows<{ n: number }>('select count(*) as n from segment_movements'))[0]!.n
    let [members, otherwise] = [0, 0]
    for (const [segment, having] of Object.entries(membersSql)) {
      const find = async (sql: string) => new Set((await warehouse.columns(sql)).keys('customer'))
      const is = await find(
        `select customer_id as customer from events where customer_id is not null group by customer_id ${having}`,
      )
      const was = await find(
        `select customer_id as customer from segment_movements where segment_id = '${segment}' group by customer_id having arg_max(is_entry, sequence)`,
      )
      members += is.size
      otherwise += [...is].filter((id) => !was.has(id)).length + [...was].filter((id) => !is.has(id)).length
    }
    await warehouse.close()
    return {
      figure:
        `${count(sent)} events acknowledged over ${kills} kills, ${count(told)} movements told; ${count(members)} memberships, ` +
        `${otherwise} otherwise than in the log; ${wrong['gaps']} segments with a gap or a repeat, ${wrong['turns']} movements out of turn, ${wrong['numbers']} numbers twice`,
      isMet: sent > 1000 && told > 100 && members > 30 && otherwise === 0 && Object.values(wrong).every((n) => n === 0),
    }
  },
})
