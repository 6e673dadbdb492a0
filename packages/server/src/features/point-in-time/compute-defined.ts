import type { FeatureEntity } from '@rapport/protocol'
import { type Instant, RapportError, type Work } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { calendarStarts } from '../defined/calendar.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import type { Leaf, Plan } from '../defined/plan.ts'
import { duckdbFeatureDialect as dialect } from '../feature-dialect.ts'
import { storeBasis } from '../store-facts.ts'
import { compileDefined, leavesOf } from './compile-defined.ts'
import { entityColumns, type Moments, type StagedCalendar } from './moments-sql.ts'

/** As of when, and of whom. */
export type DefinedRequest =
  /** All that anything was known of by then. */
  | { readonly entity?: FeatureEntity; readonly asOf: Instant }
  /**
   * Those of a staged table, each as of its own moment, a training set: columns as the entity's (`customer_id`,
   * `product_id`, `category`) and `as_of` in whole ms.
   */
  | { readonly entity?: FeatureEntity; readonly listed: string }

/** An entity's features as of a moment. */
export interface DefinedRow {
  readonly key: readonly string[]
  readonly asOf: Instant
  /** By feature; null is missing. */
  readonly values: Readonly<Record<string, FeatureValue>>
}

let staged = 0

/**
 * Computes a plan's features of one entity and puts them into a new table: the entity's columns, `as_of` and one for each
 * feature.
 *
 * @returns rows
 * @throws RapportError `features.entity` when no feature is of this entity, `features.moments` when the list cannot be used
 */
export async function computeDefinedInto(
  warehouse: Warehouse,
  table: string,
  plan: Plan,
  request: DefinedRequest,
  work?: Work,
): Promise<number> {
  const name = dialect.identifier(table)
  await withSql(warehouse, plan, request, async (sql) => {
    await warehouse.run(`create table ${name} as ${sql}`, undefined, work)
  })
  const [count] = await warehouse.rows<{ n: number }>(`select count(*) as n from ${name}`)
  return count!.n
}

/** The same as rows, by key and moment: for few. */
export async function computeDefined(
  warehouse: Warehouse,
  plan: Plan,
  request: DefinedRequest,
  work?: Work,
): Promise<DefinedRow[]> {
  const entity = request.entity ?? 'customer'
  const keys = entityColumns[entity]
  return await withSql(warehouse, plan, request, async (sql) => {
    const columns = await warehouse.columns(`${sql} order by ${[...keys, 'as_of'].join(', ')}`, undefined, work)
    const [keyTexts, asOf] = [keys.map((key) => columns.keys(key)), columns.numbers('as_of')]
    const features = plan.features
      .filter((feature) => feature.entity === entity)
      .map(({ name, type }) => ({ name, values: type === 'text' ? columns.texts(name) : columns.numbers(name) }))
    return Array.from({ length: columns.rows }, (_, row): DefinedRow => {
      const value = (of: string | number | null): FeatureValue => (Number.isNaN(of) ? null : of)
      return {
        key: keyTexts.map((texts) => texts[row]!),
        asOf: asOf[row]!,
        values: Object.fromEntries(features.map(({ name, values }) => [name, value(values[row]!)])),
      }
    })
  })
}

async function withSql<Result>(
  warehouse: Warehouse,
  plan: Plan,
  request: DefinedRequest,
  use: (sql: string) => Promise<Result>,
): Promise<Result> {
  const entity = request.entity ?? 'customer'
  if (!plan.features.some((feature) => feature.entity === entity))
    throw new RapportError('features.entity', `the features must have one of a ${entity}, got none`)
  if ('asOf' in request) {
    const store = await storeBasis(warehouse, request.asOf)
    return await use(compileDefined(plan, entity, { kind: 'one', asOf: request.asOf }, store, dialect))
  }
  const { earliest, latest } = await checkListed(warehouse, request.listed, entity)
  const store = await storeBasis(warehouse, earliest)
  const calendars: StagedCalendar[] = []
  try {
    for (const [unit, agos] of calendarNeeds([...leavesOf(plan, entity).values()])) {
      staged += 1
      const table = `calendar_periods_${staged}`
      const most = Math.max(...agos)
      const starts = calendarStarts(store.timezone, unit, most, earliest, latest)
      await warehouse.stage(table, periodColumns(starts, most, agos))
      calendars.push({ unit, table, agos })
    }
    const moments: Moments = { kind: 'listed', table: dialect.identifier(request.listed), calendars }
    return await use(compileDefined(plan, entity, moments, store, dialect))
  } finally {
    for (const { table } of calendars) await warehouse.run(`drop table ${table}`)
  }
}

/** Which periods before the current one are looked at, by unit. */
function calendarNeeds(leaves: readonly Leaf[]) {
  const needs = new Map<StagedCalendar['unit'], number[]>()
  for (const leaf of leaves) {
    if (!('window' in leaf) || leaf.window.kind !== 'calendar') continue
    const { unit, ago } = leaf.window
    needs.set(unit, [...new Set([...(needs.get(unit) ?? []), ago])])
  }
  return needs
}

/** @param most periods before the first that is somebody's own */
function periodColumns(starts: readonly Instant[], most: number, agos: readonly number[]) {
  // Of a day that a zone skips there is no moment: it begins as the next one does, which is the one that counts.
  const own = [...starts.keys()].filter((at) => at >= most && at + 1 < starts.length && starts[at] !== starts[at + 1])
  const column = (step: number): Float64Array => Float64Array.from(own, (at) => starts[at + step]!)
  return {
    start: column(0),
    ...Object.fromEntries(
      agos.flatMap((ago) => [
        [`from_${ago}`, column(-ago)],
        [`until_${ago}`, column(1 - ago)],
      ]),
    ),
  }
}

async function checkListed(
  warehouse: Warehouse,
  table: string,
  entity: FeatureEntity,
): Promise<{ readonly earliest: Instant; readonly latest: Instant }> {
  const keys = entityColumns[entity]
  const wrong = `as_of is null or as_of <> floor(as_of) or ${keys.map((key) => `${key} is null`).join(' or ')}`
  const [found] = await warehouse.rows<{ wrong: number; earliest: number | null; latest: number }>(
    `select count(*) filter (where ${wrong}) as wrong, min(as_of) as earliest, max(as_of) as latest
     from ${dialect.identifier(table)}`,
  )
  if (found!.wrong > 0)
    throw new RapportError(
      'features.moments',
      `${table} must have ${keys.join(', ')} and as_of in whole milliseconds in every row, got ${found!.wrong} without`,
    )
  if (found!.earliest === null)
    throw new RapportError('features.moments', `${table} must list at least one row, got none`)
  return { earliest: found!.earliest, latest: found!.latest }
}
