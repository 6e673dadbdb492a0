import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import type { Plan } from '../defined/plan.ts'
import { computeDefined } from '../point-in-time/compute-defined.ts'
import { entityColumns } from '../point-in-time/moments-sql.ts'
import { type EntityValues, type Execution, featuresOf, type PastMoment } from './execution.contract.ts'
import { StoredStory } from './stored-story.contract.ts'
import type { Step } from './story.contract.ts'
import { entityKinds, idOf, type World } from './world.contract.ts'

/** SQL over the store's own tables, all entities of a kind in one statement. */
export class SqlExecution implements Execution {
  readonly name = 'SQL'
  private readonly warehouse: Warehouse
  private readonly plan: Plan
  private readonly store: StoredStory

  constructor(warehouse: Warehouse, plan: Plan, store: StoredStory = new StoredStory(warehouse)) {
    this.warehouse = warehouse
    this.plan = plan
    this.store = store
  }

  async apply(step: Step, world: World): Promise<void> {
    await this.store.apply(step, world)
  }

  async values(asOf: Instant): Promise<EntityValues> {
    await this.store.write()
    const found = new Map<string, readonly FeatureValue[]>()
    for (const entity of entityKinds) {
      const features = featuresOf(this.plan, entity)
      if (features.length === 0) continue
      for (const row of await computeDefined(this.warehouse, this.plan, { entity, asOf }))
        found.set(
          idOf(entity, row.key),
          features.map(({ name }) => row.values[name]!),
        )
    }
    return (entity, key) => found.get(idOf(entity, key)) ?? []
  }

  async past(entity: FeatureEntity, wanted: readonly PastMoment[]): Promise<readonly (readonly FeatureValue[])[]> {
    await this.warehouse.stage('wanted_moments', {
      ...Object.fromEntries(entityColumns[entity].map((column, at) => [column, wanted.map(({ key }) => key[at]!)])),
      as_of: Float64Array.from(wanted, ({ asOf }) => asOf),
    })
    const rows = await computeDefined(this.warehouse, this.plan, { entity, listed: 'wanted_moments' })
    await this.warehouse.run('drop table wanted_moments')
    const found = new Map(rows.map((row) => [JSON.stringify([row.key, row.asOf]), row.values]))
    return wanted.map(({ key, asOf }) => {
      const values = found.get(JSON.stringify([key, asOf]))!
      return featuresOf(this.plan, entity).map(({ name }) => values[name]!)
    })
  }

  async end(): Promise<void> {
    await this.store.clear()
  }
}
