import fc from 'fast-check'
import { dayMs, type Instant } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { Fact, ScoreFact, TraitFact } from '../defined/fact.ts'
import type { FactHistory } from '../defined/interpret.ts'
import { inMillionths } from '../defined/numbers.ts'
import { type EventRow, type LineRow, storeEventRows, storeLineRows } from './stored-facts.contract.ts'

/** The zone of random stores, whose clocks skip midnight on 2024-03-10 and repeat it on 2023-11-05. */
export const randomZone = 'America/Havana'

/** Moments around which random histories are made: days on which clocks are put forward and back, and a usual one. */
export const randomMoments: readonly Instant[] = [
  Date.parse('2024-03-10T05:00:00Z'),
  Date.parse('2023-11-05T04:30:00Z'),
  Date.parse('2024-05-15T12:00:00Z'),
]

/** What a store is made of, as its tables hold it. */
export interface RandomRows {
  readonly events: readonly EventRow[]
  readonly lines: readonly LineRow[]
  readonly traits: readonly TraitFact[]
  readonly scores: readonly ScoreFact[]
  /** The category that product p1 has in the catalogue from a moment on. */
  readonly listed: { readonly at: Instant; readonly category: string } | null
}

const pick = fc.constantFrom
/** Near each other and at edges of minutes, hours and days, so that ties and bounds come often. */
const ages = fc
  .tuple(
    pick(0, 0, 0, 0, 1, 1, 2, 3, 7, 31, 60, 366),
    pick(0, 60_000, 1_800_000, 3_600_000, 7_200_000, 7_200_000, 43_200_000, 60_000_000),
    pick(-1, 0, 0, 0, 1),
  )
  .map(([days, more, edge]) => days * dayMs + more + edge)
const delays = pick(0, 0, 0, 1, 3_600_000, 2 * dayMs)
const customers = pick('ada', 'ada', 'ada', 'bob', '\u{1F600}', null)
const products = pick('p1', 'p1', 'p2', null)

function times(moment: Instant): fc.Arbitrary<{ at: Instant; received: Instant }> {
  return fc.tuple(ages, delays).map(([age, delay]) => ({ at: moment - age, received: moment - age + delay }))
}

const properties = fc.option(
  fc.record(
    {
      color: pick('red', 'blue', '\u{1F600}', '\uFFFD', '', true, false, null, 7, ['x']),
      score: pick(1, 0.5, -2.25, '7', '-0.1e1', ' 7', '7x', '1e400', true, 9e9, 9_000_000_001),
      deep: pick({ size: 'L' }, { size: 7 }, { size: { x: 1 } }, {}, 'flat'),
      category: pick('Women>Dresses', 'Women', ' ', 'Men'),
    },
    { requiredKeys: [] },
  ),
  { nil: null },
)

/** Rows of a small store, a key each. */
export function randomRows(moment: Instant): fc.Arbitrary<RandomRows> {
  const event = fc.tuple(
    times(moment),
    fc.record({
      customer: customers,
      name: pick('Product Viewed', 'Product Viewed', 'Product Added', 'Order Completed', 'Other'),
      call: pick('track', 'track', 'page'),
      session: pick('s1', 's2', null),
      product: products,
      quantity: pick(null, 1, 2.5, -0.0000005, 1e10),
      price: pick(null, 1_500_000, 20_000_000, 9_000_000_000_000_000),
      currency: pick(null, 'EUR', 'USD'),
      source: pick(null, 'email', 'organic'),
      properties: properties.map((it) => (it === null ? null : JSON.stringify(it))),
    }),
  )
  const line = fc.tuple(
    times(moment),
    fc.record({
      customer: customers,
      kind: pick('sale', 'sale', 'cancellation', 'adjustment'),
      order: pick('o1', 'o2'),
      product: products,
      category: pick(null, 'Women > Dresses', 'Men', ''),
      quantity: pick(1, 2, 0.5),
      amount: pick(0, 1_000_001, 19_990_000, -5_000_000, 9_000_000_000_000_000, -9_000_000_000_000_000),
      discount: pick(null, 0, 500_000),
      currency: pick('EUR', 'EUR', 'USD'),
      country: pick('DE', null),
    }),
  )
  const trait = fc.record({
    ...{ customerId: pick('ada', 'bob'), knownAt: times(moment).map(({ at }) => at) },
    ...{ trait: pick('gender', 'plan'), value: pick('7', 'gold', '1e2') },
  })
  const score = fc.record({
    ...{ customerId: pick('ada', 'bob'), score: pick('lapse_probability', 'own_score') },
    ...{ value: pick(0.25, 0.5), asOf: times(moment).map(({ at }) => at) },
  })
  return fc
    .record({
      events: fc.array(event, { maxLength: 60, size: 'max' }),
      lines: fc.array(line, { maxLength: 20, size: 'max' }),
      keys: fc.shuffledSubarray(
        Array.from({ length: 80 }, (_, at) => at + 1),
        { minLength: 80 },
      ),
      traits: fc.array(trait, { maxLength: 4 }),
      scores: fc.uniqueArray(score, { maxLength: 4, selector: (it) => `${it.customerId} ${it.score} ${it.asOf}` }),
      listed: fc.option(fc.record({ at: times(moment).map(({ at }) => at), category: pick('Women>Dresses', 'Men') })),
    })
    .map(({ events, lines, keys, traits, ...rest }) => ({
      ...rest,
      events: events.map(([at, row], index) => ({ key: keys[index]!, ...at, ...row })),
      lines: lines.map(([at, row], index) => ({ key: keys[events.length + index]!, ...at, ...row })),
      traits: traits.map((one, index) => ({ ...one, key: BigInt(index + 1) })),
    }))
}

