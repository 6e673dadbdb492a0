import { type Instant, RapportError, type Work } from '../../base/index.ts'
import type { StateQueries } from '../../state/index.ts'
import { type Warehouse, withStaged } from '../../warehouse/index.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import { isPair, type PairValues } from '../defined/pair-values.ts'
import type { Plan } from '../defined/plan.ts'
import { planFeatures } from '../defined/plan-features.ts'
import { servedModels } from '../defined/served-models.ts'
import { storedFeatures } from '../defined/stored-definitions.ts'
import { computeDefined } from './compute-defined.ts'
import { pairsAsOf } from './pairs-as-of.ts'

export interface ValuesAsked {
  /** Ids of customers as they are known now, each once. */
  readonly customers: readonly string[]
  readonly asOf: Instant
  /** Declared features of customers, or of them with a product or category, by name. Default: all of them. */
  readonly features?: readonly string[]
}

export interface CustomerValues {
  readonly customerId: string
  /** By feature. */
  readonly values: Readonly<Record<string, FeatureValue>>
  /** Features of the customer with products or categories. */
  readonly pairs: readonly PairValues[]
}

/**
 * Declared features of some customers as of a moment, by the SQL that training sets are made with: nothing counts that
 * happened later, or was received later.
 *
 * @throws RapportError `features.undeclared` for a name of none, `features.entity` for one that is not of customers
 */
export async function valuesAsOf(
  warehouse: Warehouse,
  queries: StateQueries,
  { customers, asOf, features }: ValuesAsked,
  work?: Work,
): Promise<readonly CustomerValues[]> {
  const declared = (await storedFeatures(queries)).map(({ definition }) => definition)
  const entities = new Map(declared.map(({ name, entity }) => [name, entity]))
  for (const name of features ?? []) {
    const entity = entities.get(name)
    if (entity === undefined)
      throw new RapportError('features.undeclared', `the feature must be one that is declared, got ${name}`)
    if (entity !== 'customer' && !isPair(entity))
      throw new RapportError(
        'features.entity',
        `${name} must be of customers, or of them with a product or category, to be asked for theirs, got one of a ${entity}`,
      )
  }
  const wanted = new Set(features ?? declared.map(({ name }) => name))
  const planned = planFeatures(declared, await servedModels(warehouse))
  const plan = { ...planned, features: planned.features.filter(({ name }) => wanted.has(name)) }
  const values = await ownValues(warehouse, plan, customers, asOf, work)
  const pairs = await pairsAsOf(warehouse, plan, customers, asOf, work)
  return customers.map((customerId) => ({
    customerId,
    values: values.get(customerId) ?? {},
    pairs: pairs.get(customerId)!,
  }))
}

async function ownValues(
  warehouse: Warehouse,
  plan: Plan,
  customers: readonly string[],
  asOf: Instant,
  work?: Work,
): Promise<ReadonlyMap<string, CustomerValues['values']>> {
  const features = plan.features.filter(({ entity }) => entity === 'customer')
  if (features.length === 0 || customers.length === 0) return new Map()
  const columns = { customer_id: customers, as_of: new Float64Array(customers.length).fill(asOf) }
  const compute = (listed: string) => computeDefined(warehouse, { ...plan, features }, { listed }, work)
  const rows = await withStaged(warehouse, columns, compute, work)
  return new Map(rows.map(({ key, values }) => [key[0]!, values]))
}
