import { elapsedMs, type Instant, now, oneAtATime } from '../../base/index.ts'
import type { TouchedCustomers } from '../../consent/index.ts'
import {
  customersOnFile,
  type FeatureValue,
  type FeedCause,
  type FeedListener,
  type FeedRefusal,
  type LiveFeatures,
  LiveFeed,
  type LiveValues,
  storeCustomersSince,
} from '../../features/index.ts'
import type { WrittenEvent } from '../../ingestion/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { KeptMovement } from '../movements/kept-movement.ts'
import type { MovementJournal } from '../movements/movement-journal.ts'
import { toldAfter } from '../movements/told-after.ts'
import { customerFeatures } from '../now/customer-features.ts'
import type { Standing } from '../now/standing.ts'
import { type CustomerGroup, customerGroup } from '../placed/customer-group.ts'
import type { ByAnalyses } from '../placed/live-model.ts'
import type { PlacedValues } from '../placed/placed-values.ts'
import type { CompiledSegments } from './compiled.ts'
import { type Declared, declaredRevision, listsOf, placedOver, placedOverFeed, readDeclared } from './declared.ts'
import { ErasedMeanwhile } from './erased-meanwhile.ts'
import type { ListMembers } from './evaluation.ts'
import { everybody } from './everybody.ts'
import { listDigest } from './list-contents.ts'
import { namesOf } from './list-names.ts'
import { LiveSegments, type SegmentsBefore } from './live-segments.ts'
import { LiveSnapshotFile } from './live-snapshot-file.ts'
import { fill, type Looking, lookAt, passTimeSlowly } from './looking.ts'
import type { Movement } from './movement.ts'
import { placesOfLeaves, RemappedLeaves } from './remapped-leaves.ts'
import { readSnapshotLines, snapshotLines } from './snapshot-lines.ts'
import { startWords } from './start-words.ts'
import { fillingOf, Strangers } from './strangers.ts'
import { toldSegments } from './told-segments.ts'
import { WakeTimer } from './wake-timer.ts'

const nobodyListed: ListMembers = { isListed: () => false }

export interface LiveCopyParts {
  readonly warehouse: Warehouse
  readonly state: State
  /** Resolves when every event that was written before is in the warehouse. */
  readonly settle: () => Promise<void>
  /** Where it is kept, and told, who comes into segments and leaves them. */
  readonly journal: MovementJournal
  /** Told how a start went on, for the operator. Default: nobody. */
  readonly onStart?: (text: string) => void
}

/**
 * The declared features and segments of a store, true now: an event changes whose they are before it is acknowledged, and
 * time alone takes customers out again.
 *
 * What was told of segments is what they go on from after a start, so that a movement is told once, whatever came between.
 */
export class LiveCopy {
  private readonly parts: LiveCopyParts
  private readonly snapshot: LiveSnapshotFile
  private declared: Declared
  private feed!: LiveFeed
  /** What takes the place of `feed` when it is built. */
  private nextFeed: LiveFeed | undefined
  private values!: PlacedValues
  private segments: LiveSegments | undefined
  /** Who went while segments were being read that they were told to be in. */
  private readonly goneMeanwhile = new Map<string, FeedCause>()
  /** Everybody was looked at once: who comes from now on comes by what happens. */
  private isFilled = false
  private readonly timer = new WakeTimer(() => {
    this.passTime()
    this.setTimer()
  })
  private readonly inTurn = oneAtATime()
  /** Whether history is being read: it is not waited for at the end. */
  private isBusy = false
  private isStopped = false
  /** What segments go on from, between the reading of a snapshot and the rest of the log. */
  private restored: (SegmentsBefore & { readonly position: number }) | undefined
  private readonly erasedMeanwhile = new ErasedMeanwhile()
  private readonly strangers = new Strangers()

  private constructor(parts: LiveCopyParts, declared: Declared) {
    this.parts = parts
    this.declared = declared
    this.snapshot = new LiveSnapshotFile(parts.warehouse.folder)
  }

  /** Reads what is declared; nobody is in any segment before `build`. */
  static async open(parts: LiveCopyParts): Promise<LiveCopy> {
    const declared = await readDeclared(parts.warehouse, parts.state)
    const copy = new LiveCopy(parts, declared)
    copy.feed = await copy.openFeed(declared.compiled)
    copy.values = placedOver(copy.feed.features, declared)
    return copy
  }

