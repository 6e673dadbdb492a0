import type { FeatureEntity } from '@rapport/protocol'
import { type Instant, RapportError, type Work } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import type { Plan } from '../defined/plan.ts'
import { duckdbFeatureDialect as dialect } from '../feature-dialect.ts'
import type { StoreBasis } from '../source-sql.ts'
import { storeBasis } from '../store-facts.ts'
import { compileDefined, leavesOfEntity } from './compile-defined.ts'
import { entityColumns, type MomentBlock, type Moments } from './moments-sql.ts'
import { withCalendars } from './staged-calendars.ts'

/** As of when, and of whom. */
export type DefinedRequest =
  /** All that anything was known of by then; with `isMeant` all of whom something was that counts, or a share of them. */
  | {
      readonly entity?: FeatureEntity
      readonly asOf: Instant
      readonly isMeant?: boolean
      readonly share?: MomentBlock
      /** As of the moment, where it is known already. Default: it is looked up. */
      readonly store?: StoreBasis
    }
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

/**
 * How many rows of a list are computed at once: what is added up for each stays in memory. A million rows over 20 million
 * events take half the time in ten parts that they take at once.
 */
const rowsAtOnce = 100_000

/**
 * Computes a plan's features of one entity and puts them into a new table: the entity's columns, `as_of` and one for each
 * feature. All or nothing; not to be called within a transaction.
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
  await withSql(warehouse, plan, request, rowsAtOnce, async (parts) => {
    await warehouse.transaction(async () => {
      for (const [done, sql] of parts.entries()) {
        work?.onProgress?.({ stage: 'features', done, total: parts.length })
        await warehouse.run(
          done === 0 ? `create table ${name} as ${sql}` : `insert into ${name} ${sql}`,
          undefined,
          work,
        )
      }
    })
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
  return await withSql(warehouse, plan, request, Number.POSITIVE_INFINITY, async ([sql]) => {
    const columns = await warehouse.columns(`${sql} order by ${[...keys, 'as_of'].join(', ')}`, undefined, work)
    const [keyTexts, asOf] = [keys.map((key) => columns.keys(key)), columns.numbers('as_of')]
    const features = plan.features
      .filter((feature) => feature.entity === entity)
      .map(({ name, type }) => ({ name, values: type === 'text' ? columns.texts(name) : columns.numbers(name) }))
    const value = (of: string | number | null): FeatureValue => (Number.isNaN(of) ? null : of)
    return Array.from({ length: columns.rows }, (_, row) => ({
      key: keyTexts.map((texts) => texts[row]!),
      asOf: asOf[row]!,
      values: Object.fromEntries(features.map(({ name, values }) => [name, value(values[row]!)])),
    }))
  })
}

/** An entity's features as of a moment, column by column: for everybody. */
export interface DefinedColumns {
  readonly rows: number
  /** `[rows]` for each of the columns that the entity is called by. */
  readonly keys: readonly (readonly string[])[]
  /** `[rows]` of each feature by its name: numbers, NaN where missing, or texts, null where missing. */
  readonly values: ReadonlyMap<string, Float64Array | readonly (string | null)[]>
}

/** The same as columns, in no particular order. */
export async function readDefined(
  warehouse: Warehouse,
  plan: Plan,
  request: DefinedRequest,
  work?: Work,
): Promise<DefinedColumns> {
  const entity = request.entity ?? 'customer'
  return await withSql(warehouse, plan, request, Number.POSITIVE_INFINITY, async ([sql]) => {
    const columns = await warehouse.columns(sql!, undefined, work)
    const features = plan.features.filter((feature) => feature.entity === entity)
    return {
      rows: columns.rows,
      keys: entityColumns[entity].map((key) => columns.keys(key)),
      values: new Map(
        features.map(({ name, type }) => [name, type === 'text' ? columns.texts(name) : columns.numbers(name)]),
      ),
    }
  })
}

/** One statement, or as many as the rows of a list take. */
async function withSql<Result>(
  warehouse: Warehouse,
  plan: Plan,
  request: DefinedRequest,
  most: number,
  use: (parts: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const entity = request.entity ?? 'customer'
  if (!plan.features.some((feature) => feature.entity === entity))
    throw new RapportError('features.entity', `the features must have one of a ${entity}, got none`)
  if ('asOf' in request) {
    const { entity: _, store = await storeBasis(warehouse, request.asOf), ...moment } = request
    return await use([compileDefined(plan, entity, { kind: 'one', ...moment }, store, dialect)])
  }
  const { rows, earliest, latest } = await checkListed(warehouse, request.listed, entity)
  const store = await storeBasis(warehouse, earliest)
  const table = dialect.identifier(request.listed)
  const leaves = [...leavesOfEntity(plan, entity).values()]
  const of = Math.ceil(rows / most) || 1
  return await withCalendars(warehouse, { leaves, timezone: store.timezone, earliest, latest }, async (calendars) => {
    const parts = Array.from({ length: of }, (_, index): Moments => {
      return { kind: 'listed', table, calendars, ...(of > 1 ? { block: { index, of } } : {}) }
    })
    return await use(parts.map((moments) => compileDefined(plan, entity, moments, store, dialect)))
  })
}

async function checkListed(
  warehouse: Warehouse,
  table: string,
  entity: FeatureEntity,
): Promise<{ readonly rows: number; readonly earliest: Instant; readonly latest: Instant }> {
  const keys = entityColumns[entity]
  const wrong = `as_of is null or as_of <> floor(as_of) or ${keys.map((key) => `${key} is null`).join(' or ')}`
  const [found] = await warehouse.rows<{ rows: number; wrong: number; earliest: number | null; latest: number }>(
    `select count(*) as rows, count(*) filter (where ${wrong}) as wrong, min(as_of) as earliest, max(as_of) as latest
     from ${dialect.identifier(table)}`,
  )
  if (found!.wrong > 0)
    throw new RapportError(
      'features.moments',
      `${table} must have ${keys.join(', ')} and as_of in whole milliseconds in every row, got ${found!.wrong} without`,
    )
  if (found!.earliest === null)
    throw new RapportError('features.moments', `${table} must list at least one row, got none`)
  return { rows: found!.rows, earliest: found!.earliest, latest: found!.latest }
}
