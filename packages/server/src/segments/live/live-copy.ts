import { inTurns, now, servingMs } from '../../base/index.ts'
import type { TouchedCustomers } from '../../consent/index.ts'
import {
  evaluateTree,
  type FeatureValue,
  type FeedCause,
  type FeedListener,
  type LiveFeatures,
  LiveFeed,
  needsOf,
  readFacts,
  storeBasis,
  storedFeatures,
} from '../../features/index.ts'
import type { WrittenEvent } from '../../ingestion/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { compileSegments } from './compile.ts'
import type { CompiledSegments } from './compiled.ts'
import { type Explanation, explainSegment } from './explain.ts'
import { LiveSegments } from './live-segments.ts'
import type { Movement } from './movement.ts'
import { storedLists } from './stored-lists.ts'
import { storedSegmentDefinitions, unknown } from './stored-segment-definitions.ts'

export interface LiveCopyParts {
  readonly warehouse: Warehouse
  readonly state: State
  /** Resolves when every event that was written before is in the warehouse. */
  readonly settle: () => Promise<void>
  /** Told of who came into a segment or left it; of those who are in at the start nobody is told. */
  readonly onMovements: (movements: readonly Movement[]) => void
}

/** A longer wait is none for a timer. */
const longestWaitMs = 2 ** 31 - 1

/**
 * The declared features and segments of a store, true now: an event changes whose they are before it is acknowledged, and
 * time alone takes customers out again.
 */
export class LiveCopy implements FeedListener {
  private readonly parts: LiveCopyParts
  private readonly compiled: CompiledSegments
  private readonly lists: ReadonlyMap<string, readonly string[]>
  private feed!: LiveFeed
  private segments: LiveSegments | undefined
  /** Everybody was looked at once: who comes from now on comes by what happens. */
  private isFilled = false
  private timer: NodeJS.Timeout | undefined
  private timerAt = Number.POSITIVE_INFINITY

  private constructor(parts: LiveCopyParts, compiled: CompiledSegments, lists: ReadonlyMap<string, readonly string[]>) {
    this.parts = parts
    this.compiled = compiled
    this.lists = lists
  }

  /** Reads what is declared; nobody is in any segment before `build`. */
  static async open(parts: LiveCopyParts): Promise<LiveCopy> {
    const { warehouse, state, settle } = parts
    const { timezone } = await storeBasis(warehouse, now())
    const features = (await storedFeatures(state.queries)).map(({ definition }) => definition)
    const compiled = compileSegments({ segments: await storedSegmentDefinitions(state.queries), features, timezone })
    const copy = new LiveCopy(parts, compiled, await storedLists(state.queries))
    copy.feed = await LiveFeed.open({ warehouse, plan: compiled.plan, settle, listener: copy })
    return copy
  }

  /** Takes in all of history. */
  build(): Promise<void> {
    return this.feed.build()
  }

  /** Whether all of history is in: before, segments miss people. */
  get isReady(): boolean {
    return this.isFilled
  }

  written(events: readonly WrittenEvent[]): void {
    this.feed.written(events)
  }

  catchUp(position: number): Promise<void> {
    return this.feed.catchUp(position)
  }

  touched(touched: TouchedCustomers): Promise<void> {
    return this.feed.touched(touched)
  }

  /** Somebody with these ids was erased, out of the warehouse too. */
  forget(receivedIds: readonly string[]): Promise<void> {
    return this.feed.forget(receivedIds)
  }

  /** Looks at the time no more. */
  stop(): void {
    clearTimeout(this.timer)
  }

  /** The declared features of a customer as of now, in the order of their names. */
  featuresOf(customerId: string): readonly { readonly name: string; readonly value: FeatureValue }[] {
    this.passTime()
    const asOf = now()
    const declared = this.compiled.plan.features.filter(
      ({ name, entity }) => entity === 'customer' && !name.includes('/'),
    )
    return declared.map(({ name, tree }) => ({
      name,
      value: evaluateTree(tree, (leaf) => this.feed.features.leafValue([customerId], leaf, asOf)),
    }))
  }

  /** The customer whose id was received now; the id itself where it belongs to no other. */
  customerOf(receivedId: string): string {
    return this.feed.customerOf(receivedId)
  }

  /** The live segments that somebody is in. */
  segmentsOf(customerId: string): readonly string[] {
    this.passTime()
    return this.segments?.segmentsOf(customerId) ?? []
  }

  /** How many are in each segment now. */
  sizes(): readonly {
    readonly id: string
    readonly name: string
    readonly words: string
    readonly customers: number
  }[] {
    this.passTime()
    return this.compiled.segments.map(({ definition: { id, name, words } }) => ({
      ...{ id, name, words, customers: this.segments?.size(id) ?? 0 },
    }))
  }

  /** @throws RapportError `segments.unknown` for a segment that is not declared */
  async explain(customerId: string, segment: string): Promise<Explanation> {
    const { warehouse } = this.parts
    if (!this.compiled.segments.some(({ definition }) => definition.id === segment)) throw unknown(segment)
    const factsOf = async (id: string) => {
      const basis = await storeBasis(warehouse, now())
      return (await readFacts(warehouse, needsOf(this.compiled.plan), basis, { kind: 'customer', ids: [id] })).facts
    }
    this.passTime()
    const lists = { isListed: (id: string, customer: string) => this.lists.get(id)?.includes(customer) ?? false }
    const of = { compiled: this.compiled, values: this.feed.features, lists }
    return explainSegment(of, { factsOf }, { segment, customer: customerId, asOf: now() })
  }

  take(customerIds: readonly string[], apply: () => void, because: FeedCause): void {
    if (this.segments === undefined) apply()
    else this.tell(this.segments.take(customerIds, now(), apply, because))
  }

  remove(customerIds: readonly string[], because: FeedCause): void {
    for (const id of customerIds) this.tell(this.segments?.remove(id, now(), because) ?? [])
  }

  async rebuilt(features: LiveFeatures): Promise<void> {
    const { compiled, lists } = this
    if (this.segments === undefined) this.segments = new LiveSegments({ compiled, values: features, lists })
    else this.tell(this.segments.change(compiled, features, now()))
    // Of members nothing may be left, as after an import was undone.
    const members = compiled.segments.flatMap(({ definition }) => [...this.segments!.members(definition.id)])
    await inTurns(this.lookAtEach(new Set([...features.customers(), ...members])), servingMs)
    this.isFilled = true
    this.setTimer()
  }

  /** One after another: of many customers it takes long, and events come meanwhile. */
  private *lookAtEach(customers: Iterable<string>): Generator<void, void> {
    for (const id of customers) {
      this.tell(this.segments!.take([id], now(), () => undefined))
      yield
    }
  }

  private tell(movements: readonly Movement[]): void {
    if (movements.length > 0 && this.isFilled) this.parts.onMovements(movements)
    this.setTimer()
  }

  /** Before values are asked for: they must not be of a later moment than the segments. */
  private passTime(): void {
    if (this.segments !== undefined) this.tell(this.segments.passTo(now()))
  }

  private setTimer(): void {
    const next = this.segments?.nextAt ?? Number.POSITIVE_INFINITY
    if (next === this.timerAt) return
    clearTimeout(this.timer)
    this.timerAt = next
    if (next === Number.POSITIVE_INFINITY) return
    this.timer = setTimeout(
      () => {
        this.timerAt = Number.POSITIVE_INFINITY
        this.passTime()
        this.setTimer()
      },
      Math.min(Math.max(0, next - now()), longestWaitMs),
    )
    this.timer.unref()
  }
}