  /**
   * Goes on from the snapshot of before, or takes in all of history where there is none that holds.
   *
   * @returns how many events the log had since that snapshot; Infinity where none was gone on from
   */
  build(): Promise<number> {
    return this.busily(async () => {
      const began = elapsedMs()
      const since = await this.goOnFromSnapshot().catch((error: unknown) => {
        // Whatever it holds, everything can be made from the log.
        if (this.segments !== undefined) throw error
        this.restored = undefined
        return 'damaged' as const
      })
      if (typeof since === 'string') await this.feed.build()
      if (this.compiled.plan.leaves.length > 0) this.parts.onStart?.(startWords(since, elapsedMs() - began))
      return typeof since === 'string' ? Infinity : since
    })
  }

  /** @returns how many events the log had since the snapshot; why not, where there is none to go on from */
  private async goOnFromSnapshot(): Promise<number | FeedRefusal> {
    const { journal } = this.parts
    const restored = await this.feed.restore(this.snapshot.path)
    if (typeof restored === 'string') return restored
    const { snapshot, number } = await readSnapshotLines(restored.lines)
    // Of a store that was put back from a backup.
    if (number > journal.lastTold) return 'other-history'
    const { position } = restored.features
    this.restored = { snapshot, position, told: await toldAfter(journal, number) }
    await this.feed.goOn(restored)
    return this.feed.features.position - position
  }

  /**
   * Writes where features and segments are, while events come, for the next start to go on from.
   *
   * @returns whether it was written: not before all of history is in, and not while somebody was erased
   */
  save(): Promise<boolean> {
    return this.inTurn(async () => {
      const { segments, journal } = this
      if (!this.isFilled || segments === undefined || this.feed.plan !== this.compiled.plan) return false
      return this.snapshot.write((isStillWhole) =>
        this.feed.save(this.snapshot.path, {
          lines: () => snapshotLines(segments.capture(), journal.last),
          isWanted: async () => {
            // What the snapshot takes for told must be.
            await journal.flush()
            return isStillWhole()
          },
        }),
      )
    })
  }

  /** Where it is kept who came into segments and left them. */
  get journal(): MovementJournal {
    return this.parts.journal
  }

  /** Whether a movement may be told now: of who may not be profiled any more only that they left. */
  mayTell({ customer, isEntry }: KeptMovement): boolean {
    return customer === null || !isEntry || this.feed.standingOf(customer) !== 'not-profiled'
  }

  /** Whether all of history is in: before, segments miss people. */
  get isReady(): boolean {
    return this.isFilled
  }

  /**
   * Looks whether something else was declared, or lists were given other customers. What is new is filled while everything
   * else goes on; where it asks of customers what was not remembered of them, history is read once more for it.
   */
  refresh(): Promise<void> {
    return this.busily(() => this.erasedMeanwhile.during(() => this.refreshNow()))
  }

  private async refreshNow(): Promise<void> {
    const { warehouse, state } = this.parts
    if (!this.isFilled || (await declaredRevision(warehouse, state)) === this.declared.revision) return
    const before = this.declared
    const next = await readDeclared(warehouse, state)
    const isSameZone = next.compiled.timezone === before.compiled.timezone
    const places = isSameZone ? placesOfLeaves(next.compiled.plan, this.feed.plan) : undefined
    if (places === undefined) await this.changeFeed(next)
    else this.change(next, new RemappedLeaves(this.feed.features, places))
    for (const [segment, listed] of listsOf(next)) {
      const customers = listed.filter((id) => !this.erasedMeanwhile.has(id))
      const was = before.lists.get(segment) ?? []
      if (listDigest(was) !== listDigest(customers)) this.tell(this.segments!.setList(segment, customers, now()))
    }
    await this.lookAtEverybody(true)
    await fill(this.looking())
  }

  written(events: readonly WrittenEvent[]): void {
    for (const feed of this.feeds()) feed.written(events)
  }

  async catchUp(position: number): Promise<void> {
    for (const feed of this.feeds()) await feed.catchUp(position)
  }

