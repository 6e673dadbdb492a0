import { type Instant, newId, type Work } from '../../base/index.ts'
import { type Warehouse, withStaged } from '../../warehouse/index.ts'
import { greatestPairs, type PairEntity, type PairValues, pairFeatures } from '../defined/pair-values.ts'
import type { Plan } from '../defined/plan.ts'
import { duckdbFeatureDialect as dialect } from '../feature-dialect.ts'
import { storeBasis } from '../store-facts.ts'
import { leavesOfEntity } from './compile-defined.ts'
import { computeDefined, type DefinedRow } from './compute-defined.ts'
import { valueSql } from './condition-sql.ts'
import { factSql } from './fact-sql.ts'
import { entityColumns } from './moments-sql.ts'
import { entityFields, needsOf } from './needs.ts'

/**
 * What the features of pairs of a plan come to as of a moment, of each of some customers: the greatest of each feature, in
 * the order of the plan. Facts of these customers are read twice, to find their pairs and to count.
 *
 * @param customers ids as they are known now, each once
 */
export async function pairsAsOf(
  warehouse: Warehouse,
  plan: Plan,
  customers: readonly string[],
  asOf: Instant,
  work?: Work,
): Promise<ReadonlyMap<string, readonly PairValues[]>> {
  const features = pairFeatures(plan)
  const found = new Map<string, PairValues[]>(customers.map((id) => [id, []]))
  if (features.length === 0 || customers.length === 0) return found
  const rows = new Map<PairEntity, ReadonlyMap<string, readonly DefinedRow[]>>()
  for (const entity of new Set(features.map((feature) => feature.entity)))
    rows.set(entity, byCustomer(await rowsOf(warehouse, { ...plan, features }, entity, customers, asOf, work)))
  for (const feature of features)
    for (const [id, pairs] of found) {
      const theirs = rows.get(feature.entity)!.get(id) ?? []
      const values = theirs.map(({ key, values }) => ({ key: key[1]!, value: values[feature.name]! }))
      pairs.push(greatestPairs(plan, feature, values))
    }
  return found
}

function byCustomer(rows: readonly DefinedRow[]): ReadonlyMap<string, readonly DefinedRow[]> {
  const found = new Map<string, DefinedRow[]>()
  for (const row of rows) {
    const theirs = found.get(row.key[0]!)
    if (theirs === undefined) found.set(row.key[0]!, [row])
    else theirs.push(row)
  }
  return found
}

async function rowsOf(
  warehouse: Warehouse,
  plan: Plan,
  entity: PairEntity,
  customers: readonly string[],
  asOf: Instant,
  work?: Work,
): Promise<readonly DefinedRow[]> {
  const store = await storeBasis(warehouse, asOf)
  const needs = needsOf({ leaves: [...leavesOfEntity(plan, entity).values()] })
  const other = entityColumns[entity][1]!
  return withStaged(
    warehouse,
    { id: customers },
    async (wanted) => {
      const where = `fact.customer_id in (select id from ${wanted})`
      const known = (['event', 'line'] as const).flatMap((kind) => {
        const names = needs[kind]?.names
        if (names === undefined) return []
        const sql = factSql({ kind, needs: { names, fields: entityFields[entity] }, store, dialect, where })
        return `select customer_id, ${valueSql(other, 'text', dialect)} as ${other} from (${sql}) as fact`
      })
      const listed = newId('pairs')
      const pairs = `select distinct *, ${asOf}::double as as_of from (${known.join(' union all ')}) where ${other} is not null`
      await warehouse.run(`create table ${listed} as ${pairs}`, undefined, work)
      try {
        const [some] = await warehouse.rows<{ n: number }>(`select count(*) as n from ${listed}`)
        return some!.n === 0 ? [] : await computeDefined(warehouse, plan, { entity, listed }, work)
      } finally {
        await warehouse.run(`drop table ${listed}`)
      }
    },
    work,
  )
}
