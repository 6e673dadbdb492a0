import type { Warehouse } from '../../packages/server/src/warehouse/index.ts'

/** What happened in a store after a moment, as its site would have sent it. */
export interface LaterEvent {
  readonly at: number
  readonly call: object
}

/** Events of (from, until], orders with their lines, in order of time. */
export async function eventsBetween(warehouse: Warehouse, from: number, until: number): Promise<readonly LaterEvent[]> {
  const between = `epoch_ms(occurred_at) > ${from} and epoch_ms(occurred_at) <= ${until}`
  const events = await warehouse.rows<Record<string, string | number | null>>(
    `select customer_id, anonymous_id, call, name, session_id, product_id, quantity, price_micros / 1e6 as price, currency,
       properties, epoch_ms(occurred_at)::double as at
     from events where ${between} order by occurred_at, event_key`,
  )
  const lines = await warehouse.rows<Record<string, string | number | null>>(
    `select order_id, customer_id, product_id, category, quantity, unit_price_micros / 1e6 as price, currency,
       epoch_ms(occurred_at)::double as at
     from order_lines where kind = 'sale' and customer_id is not null and ${between} order by order_id, line_key`,
  )
  const orders = new Map<string, (typeof lines)[number][]>()
  for (const line of lines) {
    const order = `${line['customer_id']} ${line['order_id']}`
    orders.set(order, [...(orders.get(order) ?? []), line])
  }
  const bought = [...orders.values()].map((own): LaterEvent => {
    const { customer_id, order_id, currency, at } = own[0]!
    const products = own.map(({ product_id, category, quantity, price }) => ({ product_id, category, quantity, price }))
    return {
      at: at as number,
      call: {
        ...calledBy(customer_id, null, at),
        type: 'track',
        event: 'Order Completed',
        properties: { order_id, currency, products },
      },
    }
  })
  const told = events.flatMap((event): LaterEvent[] => {
    const { customer_id, anonymous_id, call, name, session_id, product_id, quantity, price, currency, properties, at } =
      event
    // Orders are told of with their lines.
    if (name === 'Order Completed' && customer_id !== null) return []
    return [
      {
        at: at as number,
        call: {
          ...calledBy(customer_id, anonymous_id, at),
          ...(call === 'page' ? { type: 'page', name } : { type: 'track', event: name }),
          properties: {
            ...JSON.parse((properties as string | null) ?? '{}'),
            ...known({ product_id, quantity, price, currency }),
          },
          context: known({ sessionId: session_id }),
        },
      },
    ]
  })
  return [...bought, ...told].sort((left, right) => left.at - right.at)
}

const calledBy = (userId: unknown, anonymousId: unknown, at: unknown): object => ({
  ...known(userId === null ? { anonymousId } : { userId }),
  timestamp: new Date(at as number).toISOString(),
})

const known = (values: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))

/** Takes back what a store knows of after a moment. */
export async function forgetAfter(warehouse: Warehouse, moment: number): Promise<void> {
  const later = (column: string): string => `epoch_ms(${column}) > ${moment}`
  await warehouse.run(`
    delete from events where ${later('occurred_at')} or ${later('received_at')};
    delete from order_lines where ${later('occurred_at')} or ${later('received_at')};
    delete from customers where ${later('known_at')}`)
}
