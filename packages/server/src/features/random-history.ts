import { type Random, seededRandom } from '@rapport/numerics'
import { dayMs, type Instant } from '../base/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import type { EventFact, History, LineFact, TraitFact } from './interpret.ts'

/** The moment around which random histories are made, for tests: 2024-05-15T12:00Z. */
export const testMoment: Instant = Date.UTC(2024, 4, 15, 12)

const zone = 'Etc/GMT-2'
/** Ages that lie on, just inside and just outside every window's edge. */
const edges = [0, 1, 7, 30, 90, 180, 365].flatMap((days) => [-1, 0, 1].map((ms) => days * dayMs + ms))

/** A small random history full of edge cases: equal moments, window edges, late arrivals, missing values. */
export function randomHistory(seed: number, customers = 4, facts = 40): History {
  const random = seededRandom(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[random.integer(items.length)]!
  const customer = (): string | null => pick([...Array.from({ length: customers }, (_, at) => `c${at}`), null])
  const times = (): { occurredAt: Instant; receivedAt: Instant } => {
    const occurredAt = testMoment - ageOf(random, pick)
    return {
      occurredAt,
      receivedAt: pick([occurredAt, occurredAt, occurredAt, occurredAt + random.integer(100) * dayMs]),
    }
  }
  const lines = Array.from({ length: random.integer(facts) }, (): LineFact => {
    const kind = pick(['sale', 'sale', 'sale', 'cancellation', 'adjustment'] as const)
    const amount = random.integer(90_000) * 1000
    return {
      customerId: customer(),
      orderId: `o${random.integer(12)}`,
      productId: pick(['p1', 'p2', 'p3', 'POST', null]),
      category: pick(['Women > Dresses', 'Women', 'Men', null]),
      quantity: pick([1, 2, 0.5, 3]),
      amount: kind === 'sale' ? amount : -amount,
      discount: pick([null, 0, 1_500_000]),
      refund: pick([null, null, 0, 2_000_000]),
      currency: pick(['EUR', 'EUR', 'EUR', 'USD']),
      kind,
      ...times(),
      country: pick(['DE', 'AT', null]),
      source: pick(['email', 'organic', null]),
    }
  })
  const events = Array.from(
    { length: random.integer(facts * 2) },
    (): EventFact => ({
      customerId: customer(),
      ...pick([
        { call: 'page', name: 'Home' },
        ...['Product Viewed', 'Product Added', 'Order Completed', 'Email Sent', 'Email Opened', 'Ticket Created'].map(
          (name) => ({ call: 'track', name }),
        ),
      ]),
      sessionId: pick(['s1', 's2', 's3', 's4', null]),
      ...times(),
    }),
  )
  const traits = Array.from(
    { length: random.integer(6) },
    (_, at): TraitFact => ({
      customerId: `c${random.integer(customers)}`,
      batchId: at,
      knownAt: pick([null, testMoment - ageOf(random, pick)]),
      birthDate: pick([null, '1980-05-15', '1980-05-16', '2000-02-29']),
      gender: pick([null, 'f', 'm']),
      income: pick([null, 30_000, 52_000.5]),
    }),
  )
  return { lines, events, traits, nonProducts: new Set(['POST']), currency: 'EUR', zoneHours: 2 }
}

function ageOf(random: Random, pick: <Item>(items: readonly Item[]) => Item): number {
  return pick([pick(edges), random.integer(400) * dayMs, random.integer(30 * dayMs), random.integer(3 * dayMs)])
}

/** Puts a history into an empty store. */
export async function storeHistory(warehouse: Warehouse, history: History): Promise<void> {
  await warehouse.run(`insert into store_settings values ('currency', '${history.currency}'), ('timezone', '${zone}')`)
  for (const code of history.nonProducts) await warehouse.run(`insert into non_products values ('${code}', 'test')`)
  await storeLines(warehouse, history.lines)
  await storeEvents(warehouse, history.events)
  for (const record of history.traits) {
    await warehouse.run(
      `insert into customers (customer_id, batch_id, known_at, birth_date, gender, income)
       values ($customer, $batch, make_timestamptz($known::bigint * 1000), $born::date, $gender, $income)`,
      {
        customer: record.customerId,
        batch: record.batchId,
        known: record.knownAt,
        born: record.birthDate,
        gender: record.gender,
        income: record.income,
      },
    )
  }
}

export async function storeLines(warehouse: Warehouse, lines: readonly LineFact[]): Promise<void> {
  if (lines.length === 0) return
  const money = (values: readonly (number | null)[]): Float64Array =>
    Float64Array.from(values, (value) => value ?? Number.NaN)
  await warehouse.stage('test_lines', {
    customer: lines.map(({ customerId }) => customerId),
    order_id: lines.map(({ orderId }) => orderId),
    product: lines.map(({ productId }) => productId),
    category: lines.map(({ category }) => category),
    quantity: money(lines.map(({ quantity }) => quantity)),
    amount: money(lines.map(({ amount }) => amount)),
    discount: money(lines.map(({ discount }) => discount)),
    refund: money(lines.map(({ refund }) => refund)),
    currency: lines.map(({ currency }) => currency),
    kind: lines.map(({ kind }) => kind),
    occurred: money(lines.map(({ occurredAt }) => occurredAt)),
    received: money(lines.map(({ receivedAt }) => receivedAt)),
    country: lines.map(({ country }) => country),
    source: lines.map(({ source }) => source),
  })
  await warehouse.run(`
    insert into order_lines (line_key, batch_id, order_id, customer_id, product_id, category, quantity, unit_price_micros,
      amount_micros, discount_micros, refund_micros, currency, kind, ordinal, occurred_at, received_at, country, source)
    select rowid, 1, order_id, customer, product, category, quantity, 0, amount::bigint, discount::bigint, refund::bigint,
      currency, kind, 0, make_timestamptz(occurred::bigint * 1000), make_timestamptz(received::bigint * 1000), country, source
    from test_lines;
    drop table test_lines`)
}

export async function storeEvents(warehouse: Warehouse, events: readonly EventFact[]): Promise<void> {
  if (events.length === 0) return
  await warehouse.stage('test_events', {
    customer: events.map(({ customerId }) => customerId),
    call: events.map(({ call }) => call),
    name: events.map(({ name }) => name),
    session: events.map(({ sessionId }) => sessionId),
    occurred: Float64Array.from(events, ({ occurredAt }) => occurredAt),
    received: Float64Array.from(events, ({ receivedAt }) => receivedAt),
  })
  await warehouse.run(`
    insert into events (event_key, batch_id, customer_id, call, name, session_id, occurred_at, received_at)
    select rowid, 1, customer, call, name, session,
      make_timestamptz(occurred::bigint * 1000), make_timestamptz(received::bigint * 1000)
    from test_events;
    drop table test_events`)
}
