import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { EntityKey } from '../defined/interpret.ts'
import type { Plan } from '../defined/plan.ts'
import type { ReadFacts } from '../live/fact-reader.ts'
import type { History } from '../live/history/read-history.ts'
import { WarehouseFacts } from '../live/warehouse-facts.ts'
import { storeBasis } from '../store-facts.ts'
import type { LogReader } from './live-execution.contract.ts'
import { StoredStory } from './stored-story.contract.ts'
import type { Step } from './story.contract.ts'
import type { World } from './world.contract.ts'

/** A story in a store, read as the server reads its log: by SQL, whoever is to be rebuilt or asked for. */
export class StoredLog implements LogReader {
  /** The story's lines of orders come without the events that told of them. */
  readonly hasPositions = false
  private readonly warehouse: Warehouse
  private readonly plan: Plan
  private readonly store: StoredStory
  private reader: WarehouseFacts | undefined

  constructor(warehouse: Warehouse, plan: Plan) {
    this.warehouse = warehouse
    this.plan = plan
    this.store = new StoredStory(warehouse)
  }

  /** As of the latest step. */
  world: World | undefined
  now: Instant = 0

  async told(step: Step, world: World): Promise<void> {
    this.world = world
    this.now = step.now
    await this.store.apply(step, world)
  }

  async read(kind: 'customer' | 'product' | 'category', ids: readonly string[]): Promise<ReadFacts> {
    return (await this.facts()).read(kind, ids)
  }

  async readHistory(clock: Instant): Promise<History> {
    return (await this.facts()).readHistory(clock)
  }

  async readSince(position: number): Promise<ReadFacts> {
    return (await this.facts()).readSince(position)
  }

  async leafValues(entity: FeatureEntity, keys: readonly EntityKey[], leaves: readonly number[], asOf: Instant) {
    return (await this.facts()).leafValues(entity, keys, leaves, asOf)
  }

  async clear(): Promise<void> {
    await this.store.clear()
  }

  private async facts(): Promise<WarehouseFacts> {
    await this.store.write()
    // As a server does, it goes by what the store was like when it started.
    this.reader ??= new WarehouseFacts(this.warehouse, this.plan, await storeBasis(this.warehouse, 0), async () => {})
    return this.reader
  }
}
