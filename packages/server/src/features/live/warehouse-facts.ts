import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import { type EntityKey, type FeatureValue, interpretLeaf } from '../defined/interpret.ts'
import type { Plan } from '../defined/plan.ts'
import { needsOf } from '../point-in-time/needs.ts'
import { type KnownFacts, readAllFacts, readFacts, type WantedFacts } from '../point-in-time/read-facts.ts'
import type { StoreBasis } from '../source-sql.ts'
import type { FactReader, ReadFacts } from './fact-reader.ts'

const query = readQueries(new URL('./live.sql', import.meta.url))

/** Reads the facts of a plan out of the warehouse, each time with the position of the log that they are true to. */
export class WarehouseFacts implements FactReader {
  private readonly warehouse: Warehouse
  private readonly plan: Plan
  private readonly store: StoreBasis
  private readonly settle: () => Promise<void>

  /** @param settle resolves when every event that was written before is in the warehouse */
  constructor(warehouse: Warehouse, plan: Plan, store: StoreBasis, settle: () => Promise<void>) {
    this.warehouse = warehouse
    this.plan = plan
    this.store = store
    this.settle = settle
  }

  read(kind: 'customer' | 'product' | 'category', ids: readonly string[]): Promise<ReadFacts> {
    return this.readWanted({ kind, ids })
  }

  async readSince(position: number): Promise<ReadFacts> {
    await this.settle()
    return this.readWanted({ kind: 'since', position })
  }

  async readAll(): Promise<ReadFacts> {
    await this.settle()
    // Nothing is taken into the warehouse between the cursor and the reading.
    return this.warehouse.transaction(async () => {
      const position = await this.position()
      const { facts, traits, scores } = await readAllFacts(this.warehouse, needsOf(this.plan), this.store)
      return { position, facts, traits: once(traits), scores: once(scores) }
    })
  }

  async leafValues(
    entity: FeatureEntity,
    key: EntityKey,
    leaves: readonly number[],
    asOf: Instant,
  ): Promise<{ readonly position: number; readonly values: readonly FeatureValue[] }> {
    const kind = entity === 'product' || entity === 'category' ? entity : 'customer'
    const { position, known } = await this.readAtOnce({ kind, ids: [key[0]!] })
    const history = { ...known, timezone: this.store.timezone }
    return { position, values: leaves.map((leaf) => interpretLeaf(this.plan.leaves[leaf]!, history, key, asOf)) }
  }

  private async readWanted(wanted: WantedFacts): Promise<ReadFacts> {
    const { position, known } = await this.readAtOnce(wanted)
    return { position, facts: once(known.facts), traits: once(known.traits), scores: once(known.scores) }
  }

  private readAtOnce(wanted: WantedFacts): Promise<{ readonly position: number; readonly known: KnownFacts }> {
    return this.warehouse.transaction(async () => ({
      position: await this.position(),
      known: await readFacts(this.warehouse, needsOf(this.plan), this.store, wanted),
    }))
  }

  private async position(): Promise<number> {
    const [row] = await this.warehouse.rows<{ position: number }>(query('position'))
    return row!.position
  }
}

async function* once<Item>(items: readonly Item[]): AsyncGenerator<readonly Item[]> {
  if (items.length > 0) yield items
}
