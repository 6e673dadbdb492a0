import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { featureDefinition } from '@rapport/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { profileEverybody } from '../../../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../../../warehouse/index.ts'
import type { Fact } from '../../defined/fact.ts'
import { planFeatures } from '../../defined/plan-features.ts'
import { readFacts } from '../../point-in-time/read-facts.ts'
import { storeEventRows, storeLineRows } from '../../point-in-time/stored-facts.contract.ts'
import { storeBasis } from '../../store-facts.ts'
import { rowKinds } from './history-part.ts'
import { PartRows } from './part-rows.ts'
import { type History, readHistory } from './read-history.ts'

const clock = Date.UTC(2024, 4, 15)
let folder: string
let warehouse: Warehouse

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-history-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  await warehouse.run(`insert into store_settings values ('currency', 'EUR')`)
  const customers = ['ada', 'zoë', '\u{1F600}', null, 'bob']
  await storeEventRows(
    warehouse,
    Array.from({ length: 200 }, (_, n) => ({
      ...{
        key: n,
        at: clock - (n % 7) * 1000,
        customer: customers[n % 5]!,
        product: n % 3 === 0 ? null : `p${n % 11}`,
      },
      properties: n % 4 === 0 ? '{}' : `{"category":"Women>Dresses","size":"${'ß\\u0000'.repeat(n % 5)}"}`,
    })),
  )
  await storeLineRows(warehouse, [
    { key: 1, at: clock - 5, customer: 'ada', product: 'p1', category: 'Women > Dresses' },
    { key: 2, at: clock + 5, customer: 'ada', product: 'p2', category: 'Women > Coats' },
  ])
  await warehouse.run(`insert into customers (customer_id, batch_id, known_at, gender, city) values
    ('aaron', 1, make_timestamptz(0), 'm', null), ('zoë', 1, make_timestamptz(0), 'f', 'Ulm'),
    ('zoë', 1, make_timestamptz(0), 'm', 'Bonn'), ('zoë', 1, make_timestamptz(0), 'm', null)`)
  await warehouse.run(
    `insert into scores values ('bob', 'lapse_probability', 0.25, null, null, null, 'm1', make_timestamptz(9000))`,
  )
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const planOf = (values: readonly unknown[]) =>
  planFeatures(
    values.map((value, place) =>
      featureDefinition.parse({ name: `f${place}`, label: `f${place}`, ...(value as object) }),
    ),
  )

const plan = planOf([
  { value: { aggregate: 'count', from: { events: true, where: [{ field: 'properties.size', op: 'known' }] } } },
  { value: { aggregate: 'sum', of: 'amount', from: { lines: 'sale' } } },
  { value: { trait: 'gender' } },
  { value: { trait: 'city' } },
  { value: { score: 'lapse_probability' } },
  { entity: 'product', value: { aggregate: 'count', from: { events: true } } },
  { entity: 'product', value: { aggregate: 'count', from: { lines: 'sale' } } },
  { entity: 'category', value: { aggregate: 'count', from: { events: true } } },
  { entity: 'category', value: { aggregate: 'count', from: { lines: 'sale' } } },
])

const read = async (): Promise<History> =>
  warehouse.transaction(async () =>
    readHistory(warehouse, plan, await storeBasis(warehouse, 0), { position: 1, clock }),
  )

interface Told {
  readonly owner: string
  readonly fact: Fact
}

async function rowsOf(history: History, of: string) {
  const facts: Told[] = []
  const said: unknown[] = []
  for await (const part of history.parts) {
    if (part.of !== of) continue
    const rows = new PartRows(part, history.needs)
    while (rows.next()) {
      const { owner, kind, fact } = rows
      const { key, at, receivedAt, customerId, name, call } = fact
      if (kind === rowKinds.trait) said.push(rows.trait())
      else if (kind === rowKinds.score) said.push(rows.score())
      else {
        const fields = Object.fromEntries(Object.entries(fact.fields).filter(([, value]) => value !== null))
        facts.push({ owner, fact: { kind: fact.kind, key, at, receivedAt, customerId, name, call, fields } })
      }
    }
  }
  return { facts, said }
}

const byKey = (left: Fact, right: Fact): number => Number(left.key - right.key) || (left.kind < right.kind ? -1 : 1)

it('reads of each owner, in order, what is read of somebody alone, and tells apart what is known later', async () => {
  const customers = ['aaron', 'ada', 'bob', 'zoë', '\u{1F600}']
  const history = await read()
  const alone = await readFacts(warehouse, history.needs, await storeBasis(warehouse, 0), {
    ...{ kind: 'customer', ids: customers },
  })
  const { facts, said } = await rowsOf(history, 'customer')
  expect(facts.map(({ fact }) => fact).sort(byKey)).toEqual(alone.facts.filter(({ at }) => at <= clock).sort(byKey))
  const owners = facts.map(({ owner }) => owner)
  expect(owners.filter((owner, place) => owner !== owners[place - 1])).toHaveLength(new Set(owners).size)
  for (const one of customers) {
    const own = facts.filter(({ owner }) => owner === one).map(({ fact }) => fact.at)
    expect(own).toEqual([...own].sort((left, right) => left - right))
  }
  expect(facts.every(({ owner, fact }) => owner === fact.customerId)).toBe(true)
  expect(new Set(said)).toEqual(new Set([...alone.traits, ...alone.scores]))

  const later = new PartRows(await history.later(), history.needs)
  expect(later.next()).toBe(true)
  expect(later.fact).toMatchObject({ kind: 'line', key: 2n, at: clock + 5, fields: { amount: expect.any(Number) } })
  expect(later.next()).toBe(false)
  const keys = await history.latestKeys()
  expect(keys).toHaveLength(202)
  await history.close()
  expect(await warehouse.rows(`select table_name from duckdb_tables() where temporary`)).toEqual([])
})

it.each(['product', 'category'] as const)('reads the facts of each %s, of whomever', async (of) => {
  const history = await read()
  const { facts, said } = await rowsOf(history, of)
  await history.close()
  expect(said).toEqual([])
  const ids = of === 'product' ? Array.from({ length: 11 }, (_, n) => `p${n}`) : ['Women > Dresses']
  const alone = await readFacts(warehouse, history.needs, await storeBasis(warehouse, 0), { kind: of, ids })
  expect(facts.length).toBeGreaterThan(100)
  expect(facts.map(({ fact }) => fact).sort(byKey)).toEqual(alone.facts.filter(({ at }) => at <= clock).sort(byKey))
})
