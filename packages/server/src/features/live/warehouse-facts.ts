import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { EntityKey, FeatureValue } from '../defined/interpret.ts'
import type { Plan, PlannedFeature } from '../defined/plan.ts'
import { typeOfLeaf } from '../defined/plan-features.ts'
import { computeDefined } from '../point-in-time/compute-defined.ts'
import { entityColumns } from '../point-in-time/moments-sql.ts'
import { needsOf } from '../point-in-time/needs.ts'
import { type KnownFacts, readFacts, readFactsInBlocks, type WantedFacts } from '../point-in-time/read-facts.ts'
import type { StoreBasis } from '../source-sql.ts'
import { storeBasis } from '../store-facts.ts'
import type { FactReader, ReadFacts } from './fact-reader.ts'
import { type History, readHistory } from './history/read-history.ts'

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
    return this.warehouse.transaction(async () => {
      const position = await this.position()
      const basis = await this.basis()
      const wanted = { kind, ids } as const
      const { facts, traits, scores } = await readFactsInBlocks(this.warehouse, needsOf(this.plan), basis, wanted)
      return { position, facts, traits: once(traits), scores: once(scores) }
    })
  }

  async readSince(position: number): Promise<ReadFacts> {
    await this.settle()
    return this.readWanted({ kind: 'since', position })
  }

  async readHistory(clock: Instant): Promise<History> {
    await this.settle()
    // Nothing is taken into the warehouse between the cursor and the reading.
    return this.warehouse.transaction(async () =>
      readHistory(this.warehouse, this.plan, await this.basis(), { position: await this.position(), clock }),
    )
  }

  /** By one statement, on the warehouse's threads: a customer may have a million facts. */
  leafValues(
    entity: FeatureEntity,
    keys: readonly EntityKey[],
    leaves: readonly number[],
    asOf: Instant,
  ): Promise<{ readonly position: number; readonly values: readonly (readonly FeatureValue[])[] }> {
    const plan = { leaves: this.plan.leaves, features: leaves.map((leaf) => leafAsFeature(this.plan, entity, leaf)) }
    const table = `wanted_leaves_of_${entity.replace('-', '_')}`
    return this.warehouse.transaction(async () => {
      const position = await this.position()
      await this.warehouse.stage(table, {
        ...Object.fromEntries(entityColumns[entity].map((column, part) => [column, keys.map((key) => key[part]!)])),
        as_of: new Float64Array(keys.length).fill(asOf),
      })
      try {
        const rows = await computeDefined(this.warehouse, plan, { entity, listed: table })
        const found = new Map(rows.map(({ key, values }) => [JSON.stringify(key), values]))
        return {
          position,
          values: keys.map((key) => leaves.map((leaf) => found.get(JSON.stringify(key))![nameOf(leaf)]!)),
        }
      } finally {
        await this.warehouse.run(`drop table ${table}`)
      }
    })
  }

  private async readWanted(wanted: WantedFacts): Promise<ReadFacts> {
    const { position, known } = await this.readAtOnce(wanted)
    return { position, facts: once(known.facts), traits: once(known.traits), scores: once(known.scores) }
  }

  private readAtOnce(wanted: WantedFacts): Promise<{ readonly position: number; readonly known: KnownFacts }> {
    return this.warehouse.transaction(async () => ({
      position: await this.position(),
      known: await readFacts(this.warehouse, needsOf(this.plan), await this.basis(), wanted),
    }))
  }

  /** Currency and zone stay as they were; where lines are read is another place once customers were joined. */
  private async basis(): Promise<StoreBasis> {
    const { lines } = await storeBasis(this.warehouse, 0)
    return { ...this.store, lines }
  }

  private async position(): Promise<number> {
    const [row] = await this.warehouse.rows<{ position: number }>(query('position'))
    return row!.position
  }
}

const nameOf = (leaf: number): string => `leaf_value_${leaf}`

function leafAsFeature({ leaves }: Plan, entity: FeatureEntity, leaf: number): PlannedFeature {
  return { name: nameOf(leaf), entity, type: typeOfLeaf(leaves[leaf]!), tree: { kind: 'leaf', leaf } }
}

async function* once<Item>(items: readonly Item[]): AsyncGenerator<readonly Item[]> {
  if (items.length > 0) yield items
}
