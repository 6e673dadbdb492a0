import { type Instant, RapportError, type Work } from '../../base/index.ts'
import type { StateQueries } from '../../state/index.ts'
import { type Warehouse, withStaged } from '../../warehouse/index.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import { planFeatures } from '../defined/plan-features.ts'
import { servedModels } from '../defined/served-models.ts'
import { storedFeatures } from '../defined/stored-definitions.ts'
import { computeDefined } from './compute-defined.ts'

export interface ValuesAsked {
  /** Ids of customers as they are known now, each once. */
  readonly customers: readonly string[]
  readonly asOf: Instant
  /** Declared features of customers by name. Default: all of them. */
  readonly features?: readonly string[]
}

export interface CustomerValues {
  readonly customerId: string
  /** By feature. */
  readonly values: Readonly<Record<string, FeatureValue>>
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
    if (entity !== 'customer')
      throw new RapportError(
        'features.entity',
        `${name} must be of customers to be asked for theirs, got one of a ${entity}`,
      )
  }
  const wanted = new Set(features ?? declared.map(({ name }) => name))
  const planned = planFeatures(declared, await servedModels(warehouse))
  const plan = {
    ...planned,
    features: planned.features.filter(({ name, entity }) => entity === 'customer' && wanted.has(name)),
  }
  if (plan.features.length === 0 || customers.length === 0)
    return customers.map((customerId) => ({ customerId, values: {} }))
  const columns = { customer_id: customers, as_of: new Float64Array(customers.length).fill(asOf) }
  const rows = await withStaged(warehouse, columns, (listed) => computeDefined(warehouse, plan, { listed }, work), work)
  const found = new Map(rows.map(({ key, values }) => [key[0]!, values]))
  return customers.map((customerId) => ({ customerId, values: found.get(customerId) ?? {} }))
}
