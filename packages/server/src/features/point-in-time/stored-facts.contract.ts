import type { Warehouse } from '../../warehouse/index.ts'

/** A row of the store's events, for tests: what is left out is null, moments are ms. */
export interface EventRow {
  readonly key: number
  readonly at: number
  readonly received?: number
  readonly customer?: string | null
  readonly name?: string
  readonly call?: string
  readonly session?: string | null
  readonly product?: string | null
  readonly quantity?: number | null
  readonly price?: number | null
  readonly currency?: string | null
  readonly source?: string | null
  readonly message?: string | null
  /** JSON. */
  readonly properties?: string | null
}

/** A row of the store's order lines, for tests. */
export interface LineRow {
  readonly key: number
  readonly at: number
  readonly received?: number
  readonly customer?: string | null
  readonly kind?: string
  readonly order?: string
  readonly product?: string | null
  readonly category?: string | null
  readonly quantity?: number
  readonly amount?: number
  readonly discount?: number | null
  readonly currency?: string
  readonly country?: string | null
  readonly source?: string | null
}

const numbers = (values: readonly (number | null | undefined)[]): Float64Array =>
  Float64Array.from(values, (value) => value ?? Number.NaN)

export async function storeEventRows(warehouse: Warehouse, rows: readonly EventRow[]): Promise<void> {
  if (rows.length === 0) return
  await warehouse.stage('test_events', {
    key: numbers(rows.map(({ key }) => key)),
    occurred: numbers(rows.map(({ at }) => at)),
    received: numbers(rows.map(({ at, received }) => received ?? at)),
    customer: rows.map(({ customer }) => customer ?? null),
    name: rows.map(({ name }) => name ?? 'Product Viewed'),
    call: rows.map(({ call }) => call ?? 'track'),
    session: rows.map(({ session }) => session ?? null),
    product: rows.map(({ product }) => product ?? null),
    quantity: numbers(rows.map(({ quantity }) => quantity)),
    price: numbers(rows.map(({ price }) => price)),
    currency: rows.map(({ currency }) => currency ?? null),
    source: rows.map(({ source }) => source ?? null),
    message: rows.map(({ message }) => message ?? null),
    properties: rows.map(({ properties }) => properties ?? null),
  })
  await warehouse.run(`
    insert into events (event_key, batch_id, customer_id, call, name, session_id, product_id, quantity, price_micros,
      currency, source, message_id, properties, occurred_at, received_at)
    select key::uhugeint, 1, customer, call, name, session, product, quantity, price::bigint, currency, source, message,
      properties, make_timestamptz(occurred::bigint * 1000), make_timestamptz(received::bigint * 1000)
    from test_events;
    drop table test_events`)
}

export async function storeLineRows(warehouse: Warehouse, rows: readonly LineRow[]): Promise<void> {
  if (rows.length === 0) return
  await warehouse.stage('test_lines', {
    key: numbers(rows.map(({ key }) => key)),
    occurred: numbers(rows.map(({ at }) => at)),
    received: numbers(rows.map(({ at, received }) => received ?? at)),
    customer: rows.map(({ customer }) => customer ?? null),
    kind: rows.map(({ kind }) => kind ?? 'sale'),
    order_id: rows.map(({ order }) => order ?? 'o1'),
    product: rows.map(({ product }) => product ?? null),
    category: rows.map(({ category }) => category ?? null),
    quantity: numbers(rows.map(({ quantity }) => quantity ?? 1)),
    amount: numbers(rows.map(({ amount }) => amount ?? 0)),
    discount: numbers(rows.map(({ discount }) => discount)),
    currency: rows.map(({ currency }) => currency ?? 'EUR'),
    country: rows.map(({ country }) => country ?? null),
    source: rows.map(({ source }) => source ?? null),
  })
  await warehouse.run(`
    insert into order_lines (line_key, batch_id, order_id, customer_id, product_id, category, quantity, unit_price_micros,
      amount_micros, discount_micros, currency, kind, ordinal, occurred_at, received_at, country, source)
    select key::uhugeint, 1, order_id, customer, product, category, quantity, 0, amount::bigint, discount::bigint, currency,
      kind, 0, make_timestamptz(occurred::bigint * 1000), make_timestamptz(received::bigint * 1000), country, source
    from test_lines;
    drop table test_lines`)
}