  async touched(touched: TouchedCustomers): Promise<void> {
    for (const feed of this.feeds()) await feed.touched(touched)
  }

  /** Somebody with these ids was erased, out of the warehouse too. */
  async forget(receivedIds: readonly string[]): Promise<void> {
    await this.snapshot.erase(async () => {
      for (const feed of this.feeds()) await feed.forget(receivedIds)
    })
  }

  /** Looks at the time no more, and writes where everything is for the next start. */
  async stop(): Promise<void> {
    this.timer.stop()
    const isWhole = !this.isBusy
    if (isWhole) await this.save()
    this.isStopped = true
  }

  private busily<Result>(step: () => Promise<Result>): Promise<Result> {
    return this.inTurn(async () => {
      this.isBusy = true
      return step().finally(() => {
        this.isBusy = false
      })
    })
  }

  /** The customer whom an id names, where anything is known of them here. */
  customerNamed(id: string): string | undefined {
    return this.feed.customerNamed(id)
  }

  /** The declared features of a customer as of now, in the order of their names. */
  featuresOf(customerId: string): readonly { readonly name: string; readonly value: FeatureValue }[] {
    this.passTime()
    return customerFeatures(this.compiled.plan, this.values, customerId, now())
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

  /** Who is where just now; to be read before anything else happens. */
  standing(): Standing {
    this.passTime()
    const { compiled, values, segments = null, isReady } = this
    const filling = segments === null ? null : fillingOf(segments, this.strangers, compiled)
    const isProfiled = (customer: string): boolean => this.feed.standingOf(customer) !== 'not-profiled'
    return { compiled, lists: segments ?? nobodyListed, values, isProfiled, isReady, filling, members: segments }
  }

  /** Where the models of families put a customer now. */
  groupsOf(customerId: string): readonly CustomerGroup[] {
    this.passTime()
    return this.values.placementsOf(customerId, now()).map(customerGroup)
  }

  /** Families whose members only analyses find anew, and why. */
  get byAnalyses(): readonly ByAnalyses[] {
    return this.declared.placed.byAnalyses
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

  private take(customerIds: readonly string[], apply: () => void, because: FeedCause): void {
    if (this.segments === undefined) apply()
    else this.tell(this.segments.take(customerIds, now(), apply, because))
  }

  private remove(customerIds: readonly string[], because: FeedCause): void {
    for (const id of customerIds) {
      if (because === 'erasure') this.erasedMeanwhile.note(id)
      if (this.segments === undefined) this.goneMeanwhile.set(id, because)
      else this.tell(this.segments.remove(id, now(), because))
    }
  }

  private async rebuilt(features: LiveFeatures, changed: readonly string[]): Promise<void> {
    this.values = placedOverFeed(features, this.feed.plan, this.declared)
    const { restored } = this
    this.restored = undefined
    if (this.segments !== undefined) {
      this.tell(this.segments.change(this.compiled, this.values, now()))
      await this.lookAtEverybody(false)
    } else if (restored === undefined) {
      this.goOnFrom(await toldSegments(this.parts.warehouse, this.journal, this.declared))
      this.tell(this.segments!.tellAtOnce())
      await this.lookAtEverybody(false)
    } else {
      this.goOnFrom(restored)
      const { warehouse } = this.parts
      const strangers = this.declared.areAllMeant ? await storeCustomersSince(warehouse, restored.position) : []
      const isNew = (id: string): boolean => !this.segments!.isKnown(id)
      await this.look(new Set([...changed, ...strangers.filter(isNew)]), () => features.clock)
      await passTimeSlowly(this.looking())
    }
    // Not everybody was looked at: the next start does.
    if (this.isStopped) return
    this.tell(this.segments!.endReplay())
    await fill(this.looking())
    this.isFilled = !this.isStopped
    this.setTimer()
  }

  private goOnFrom(before: SegmentsBefore): void {
    const { compiled, lists } = this.declared
    this.segments = new LiveSegments({ compiled, values: this.values, lists, names: namesOf(() => this.feed) }, before)
    for (const [id, because] of this.goneMeanwhile) this.remove([id], because)
    this.goneMeanwhile.clear()
  }

  /** Puts other segments, over the same features, in place of those there are. */
  private change(next: Declared, of: LiveValues): void {
    const values = placedOver(of, next)
    this.tell(this.segments!.change(next.compiled, values, now()))
    this.declared = next
    this.values = values
  }

  /** The same where other features are needed: those serve that there are until the others are built. */
  private async changeFeed(next: Declared): Promise<void> {
    const feed = await this.openFeed(next.compiled)
    this.nextFeed = feed
    try {
      await feed.build()
      this.feed = feed
      this.change(next, feed.features)
    } finally {
      this.nextFeed = undefined
    }
  }

  private async openFeed({ plan }: CompiledSegments): Promise<LiveFeed> {
    const { warehouse, settle } = this.parts
    const isServing = (): boolean => this.feed === feed
    const listener: FeedListener = {
      take: (ids, apply, because) => (isServing() ? this.take(ids, apply, because) : apply()),
      isNew: (id) => isServing() && this.isNew(id),
      settled: async (...ids) => void (isServing() && (await this.settled(...ids))),
      remove: (ids, because) => isServing() && this.remove(ids, because),
      rebuilt: async (...what) => void (isServing() && (await this.rebuilt(...what))),
    }
    const feed = await LiveFeed.open({ warehouse, plan, settle, listener })
    return feed
  }

  private feeds(): readonly LiveFeed[] {
    return this.nextFeed === undefined ? [this.feed] : [this.feed, this.nextFeed]
  }

  private get compiled(): CompiledSegments {
    return this.declared.compiled
  }

  /** Whether somebody must be looked at of whom no feature remembers anything. */
  private isNew(customerId: string): boolean {
    return this.declared.areAllMeant && this.segments?.isKnown(customerId) === false
  }

  /** Looks at those who were joined, parted or asked, and of whom features need not remember anything. */
  private async settled(customerIds: readonly string[], unchanged: readonly string[]): Promise<void> {
    const { segments } = this
    if (segments === undefined) return
    const isKnown = (id: string): boolean => segments.isKnown(id) || segments.isOnList(id)
    const others = this.declared.areAllMeant ? [...customerIds, ...unchanged].filter((id) => !isKnown(id)) : []
    const onFile = others.length === 0 ? [] : await customersOnFile(this.parts.warehouse, others)
    // Of others their new ids say nothing but which lists they are on.
    const onLists = unchanged.filter((id) => segments.isOnList(id))
    await this.look([...customerIds.filter(isKnown), ...onLists, ...onFile], now, 'identity')
  }

  /**
   * Everybody who may be in a segment, and members who may not be any more, as after an import was undone.
   *
   * @param areNewOnly whether those are left out whom segments know already
   */
  private async lookAtEverybody(areNewOnly: boolean): Promise<void> {
    const { warehouse, settle } = this.parts
    const { areAllMeant } = this.declared
    await this.erasedMeanwhile.during(async () => {
      const parts = { warehouse, settle, areAllMeant, features: this.feed.features, segments: this.segments! }
      const remove = (id: string): void => this.remove([id], 'event')
      const wanted = await everybody({ ...parts, remove }, areNewOnly)
      if (!areNewOnly) return lookAt(this.looking(), wanted, now)
      // Whom nobody knew is known by what was declared.
      await lookAt(this.looking(), this.strangers.counted(wanted), now, 'definition').finally(() =>
        this.strangers.end(),
      )
    })
  }

  private look(customers: Iterable<string>, at: () => Instant, because?: FeedCause): Promise<void> {
    return this.erasedMeanwhile.during(() => lookAt(this.looking(), customers, at, because))
  }

  private looking(): Looking {
    return {
      ...{ segments: this.segments!, feed: this.feed, journal: this.parts.journal },
      tell: (movements) => this.tell(movements),
      isErased: (id) => this.erasedMeanwhile.has(id),
      isStopped: () => this.isStopped,
    }
  }

  private tell(movements: readonly Movement[]): void {
    this.parts.journal.add(movements)
    this.setTimer()
  }

  /** Before values are asked for: they must not be of a later moment than the segments. */
  private passTime(): void {
    if (this.segments !== undefined) this.tell(this.segments.passTo(now()))
  }

  private setTimer(): void {
    this.timer.set(this.segments?.nextAt ?? Number.POSITIVE_INFINITY)
  }
}