/** Puts rows into an emptied store. */
export async function storeRandomRows(warehouse: Warehouse, rows: RandomRows): Promise<void> {
  for (const table of ['events', 'order_lines', 'customers', 'scores', 'products', 'store_settings'])
    await warehouse.run(`delete from ${table}`)
  await warehouse.run(`insert into store_settings values ('currency', 'EUR'), ('timezone', '${randomZone}')`)
  await storeEventRows(warehouse, rows.events)
  await storeLineRows(warehouse, rows.lines)
  const instant = (at: Instant): string => `make_timestamptz(${at * 1000})`
  for (const { customerId, key, knownAt, trait, value } of rows.traits)
    await warehouse.run(`insert into customers (customer_id, batch_id, known_at, gender, traits) values ('${customerId}',
      ${key}, ${instant(knownAt)}, ${trait === 'gender' ? `'${value}', null` : `null, '{"plan":"${value}"}'`})`)
  for (const { customerId, score, value, asOf } of rows.scores)
    await warehouse.run(
      `insert into scores values ('${customerId}', '${score}', ${value}, null, null, null, 'm', ${instant(asOf)})`,
    )
  if (rows.listed)
    await warehouse.run(`insert into products (product_id, batch_id, known_at, category)
      values ('p1', 1, ${instant(rows.listed.at)}, '${rows.listed.category}')`)
}

/** What definitions see of the rows, said once more in TypeScript. */
export function historyOf({ events, lines, traits, scores, listed }: RandomRows): FactHistory {
  const path = (text: unknown): string | null =>
    (typeof text === 'string' ? text.replaceAll(/\s*>\s*/g, ' > ').trim() : '') || null
  const category = (own: unknown, product: string | null | undefined, received: Instant): string | null =>
    path(own) ?? (product === 'p1' && listed !== null && listed.at <= received ? path(listed.category) : null)
  const money = (micros: number | null | undefined, isOwn: boolean): number | null => (isOwn ? (micros ?? null) : null)
  const text = (value: unknown): string | null =>
    value === null || value === undefined || typeof value === 'object' ? null : String(value)
  return {
    ...{ traits, scores, timezone: randomZone },
    facts: [
      ...events.map((row): Fact => {
        const said = JSON.parse(row.properties ?? '{}') as Record<string, unknown>
        const fields = {
          ...{ product_id: row.product!, session_id: row.session!, source: row.source! },
          category: category(said['category'], row.product, row.received!),
          quantity: row.quantity == null ? null : inMillionths(row.quantity),
          price: money(row.price, row.currency !== 'USD'),
          'properties.color': text(said['color']),
          'properties.score': text(said['score']),
          'properties.deep.size': text((said['deep'] as { size?: unknown } | undefined)?.size),
        }
        const { key, at, customer, name, call } = row
        return {
          ...{ kind: 'event', key: BigInt(key), at, receivedAt: row.received!, customerId: customer! },
          ...{ name: name!, call: call!, fields },
        }
      }),
      ...lines.map((row): Fact => {
        const isOwn = row.currency === 'EUR'
        const fields = {
          ...{ order_id: row.order!, product_id: row.product!, country: row.country!, currency: row.currency! },
          category: category(row.category, row.product, row.received!),
          quantity: inMillionths(row.quantity!),
          amount: money(row.amount, isOwn),
          discount: money(row.discount, isOwn),
        }
        const { key, at, customer, kind } = row
        return {
          ...{ kind: 'line', key: BigInt(key), at, receivedAt: row.received!, customerId: customer! },
          ...{ name: kind!, call: null, fields },
        }
      }),
    ],
  }
}
