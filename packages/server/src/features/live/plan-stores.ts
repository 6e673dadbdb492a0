import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import type { AggregateLeaf, Pattern, Plan, ScoreLeaf, SequenceLeaf, TraitLeaf, Window } from '../defined/plan.ts'
import type { Accumulator, Result } from './accumulator.ts'
import type { ByteReader } from './bytes.ts'
import { calendarGrid } from './calendar-grid.ts'
import type { NumbersResult } from './cells/number-cell.ts'
import { type Column, type ColumnGroup, Columns } from './columns.ts'
import { type Grid, rollingGrid, wholeGrid } from './grid.ts'
import { type Aggregation, aggregationOf } from './results.ts'
import { Rows } from './rows.ts'
import { marks, Sequence } from './sequence.ts'
import { sessionGrid } from './sessions.ts'
import { Whole } from './whole.ts'
import { WholeNumbers } from './whole-numbers.ts'
import { Windowed } from './windowed.ts'

/** Facts that a store reads, and what of them. */
export type Reading =
  /** What its columns ask for. */
  | { readonly kind: 'numbers'; readonly pattern: Pattern }
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
  /** Where an entity has what it remembers of it; stores of numbers over all of history share one. */
  readonly slot: number
  readonly grid: Grid
  readonly windows: Window[]
  /** Of numbers; empty of others. */
  readonly group: ColumnGroup
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
export interface StoreLeaf {
  readonly entity: FeatureEntity
  readonly place: number
  readonly kind: 'store'
  readonly store: Store
  readonly window: Window
  readonly result: Result
  /** Where a store is of numbers, which of them. */
  readonly numbers: (Column & { readonly result: NumbersResult }) | null
  /** The value where no fact counts. */
  readonly empty: FeatureValue
}

export type PlannedLeaf =
  | StoreLeaf
  | ({ readonly entity: FeatureEntity; readonly place: number } & (TraitLeaf | ScoreLeaf))

export interface PlannedStores {
  readonly leaves: readonly PlannedLeaf[]
  readonly byEntity: ReadonlyMap<FeatureEntity, readonly Store[]>
}

/** By slot: one of the stores that have it. */
export function slotsOf(stores: readonly Store[]): readonly Store[] {
  const slots: Store[] = []
  for (const store of stores) slots[store.slot] ??= store
  return slots
}

type Kept = Pick<Store, 'make' | 'load' | 'reading' | 'dueAfterMs' | 'group'>

/** @param timezone IANA name of the store's time zone */
export function planStores({ leaves }: Plan, timezone: string): PlannedStores {
  const planning = new Planning(timezone)
  return { leaves: leaves.map((leaf, place) => planning.leaf(leaf, place)), byEntity: planning.byEntity }
}

class Planning {
  readonly byEntity = new Map<FeatureEntity, Store[]>()
  private readonly timezone: string
  private readonly grids = new Map<string, Grid>()
  private readonly stores = new Map<string, Store>()
  private readonly slots = new Map<FeatureEntity, Map<string, number>>()
  private readonly columns = new Map<string, Columns>()

  constructor(timezone: string) {
    this.timezone = timezone
  }

  leaf(leaf: Plan['leaves'][number], place: number): PlannedLeaf {
    if (leaf.kind === 'trait' || leaf.kind === 'score') return { ...leaf, entity: 'customer', place }
    const { entity, window } = leaf
    if (leaf.kind === 'sequence')
      return {
        ...{ kind: 'store', entity, place, window, store: this.sequence(leaf) },
        ...{ result: () => 0, numbers: null, empty: 0 },
      }
    const aggregation = aggregationOf(leaf)
    if (aggregation.kind === 'numbers') return this.numbers(leaf, aggregation, place)
    const { result } = aggregation
    return {
      ...{ kind: 'store', entity, place, window, store: this.cell(leaf, aggregation) },
      ...{ result, numbers: null, empty: result(undefined as never, 0) },
    }
  }

  private sequence(leaf: SequenceLeaf): Store {
    const rule = { isNever: leaf.isNever, withinMs: leaf.withinMs }
    const patterns = [
      { mark: marks.first, pattern: leaf.first },
      { mark: marks.next, pattern: leaf.next },
      ...(leaf.without ? [{ mark: marks.without, pattern: leaf.without }] : []),
    ]
    return this.store(leaf, [rule, patterns], () => ({
      make: () => new Sequence(rule),
      load: (from) => Sequence.load(rule, from),
      reading: { kind: 'sequence', patterns },
      ...{ group: [], dueAfterMs: rule.isNever ? rule.withinMs : null },
    }))
  }

