import { rmSync } from 'node:fs'
import { type Random, seededRandom } from '@rapport/numerics'
import { type Instant, isoOf, now, RapportError, stopIfAborted, type Work } from '../base/index.ts'
import { refreshStandings } from '../consent/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { calendarOf } from './calendar.ts'
import { catalogueOf } from './catalogue.ts'
import { truthOf } from './customer-truth.ts'
import { receiveEmails } from './emails.ts'
import { live } from './life.ts'
import { passBy } from './passers-by.ts'
import { drawCustomer } from './population.ts'
import { DemoRecord } from './record.ts'
import { type Scenario, type ScenarioName, withoutEffects } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'
import { stageWords } from './stage-words.ts'
import { describe, drawConsents, emailBit } from './traits.ts'
import { type CustomerTruth, TruthWriter, truthFileOf } from './truth.ts'
import type { Shop } from './visit.ts'

/** The simulator's version. The shops of a version never change: the same options give the same rows. */
export const demoVersion = 2

/** Where the history ends unless told otherwise: a fixed moment, so that a shop is the same on every day. */
export const demoUntilDefault: Instant = 1_767_225_600_000

export interface DemoOptions {
  readonly scenario: ScenarioName
  /** Customers with an id, 1 … 1,000,000. Default 5,000. */
  readonly customers?: number
  /** Default 1. */
  readonly seed?: number
  /** 'off': one kind of customer, no habits, no tastes, no effect of email. Default 'on'. */
  readonly effects?: 'on' | 'off'
  /** End of the history, taken to the UTC day. Default 2026-01-01. */
  readonly until?: Instant
  /** Where the truth goes. Default `demo-truth.jsonl.gz` in the store's folder. */
  readonly truthFile?: string
}

export interface DemoSummary {
  readonly scenario: ScenarioName
  readonly customers: number
  readonly orders: number
  readonly lines: number
  readonly events: number
  readonly products: number
  readonly from: Instant
  readonly until: Instant
  readonly currency: string
  readonly timezone: string
}

const query = readQueries(new URL('./queries.sql', import.meta.url))
const customersPerChunk = 4000
const batch = 1
/** 1975 to 2037: seconds since 1970 are kept in 32 bits, and a year is looked ahead. */
const untilMin: Instant = 157_766_400_000
const untilMax: Instant = 2_114_380_800_000

/**
 * Fills an empty store with a simulated shop whose truth is known, and writes the truth beside it.
 *
 * Each customer has a random source of their own, so the first customers of a bigger shop with the same seed are the
 * same people. Chunks of customers are committed one by one; a store whose making was stopped says so in the setting
 * `demo_incomplete` and is refused from then on, until `removeIncompleteDemo`.
 *
 * @throws RapportError `demo.not-empty`, `demo.incomplete`, `demo.customers`, `demo.scenario`, `demo.until`,
 * `demo.truth`, `work.aborted`
 */
export async function makeDemo(warehouse: Warehouse, options: DemoOptions, work?: Work): Promise<DemoSummary> {
  const { customers = 5000, seed = 1, effects = 'on', until = demoUntilDefault } = options
  if (!Number.isInteger(customers) || customers < 1 || customers > 1_000_000) {
    throw new RapportError('demo.customers', `customers must be a whole number from 1 to 1000000, got ${customers}`)
  }
  if (!Number.isFinite(until) || until < untilMin || until > untilMax) {
    throw new RapportError('demo.until', `until must be from ${isoOf(untilMin)} to ${isoOf(untilMax)}, got ${until}`)
  }
  const scenario = scenarioOf(options.scenario, effects)
  const random = seededRandom(seed)
  await refuseUnlessEmpty(warehouse)
  const shop: Shop = {
    scenario,
    catalogue: catalogueOf(scenario),
    calendar: calendarOf(scenario, until),
    record: new DemoRecord(),
  }
  await begin(warehouse, shop, { scenario: scenario.name, customers, seed, effects, version: demoVersion }, until)
  const truth = new TruthWriter(options.truthFile ?? truthFileOf(warehouse.folder), {
    version: demoVersion,
    scenario: scenario.name,
    effects,
    seed,
    until: shop.calendar.endSeconds * 1000,
    types: scenario.types,
  })
  let records = 0
  try {
    for (let first = 0; first < customers; first += customersPerChunk) {
      stopIfAborted(work)
      work?.onProgress?.({ stage: 'making the demo shop', done: first, total: customers })
      const last = Math.min(first + customersPerChunk, customers)
      await truth.write(tellStories(shop, first, last, random))
      records += await writeChunk(warehouse, shop, BigInt(first) * 100_000n, work)
    }
  } finally {
    await truth.end()
  }
  return finish(warehouse, shop, records, customers, work)
}

/** @throws RapportError `demo.scenario` when there is none of that name */
export function scenarioOf(name: string, effects: 'on' | 'off'): Scenario {
  const scenario = scenarios.find((each) => each.name === name)
  if (!scenario) {
    const names = scenarios.map((each) => each.name).join(', ')
    throw new RapportError('demo.scenario', `scenario must be one of ${names}, got ${name}`)
  }
  return effects === 'on' ? scenario : withoutEffects(scenario)
}

