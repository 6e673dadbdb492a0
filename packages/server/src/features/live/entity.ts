import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import type { EntityKey, FeatureValue } from '../defined/interpret.ts'
import type { Accumulator, Outcome } from './accumulator.ts'
import { append } from './append.ts'
import { Asked } from './asked.ts'
import type { ByteRange } from './bytes.ts'
import type { FieldValue } from './cells/cell.ts'
import type { PlannedLeaf, Store } from './plan-stores.ts'
import type { Said } from './said.ts'
import { type Sessions, sessionGrid } from './sessions.ts'
import type { Timed } from './timers.ts'
import type { Touched } from './touched.ts'

/** Whose values these are. */
export interface LiveEntity {
  readonly entity: FeatureEntity
  readonly key: EntityKey
}

/** `append` copies it, so that all who have none can share it. */
export const noStores: (Accumulator | undefined)[] = []

/** Everything that is remembered of one entity. */
export class Entity implements LiveEntity, Timed {
  readonly entity: FeatureEntity
  readonly key: EntityKey
  /** By slot of the store; one that no fact touched has none. */
  stores: (Accumulator | undefined)[] = noStores
  sessions: Sessions | undefined
  said: Said | undefined
  dueAt: Instant = Infinity
  /** Facts that carry a later time. */
  waiting = 0
  /** The log's position that it was rebuilt through, which may be ahead of what was taken; −1 where it was not. */
  through = -1
  /** Whether any of its values is asked from the warehouse, and when that was done last. */
  isAsked = false
  askedAt: Instant = -Infinity
  /** Whether it was touched since somebody looked whom to freeze. */
  isRecent = true
  /** What it remembers, as a snapshot has it, until it is needed. */
  frozen: ByteRange | undefined
  /** The batch that touched it last. */
  batch = 0
  /** What facts touched of a customer, and in which batch; undefined where none ever did. */
  touched: Touched | undefined
  touchedIn = -1

  constructor(entity: FeatureEntity, key: EntityKey) {
    this.entity = entity
    this.key = key
  }

  /** @param bucket of the fact in the grid of the store */
  add(store: Store, bucket: number, oldest: number, fact: Fact, value: FieldValue): Outcome {
    let accumulator = this.stores[store.slot]
    if (accumulator === undefined) {
      accumulator = store.make()
      this.put(store, accumulator)
    }
    return accumulator.add(store, bucket, oldest, fact, value)
  }

  put({ slot }: Store, accumulator: Accumulator): void {
    while (this.stores.length <= slot) this.stores = append(this.stores, undefined)
    this.stores[slot] = accumulator
  }

  value(leaf: PlannedLeaf, asOf: Instant): FeatureValue {
    if (leaf.kind !== 'store') return this.said?.value(leaf, asOf) ?? null
    const { store, window, empty } = leaf
    const accumulator = this.stores[store.slot]
    if (accumulator === undefined) return empty
    if (accumulator instanceof Asked) return accumulator.answer(leaf.place) ?? empty
    if (store.grid === sessionGrid) {
      const current = this.sessions?.current ?? Number.NaN
      return accumulator.value(leaf, current, current, asOf)
    }
    return accumulator.value(leaf, store.grid.first(window, asOf), store.grid.last(window, asOf), asOf)
  }

  /**
   * See `LiveValues.leafChangesAt`.
   *
   * @param happens when the next fact of a later time happens, of whomever
   */
  changesAt(leaf: PlannedLeaf, asOf: Instant, happens: Instant): Instant {
    const next = this.waiting > 0 ? happens : Infinity
    if (leaf.kind !== 'store') return Math.min(next, this.said?.changesAt(leaf, asOf) ?? Infinity)
    return Math.min(next, this.stores[leaf.store.slot]?.changesAt(leaf, asOf) ?? Infinity)
  }

  /** From here on the leaves of a store are asked from the warehouse; until an answer comes they are what they were. */
  ask(store: Store, leaves: readonly PlannedLeaf[], asOf: Instant): void {
    const asked = new Asked(store.dueAfterMs !== null)
    for (const leaf of leaves)
      if (leaf.kind === 'store' && leaf.store === store) asked.set(leaf.place, this.value(leaf, asOf))
    this.put(store, asked)
    this.isAsked = true
  }

  bytes(): number {
    const own = 200 + 8 * this.stores.length + this.key.reduce((sum, part) => sum + 32 + part.length, 0)
    if (this.frozen !== undefined) return own + 56 + this.frozen.until - this.frozen.from
    const held = this.stores.reduce((sum, accumulator) => sum + (accumulator?.bytes() ?? 0), 0)
    return own + held + (this.sessions?.bytes() ?? 0) + (this.said?.bytes() ?? 0)
  }
}
