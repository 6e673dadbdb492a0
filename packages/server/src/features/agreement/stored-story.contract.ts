import type { Warehouse } from '../../warehouse/index.ts'
import type { RawFact, RawTrait, Step } from './story.contract.ts'
import type { World } from './world.contract.ts'

const tables = ['events', 'order_lines', 'customers', 'identity_map', 'scores', 'store_settings', 'products']

/** Puts what happens into the tables of a store, as ingestion and identity do; facts wait until somebody reads. */
export class StoredStory {
  private readonly warehouse: Warehouse
  private waiting: RawFact[] = []
  private timezone: string | undefined
  private position = 0

  constructor(warehouse: Warehouse) {
    this.warehouse = warehouse
  }

  /** Each step is a place of the log. */
  async apply(step: Step, world: World): Promise<void> {
    this.position += 1
    if (this.timezone === undefined) {
      this.timezone = world.timezone
      await this.warehouse.run(
        `insert into store_settings values ('currency', 'EUR'), ('timezone', '${world.timezone}')`,
      )
    }
    switch (step.kind) {
      case 'facts':
        this.waiting.push(...step.facts)
        return
      case 'traits':
        for (const trait of step.traits) await this.trait(trait)
        return
      case 'scores':
        for (const { customerId, score, value, asOf } of step.scores)
          await this.warehouse.run(
            `insert into scores values ('${customerId}', '${score}', '${value}'::double, null, null, null, 'm', make_timestamptz(${asOf * 1000}))`,
          )
        return
      case 'merge':
      case 'unmerge':
        await this.move(step.owners)
        return
      case 'erase':
        await this.erase(step.identities)
        return
      // What came before is dropped by ingestion; a store that is closed and opened is the same.
      default:
    }
  }

  private async trait({ identity, key, knownAt, trait, value }: RawTrait): Promise<void> {
    const [column, written] =
      trait === 'income' ? ['income', value] : ['traits', `'${JSON.stringify({ [trait]: value })}'`]
    await this.warehouse.run(
      `insert into customers (customer_id, batch_id, known_at, ${column})
       values ('${identity}', ${key}, make_timestamptz(${knownAt * 1000}), ${written})`,
    )
  }

  private async move(owners: ReadonlyMap<string, string>): Promise<void> {
    for (const [identity, owner] of owners) {
      await this.warehouse.run(`delete from identity_map where received_id = '${identity}'`)
      if (owner !== identity)
        await this.warehouse.run(`insert into identity_map values ('${identity}', '${owner}', make_timestamptz(0))`)
    }
  }

  private async erase(identities: readonly string[]): Promise<void> {
    await this.write()
    const gone = `in (${identities.map((identity) => `'${identity}'`).join(', ')})`
    await this.warehouse.run(`
      delete from events where coalesce(customer_id, 'anonymous:' || anonymous_id) ${gone};
      delete from order_lines where customer_id ${gone};
      delete from customers where customer_id ${gone};
      delete from scores where customer_id ${gone};
      delete from identity_map where received_id ${gone}`)
  }

  /** What waits. */
  async write(): Promise<void> {
    const facts = this.waiting
    this.waiting = []
    await writeEvents(
      this.warehouse,
      facts.filter(({ kind }) => kind === 'event'),
    )
    await writeLines(
      this.warehouse,
      facts.filter(({ kind }) => kind === 'line'),
    )
    await this.warehouse.run(`update log_cursor set position = ${this.position}`)
  }

  async clear(): Promise<void> {
    this.waiting = []
    this.timezone = undefined
    this.position = 0
    await this.warehouse.run(tables.map((table) => `delete from ${table}`).join('; '))
  }
}

type Reader = <Value extends string | number>(field: string) => (Value | null)[]
const columnsOf =
  (facts: readonly RawFact[]): Reader =>
  <Value>(field: string) =>
    facts.map(({ fields }) => (fields[field] ?? null) as Value | null)

const numbers = (values: readonly (number | null)[]): Float64Array =>
  Float64Array.from(values, (value) => value ?? Number.NaN)

const common = (facts: readonly RawFact[]) => ({
  key: facts.map(({ key }) => String(key)),
  name: facts.map(({ name }) => name),
  occurred: numbers(facts.map(({ at }) => at)),
  received: numbers(facts.map(({ receivedAt }) => receivedAt)),
})

const moments = `make_timestamptz(occurred::bigint * 1000), make_timestamptz(received::bigint * 1000)`

async function writeEvents(warehouse: Warehouse, facts: readonly RawFact[]): Promise<void> {
  if (facts.length === 0) return
  const read = columnsOf(facts)
  const isAnonymous = ({ identity }: RawFact): boolean => identity?.startsWith('anonymous:') ?? false
  await warehouse.stage('told_events', {
    ...common(facts),
    call: facts.map(({ call }) => call),
    customer: facts.map((fact) => (isAnonymous(fact) ? null : fact.identity)),
    anonymous: facts.map((fact) => (isAnonymous(fact) ? fact.identity!.slice('anonymous:'.length) : null)),
    ...Object.fromEntries(
      ['product_id', 'session_id', 'source', 'message_id', 'currency'].map((field) => [field, read<string>(field)]),
    ),
    quantity: numbers(read<number>('quantity')),
    price: numbers(read<number>('price')),
    properties: facts.map(({ fields }) =>
      JSON.stringify({
        category: fields['category'],
        rating: fields['properties.rating'],
        plan: { name: fields['properties.plan.name'] },
      }),
    ),
  })
  await warehouse.run(`
    insert into events (event_key, batch_id, customer_id, anonymous_id, call, name, session_id, product_id, quantity,
      price_micros, currency, source, message_id, properties, occurred_at, received_at)
    select key::uhugeint, 1, customer, anonymous, call, name, session_id, product_id, quantity / 1000000,
      case currency when 'USD' then 7 else price::bigint end,
      currency, source, message_id, properties, ${moments}
    from told_events;
    drop table told_events`)
}

const money = ['unit_price', 'amount', 'discount', 'tax', 'refund']

async function writeLines(warehouse: Warehouse, facts: readonly RawFact[]): Promise<void> {
  if (facts.length === 0) return
  const read = columnsOf(facts)
  await warehouse.stage('told_lines', {
    ...common(facts),
    customer: facts.map(({ identity }) => identity),
    ...Object.fromEntries(
      ['order_id', 'product_id', 'category', 'source', 'country', 'currency'].map((field) => [
        field,
        read<string>(field),
      ]),
    ),
    ...Object.fromEntries(['quantity', ...money].map((field) => [field, numbers(read<number>(field))])),
  })
  await warehouse.run(`
    insert into order_lines (line_key, batch_id, order_id, customer_id, product_id, category, quantity, currency, kind,
      ordinal, occurred_at, received_at, country, source, ${money.map((field) => `${field}_micros`).join(', ')})
    select key::uhugeint, 1, order_id, customer, product_id, category, quantity / 1000000, currency, name, 0, ${moments},
      country, source, coalesce(unit_price, 7)::bigint, coalesce(amount, 7)::bigint, discount::bigint, tax::bigint,
      refund::bigint
    from told_lines;
    drop table told_lines`)
}