async function refuseUnlessEmpty(warehouse: Warehouse): Promise<void> {
  const [contents] = await warehouse.rows<{ records: number; incomplete: number }>(query('contents'))
  if (contents!.incomplete > 0) {
    throw new RapportError(
      'demo.incomplete',
      `the store ${warehouse.folder} must be empty, got a demo shop whose making was stopped: remove it first`,
    )
  }
  if (contents!.records > 0) {
    throw new RapportError(
      'demo.not-empty',
      `the store ${warehouse.folder} must be empty to take a demo shop, got ${contents!.records} records: use another folder`,
    )
  }
}

async function begin(warehouse: Warehouse, shop: Shop, options: object, until: Instant): Promise<void> {
  const { scenario } = shop
  await warehouse.transaction(async () => {
    await warehouse.run(query('begin_demo'), {
      scenario: scenario.name,
      started: isoOf(now()),
      currency: scenario.currency,
      timezone: scenario.timezone,
    })
    await warehouse.run(query('insert_batch'), {
      batch,
      options: JSON.stringify({ ...options, until: isoOf(until), currency: scenario.currency }),
      at: { instant: until },
    })
    // What an attempt before this one left in the session.
    await warehouse.run(query('drop_chunk'))
    await warehouse.run(query('drop_words'))
    await stageWords(warehouse, shop)
    await warehouse.run(query('insert_products'), { batch, prefix: scenario.idPrefix, currency: scenario.currency })
    await warehouse.run(query('insert_non_products'))
  })
}

/** The stories of customers `first` … `last − 1`, and of as many passers-by, into the shop's record. */
function tellStories(shop: Shop, first: number, last: number, random: Random): CustomerTruth[] {
  shop.record.clear()
  const truths: CustomerTruth[] = []
  for (let customer = first; customer < last; customer += 1) {
    const own = random.fork(customer)
    const latent = drawCustomer(shop.scenario, own)
    const visitor = { customer, latent, nextSession: customer * 1000 }
    const life = live(shop, visitor, own)
    const consents = drawConsents(shop, visitor, life, own)
    const unsubscribedAt =
      (consents.granted & emailBit) > 0 ? receiveEmails(shop, visitor, life, consents.leavesAt, own) : -1
    describe(shop, visitor, life, consents, unsubscribedAt, own)
    truths.push(truthOf(shop, visitor, life))
    passBy(shop, customer, own)
  }
  return truths
}

async function writeChunk(warehouse: Warehouse, shop: Shop, base: bigint, work?: Work): Promise<number> {
  const { scenario, record } = shop
  const { events, lines, customers } = record
  const seq = Int32Array.from({ length: events.rows }, (_, index) => index)
  await warehouse.transaction(async () => {
    await warehouse.stage('demo_events', { seq, ...events.columns() }, work)
    await warehouse.stage('demo_lines', lines.columns(), work)
    await warehouse.stage('demo_customers', customers.columns(), work)
    await warehouse.run(query('insert_customers'), { batch, first_names: 12 }, work)
    await warehouse.run(query('insert_consents'), { batch }, work)
    const { currency, country, taxRate, idPrefix } = scenario
    await warehouse.run(
      query('insert_lines'),
      { base, batch, prefix: idPrefix, currency, country, tax_rate: taxRate },
      work,
    )
    await warehouse.run(query('insert_events'), { base, batch, currency }, work)
    await warehouse.run(query('drop_chunk'))
  })
  return events.rows + lines.rows + customers.rows
}

async function finish(
  warehouse: Warehouse,
  shop: Shop,
  records: number,
  customers: number,
  work?: Work,
): Promise<DemoSummary> {
  await warehouse.transaction(async () => {
    await warehouse.run(query('end_batch'), { batch, records })
    await warehouse.run(query('end_demo'))
    await warehouse.run(query('drop_words'))
  })
  await refreshStandings(warehouse)
  await warehouse.checkpoint()
  work?.onProgress?.({ stage: 'making the demo shop', done: customers, total: customers })
  const [counted] = await warehouse.rows<{
    customers: number
    orders: number
    lines: number
    events: number
    first_at: Instant
  }>(query('summary'))
  const { first_at: from, ...counts } = counted!
  const { name, currency, timezone } = shop.scenario
  const until = shop.calendar.endSeconds * 1000
  return { scenario: name, ...counts, products: shop.catalogue.products.length, from, until, currency, timezone }
}

/** Whether the making of a demo shop in this store was stopped before it was done. */
export async function isDemoIncomplete(warehouse: Warehouse): Promise<boolean> {
  const [contents] = await warehouse.rows<{ incomplete: number }>(query('contents'))
  return contents!.incomplete > 0
}

/**
 * Empties a store in which the making of a demo shop was stopped.
 *
 * @throws RapportError `demo.complete` when the store holds anything else
 */
export async function removeIncompleteDemo(warehouse: Warehouse): Promise<void> {
  if (!(await isDemoIncomplete(warehouse))) {
    throw new RapportError('demo.complete', `the store ${warehouse.folder} must hold a demo shop that is not whole`)
  }
  await warehouse.transaction(() => warehouse.run(query('remove_demo')))
  rmSync(truthFileOf(warehouse.folder), { force: true })
}
