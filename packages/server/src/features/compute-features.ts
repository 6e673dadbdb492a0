import { type Instant, now, RapportError, stopIfAborted, type Work } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { compileFeatures } from './compile.ts'
import { planDeclared } from './declared/declared-sql.ts'
import type { Feature } from './definition.ts'
import { duckdbFeatureDialect } from './feature-dialect.ts'
import type { Moments } from './moments.ts'
import type { StagedCalendar } from './point-in-time/moments-sql.ts'
import { withCalendars } from './point-in-time/staged-calendars.ts'
import { storeCatalogue, storeFacts } from './store-facts.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** The table of the features that hold now. */
export const currentFeatures = 'customer_features'

export interface FeatureRequest {
  /** The moment; with `customers`, the latest of theirs. */
  readonly asOf: Instant
  /** The table that is made or replaced: lower case letters, digits and `_`. Default `customer_features`. */
  readonly table?: string
  /** Features of the catalogue to compute. Default all. */
  readonly names?: readonly string[]
  /**
   * A staged table of (customer_id, as_of in ms), a training set: one row for each pair, whether or not the customer did
   * anything by then. Default: everybody with a purchase or an identified event by `asOf`.
   */
  readonly customers?: string
  /**
   * The definitions to compute, so that scoring uses those that a model was trained on. Default: the store's catalogue
   * as of `asOf`, or as of the earliest moment of `customers`.
   */
  readonly catalogue?: readonly Feature[]
}

export interface ComputedFeatures {
  readonly table: string
  readonly asOf: Instant
  readonly features: readonly Feature[]
  readonly rows: number
}

/**
 * Computes features as of a moment into a table (`customer_id`, `as_of`, one column per feature) and registers it, all in
 * one transaction. With `customers`, features that must stay out of training are left out unless named.
 *
 * @throws RapportError `features.table` when the table's name is not usable, `features.unknown` for a name that is not in
 * the catalogue, `features.moments` when the list of moments cannot be used
 */
export async function computeFeatures(
  warehouse: Warehouse,
  request: FeatureRequest,
  work?: Work,
): Promise<ComputedFeatures> {
  const { asOf, table = currentFeatures } = request
  await checkTable(warehouse, table)
  return withCompiled(warehouse, request, async ({ features, sql }) => {
    work?.onProgress?.({ stage: 'features', done: 0, total: 1 })
    const rows = await warehouse.transaction(async () => {
      const name = duckdbFeatureDialect.identifier(table)
      await warehouse.run(`drop table if exists ${name}`)
      await warehouse.run(`create table ${name} as ${sql}`, undefined, work)
      await warehouse.run(query('unregister'), { table })
      await warehouse.run(query('register'), {
        table,
        as_of: { instant: asOf },
        definitions: JSON.stringify(features),
        computed_at: { instant: now() },
      })
      const [count] = await warehouse.rows<{ n: number }>(`select count(*) as n from ${name}`)
      stopIfAborted(work)
      return count!.n
    })
    work?.onProgress?.({ stage: 'features', done: 1, total: 1 })
    return { table, asOf, features, rows }
  })
}

/** What a request asks for, and the statement that computes it. */
export interface CompiledFeatures {
  readonly features: readonly Feature[]
  readonly sql: string
}

/**
 * Compiles a request and uses the statement, while what it reads beside the store is staged.
 *
 * @throws RapportError `features.unknown` and `features.moments` as `computeFeatures`
 */
export async function withCompiled<Result>(
  warehouse: Warehouse,
  { asOf, customers, names, catalogue }: Omit<FeatureRequest, 'table'>,
  use: (compiled: CompiledFeatures) => Promise<Result>,
): Promise<Result> {
  const earliest = customers === undefined ? asOf : await checkMoments(warehouse, customers, asOf)
  const facts = await storeFacts(warehouse, earliest)
  const all = catalogue ?? (await storeCatalogue(warehouse, earliest, facts))
  const features = chosen(all, names, customers !== undefined)
  const moments: Moments =
    customers === undefined
      ? { kind: 'everyone', asOf }
      : { kind: 'listed', table: duckdbFeatureDialect.identifier(customers) }
  const plan = planDeclared(features)
  const compile = (calendars: readonly StagedCalendar[]): Promise<Result> => {
    const sql = compileFeatures(features, moments, facts, duckdbFeatureDialect, {
      areUndatedTraitsKnown: customers === undefined,
      declared: plan && { plan, calendars },
    })
    return use({ features, sql })
  }
  if (plan === null || customers === undefined) return compile([])
  const { timezone } = facts
  return withCalendars(warehouse, { leaves: plan.leaves, timezone, earliest, latest: asOf }, compile)
}

/** Without names: the whole catalogue, or of it what may be trained on. */
function chosen(
  catalogue: readonly Feature[],
  names: readonly string[] | undefined,
  isTraining: boolean,
): readonly Feature[] {
  if (!names) return isTraining ? catalogue.filter(({ trainable }) => trainable) : catalogue
  const byName = new Map(catalogue.map((feature) => [feature.name, feature]))
  return names.map((name) => {
    const feature = byName.get(name)
    if (feature) return feature
    throw new RapportError('features.unknown', `a feature must be in the catalogue, got ${name}`)
  })
}

async function checkTable(warehouse: Warehouse, table: string): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(table)) {
    throw new RapportError('features.table', `table must be of a-z, 0-9 and _, a letter first, got ${table}`)
  }
  const [found] = await warehouse.rows<{ tables: number; views: number; registered: number }>(query('table_owner'), {
    table,
  })
  if (found!.views > 0 || (found!.tables > 0 && found!.registered === 0)) {
    throw new RapportError('features.table', `table must be new or one of features, got ${table}`)
  }
}

/** @returns the earliest moment listed */
async function checkMoments(warehouse: Warehouse, table: string, asOf: Instant): Promise<Instant> {
  const sql = query('staged_moments').replaceAll('{table}', duckdbFeatureDialect.identifier(table))
  const [found] = await warehouse.rows<{ incomplete: number; repeated: number; late: number; earliest: number | null }>(
    sql,
    { as_of: asOf },
  )
  const { incomplete, repeated, late, earliest } = found!
  if (earliest === null) throw new RapportError('features.moments', 'customers must list at least one row, got none')
  if (incomplete > 0 || repeated > 0 || late > 0) {
    throw new RapportError(
      'features.moments',
      `customers must list each customer and moment once, none after the request's, got ${incomplete} incomplete, ${repeated} repeated and ${late} late rows`,
    )
  }
  return earliest
}
