import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import type { EntityKey, FeatureValue } from '../defined/interpret.ts'
import type { Accumulator, Outcome } from './accumulator.ts'
import type { FieldValue } from './cells/cell.ts'
import type { PlannedLeaf, Store } from './plan-stores.ts'
import type { Said } from './said.ts'
import { type Sessions, sessionGrid } from './sessions.ts'
import type { Timed } from './timers.ts'

/** Whose values these are. */
export interface LiveEntity {
  readonly entity: FeatureEntity
  readonly key: EntityKey
}

/** Everything that is remembered of one entity. */
export class Entity implements LiveEntity, Timed {
  readonly entity: FeatureEntity
  readonly key: EntityKey
  /** By place of the store; a store that no fact touched has none. */
  readonly stores: (Accumulator | undefined)[] = []
  sessions: Sessions | undefined
  said: Said | undefined
  dueAt: Instant = Infinity
  /** When facts that carry a later time happen; unordered, most have none. */
  waiting: Instant[] | undefined
  /** The batch that touched it last. */
  batch = 0

  constructor(entity: FeatureEntity, key: EntityKey) {
    this.entity = entity
    this.key = key
  }

  /** @param bucket of the fact in the grid of the store */
  add(store: Store, bucket: number, oldest: number, fact: Fact, value: FieldValue): Outcome {
    let accumulator = this.stores[store.place]
    if (accumulator === undefined) {
      accumulator = store.make()
      while (this.stores.length < store.place) this.stores.push(undefined)
      this.stores[store.place] = accumulator
    }
    return accumulator.add(bucket, oldest, fact, value)
  }

  value(leaf: PlannedLeaf, asOf: Instant): FeatureValue {
    if (leaf.kind !== 'store') return this.said?.value(leaf, asOf) ?? null
    const { store, window, result, empty } = leaf
    const accumulator = this.stores[store.place]
    if (accumulator === undefined) return empty
    if (store.grid === sessionGrid) {
      const current = this.sessions?.current ?? Number.NaN
      return accumulator.value(current, current, asOf, result)
    }
    return accumulator.value(store.grid.first(window, asOf), store.grid.last(window, asOf), asOf, result)
  }

  /** See `LiveValues.leafChangesAt`. */
  changesAt(leaf: PlannedLeaf, asOf: Instant): Instant {
    const happens = this.waiting?.reduce((least, at) => (at > asOf && at < least ? at : least), Infinity) ?? Infinity
    if (leaf.kind !== 'store') return Math.min(happens, this.said?.changesAt(leaf, asOf) ?? Infinity)
    const { store, window } = leaf
    return Math.min(happens, this.stores[store.place]?.changesAt(store.grid, window, asOf) ?? Infinity)
  }

  bytes(): number {
    const own = 200 + 8 * this.stores.length + this.key.reduce((sum, part) => sum + 32 + part.length, 0)
    const held = this.stores.reduce((sum, accumulator) => sum + (accumulator?.bytes() ?? 0), 0)
    return own + held + (this.sessions?.bytes() ?? 0) + (this.said?.bytes() ?? 0) + 8 * (this.waiting?.length ?? 0)
  }
}