  private cell(leaf: AggregateLeaf, { name, cell }: Extract<Aggregation, { kind: 'cell' }>): Store {
    return this.store(leaf, [name, leaf.of, leaf.weighed ?? leaf.pattern], (grid) => ({
      make: () => (grid === wholeGrid ? new Whole(cell) : new Windowed(cell)),
      load: (from) => (grid === wholeGrid ? Whole.load(cell, from) : Windowed.load(cell, from)),
      reading:
        leaf.weighed === undefined
          ? { kind: 'aggregate', pattern: leaf.pattern, of: leaf.of }
          : { kind: 'weighed', patterns: leaf.weighed, of: leaf.of! },
      ...{ group: [], dueAfterMs: null },
    }))
  }

  /** All numbers of one pattern and grid are one store, and those over all of history one array. */
  private numbers(
    leaf: AggregateLeaf,
    { name, cell, result, empty }: Extract<Aggregation, { kind: 'numbers' }>,
    place: number,
  ): StoreLeaf {
    const { entity, window, pattern, of } = leaf
    const { name: gridName, grid } = this.grid(window)
    const isWhole = grid === wholeGrid
    const form = JSON.stringify([entity, gridName, isWhole ? null : pattern])
    let columns = this.columns.get(form)
    if (columns === undefined) {
      columns = new Columns(isWhole ? 0 : 1)
      this.columns.set(form, columns)
    }
    const all = columns
    const group: Column[] = []
    const store = this.store(
      leaf,
      ['numbers', pattern],
      (): Kept => ({
        make: () => (isWhole ? new WholeNumbers(all) : new Rows(all)),
        load: (from) => (isWhole ? WholeNumbers.load(all, from) : Rows.load(all, from)),
        reading: { kind: 'numbers', pattern },
        ...{ group, dueAfterMs: null },
      }),
      isWhole ? 'numbers' : undefined,
    )
    const column = all.column(JSON.stringify([pattern, name, of]), { cell, of }, store.group as Column[])
    return {
      ...{ kind: 'store', entity, place, store, window, empty },
      ...{ result: () => empty, numbers: { ...column, result } },
    }
  }

  /**
   * The store of a form, made where there is none.
   *
   * @param shared name of the slot that it shares with others. Default: it has one of its own
   */
  private store(
    { entity, window }: AggregateLeaf | SequenceLeaf,
    what: unknown,
    kept: (grid: Grid) => Kept,
    shared?: string,
  ): Store {
    const { name, grid } = this.grid(window)
    const form = JSON.stringify([entity, name, what])
    let store = this.stores.get(form)
    if (store === undefined) {
      const own = this.byEntity.get(entity) ?? []
      store = {
        ...{ entity, place: own.length, slot: this.slot(entity, shared ?? form), grid, windows: [] },
        oldest: { asOf: Number.NaN, bucket: 0 },
        nextMove: { asOf: Number.NaN, bucket: 0, at: Infinity },
        ...kept(grid),
      }
      this.byEntity.set(entity, [...own, store])
      this.stores.set(form, store)
    }
    if (window.kind !== 'lifetime' && window.kind !== 'session') store.windows.push(window)
    return store
  }

  private slot(entity: FeatureEntity, name: string): number {
    let slots = this.slots.get(entity)
    if (slots === undefined) {
      slots = new Map()
      this.slots.set(entity, slots)
    }
    const slot = slots.get(name) ?? slots.size
    slots.set(name, slot)
    return slot
  }

  private grid(window: Window): { readonly name: string; readonly grid: Grid } {
    const name =
      window.kind === 'rolling' ? `${window.grainMs}` : window.kind === 'calendar' ? window.unit : window.kind
    let grid = this.grids.get(name)
    if (grid === undefined) {
      if (window.kind === 'rolling') grid = rollingGrid(window.grainMs)
      else if (window.kind === 'calendar') grid = calendarGrid(this.timezone, window.unit)
      else grid = window.kind === 'session' ? sessionGrid : wholeGrid
      this.grids.set(name, grid)
    }
    return { name, grid }
  }
}
