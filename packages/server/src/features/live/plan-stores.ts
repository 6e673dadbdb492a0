import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import type { AggregateLeaf, Pattern, Plan, ScoreLeaf, SequenceLeaf, TraitLeaf, Window } from '../defined/plan.ts'
import type { Accumulator, Result } from './accumulator.ts'
import type { ByteReader } from './bytes.ts'
import { calendarGrid } from './calendar-grid.ts'
import { type Grid, rollingGrid, wholeGrid } from './grid.ts'
import { aggregationOf } from './results.ts'
import { marks, Sequence } from './sequence.ts'
import { sessionGrid } from './sessions.ts'
import { Whole } from './whole.ts'
import { Windowed } from './windowed.ts'

/** Facts that a store reads, and what of them. */
export type Reading =
  | { readonly kind: 'aggregate'; readonly pattern: Pattern; readonly of: AggregateLeaf['of'] }
  /** Facts of any of the patterns. */
  | {
      readonly kind: 'weighed'
      readonly patterns: readonly { readonly pattern: Pattern }[]
      readonly of: NonNullable<AggregateLeaf['of']>
    }
  | { readonly kind: 'sequence'; readonly patterns: readonly { readonly mark: number; readonly pattern: Pattern }[] }

/** What every entity of a kind keeps one of: the state of all leaves that differ in their windows only. */
export interface Store {
  readonly entity: FeatureEntity
  /** Its place among the stores of this kind of entity. */
  readonly place: number
  readonly grid: Grid
  readonly windows: Window[]
  /** The oldest bucket that can count, as it was found last. */
  readonly oldest: { asOf: Instant; bucket: number }
  /** When a bucket next comes into a window or goes out of one, as it was found last. */
  readonly nextMove: { asOf: Instant; bucket: number; at: Instant }
  readonly reading: Reading
  readonly make: () => Accumulator
  readonly load: (from: ByteReader) => Accumulator
  /** Of a `never`: how long after a fact it comes true. */
  readonly dueAfterMs: number | null
}

/** `place` is the leaf's in the plan. */
export type PlannedLeaf = { readonly entity: FeatureEntity; readonly place: number } & (
  | {
      readonly kind: 'store'
      readonly store: Store
      readonly window: Window
      readonly result: Result
      /** The value where no fact counts. */
      readonly empty: FeatureValue
    }
  | TraitLeaf
  | ScoreLeaf
)

export interface PlannedStores {
  readonly leaves: readonly PlannedLeaf[]
  readonly byEntity: ReadonlyMap<FeatureEntity, readonly Store[]>
}

/** @param timezone IANA name of the store's time zone */
export function planStores({ leaves }: Plan, timezone: string): PlannedStores {
  const grids = new Map<string, Grid>()
  const stores = new Map<string, Store>()
  const byEntity = new Map<FeatureEntity, Store[]>()

  const gridOf = (window: Window): { readonly name: string; readonly grid: Grid } => {
    const name =
      window.kind === 'rolling' ? `${window.grainMs}` : window.kind === 'calendar' ? window.unit : window.kind
    let grid = grids.get(name)
    if (grid === undefined) {
      if (window.kind === 'rolling') grid = rollingGrid(window.grainMs)
      else if (window.kind === 'calendar') grid = calendarGrid(timezone, window.unit)
      else grid = window.kind === 'session' ? sessionGrid : wholeGrid
      grids.set(name, grid)
    }
    return { name, grid }
  }

  const storeOf = (
    { entity, window }: AggregateLeaf | SequenceLeaf,
    what: unknown,
    more: (grid: Grid) => Pick<Store, 'make' | 'load' | 'reading' | 'dueAfterMs'>,
  ): Store => {
    const { name, grid } = gridOf(window)
    const form = JSON.stringify([entity, name, what])
    let store = stores.get(form)
    if (store === undefined) {
      const own = byEntity.get(entity) ?? []
      store = {
        ...{ entity, place: own.length, grid, windows: [] },
        oldest: { asOf: Number.NaN, bucket: 0 },
        nextMove: { asOf: Number.NaN, bucket: 0, at: Infinity },
        ...more(grid),
      }
      byEntity.set(entity, [...own, store])
      stores.set(form, store)
    }
    if (window.kind !== 'lifetime' && window.kind !== 'session') store.windows.push(window)
    return store
  }

  const planned = leaves.map((leaf, place): PlannedLeaf => {
    if (leaf.kind === 'trait' || leaf.kind === 'score') return { ...leaf, entity: 'customer', place }
    const { entity, window } = leaf
    if (leaf.kind === 'sequence') {
      const rule = { isNever: leaf.isNever, withinMs: leaf.withinMs }
      const patterns = [
        { mark: marks.first, pattern: leaf.first },
        { mark: marks.next, pattern: leaf.next },
        ...(leaf.without ? [{ mark: marks.without, pattern: leaf.without }] : []),
      ]
      const store = storeOf(leaf, [rule, patterns], () => ({
        make: () => new Sequence(rule),
        load: (from) => Sequence.load(rule, from),
        reading: { kind: 'sequence', patterns },
        dueAfterMs: rule.isNever ? rule.withinMs : null,
      }))
      return { kind: 'store', entity, place, store, window, result: () => 0, empty: 0 }
    }
    const { cell, kind, result } = aggregationOf(leaf)
    const store = storeOf(leaf, [cell, leaf.of, leaf.weighed ?? leaf.pattern], (grid) => ({
      make: () => (grid === wholeGrid ? new Whole(kind) : new Windowed(kind)),
      load: (from) => (grid === wholeGrid ? Whole.load(kind, from) : Windowed.load(kind, from)),
      reading:
        leaf.weighed === undefined
          ? { kind: 'aggregate', pattern: leaf.pattern, of: leaf.of }
          : { kind: 'weighed', patterns: leaf.weighed, of: leaf.of! },
      dueAfterMs: null,
    }))
    return { kind: 'store', entity, place, store, window, result, empty: result(undefined as never, 0) }
  })
  return { leaves: planned, byEntity }
}
