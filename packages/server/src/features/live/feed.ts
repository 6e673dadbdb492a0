import { gathered, type Instant, now, oneAtATime } from '../../base/index.ts'
import type { TouchedCustomers } from '../../consent/index.ts'
import type { WrittenEvent } from '../../ingestion/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { Fact } from '../defined/fact.ts'
import type { Plan } from '../defined/plan.ts'
import { type Needs, needsOf } from '../point-in-time/needs.ts'
import type { StoreBasis } from '../source-sql.ts'
import { storeBasis } from '../store-facts.ts'
import { Categories } from './categories.ts'
import { Doubts } from './doubts.ts'
import type { Owner } from './entities.ts'
import type { LiveEntity } from './entity.ts'
import { type EventReading, factsOfEvent } from './facts-of-event.ts'
import type { FeedCause, FeedListener } from './feed-listener.ts'
import { LiveFeatures } from './live-features.ts'
import type { Beside, Refusal } from './snapshot.ts'
import { type StoreMark, stillHolds, storeMark } from './store-mark.ts'
import { WarehouseFacts } from './warehouse-facts.ts'
import { type Gained, Whose } from './whose.ts'
import { WhoseDigest } from './whose-digest.ts'

const query = readQueries(new URL('./live.sql', import.meta.url))

/** Features of a snapshot, before what the log has since is in. */
export interface RestoredFeed {
  readonly features: LiveFeatures
  readonly currency: string
  /** IANA name. */
  readonly timezone: string
  readonly mark: StoreMark
  /** What was kept with them. */
  readonly lines: readonly string[]
  /** Of whom something else holds by now than in the snapshot. */
  readonly owed: readonly string[]
}

/** Why a snapshot cannot be gone on from. */
export type FeedRefusal = Refusal | 'other-history'

/** The features of a store's live copy are one snapshot. */
const snapshotOf = 'the live copy'

interface SnapshotHeader {
  readonly mark: StoreMark
  readonly whose: ReturnType<WhoseDigest['toJSON']>
  readonly owed: readonly string[]
}

export interface FeedParts {
  readonly warehouse: Warehouse
  readonly plan: Plan
  readonly listener: FeedListener
  /** Resolves when every event that was written before is in the warehouse. */
  readonly settle: () => Promise<void>
}

/** As long as the clock of this machine may be behind what it showed before, ms: smaller corrections are waited for. */
const aheadMaxMs = 60_000

/**
 * Keeps live features true: each event as it is written, merges and consents as they become known, and imports by taking
 * in all of history anew, while what was before serves.
 */
export class LiveFeed {
  /** What is served; of before a rebuild until it is done. */
  features: LiveFeatures
  private readonly warehouse: Warehouse
  readonly plan: Plan
  private readonly settle: () => Promise<void>
  private readonly needs: Needs
  private readonly whose: Whose
  private readonly categories: Categories
  private readonly listener: FeedListener
  private readonly reading: Omit<EventReading, 'currency' | 'timezone'>
  private currency: string
  private timezone: string
  /** What is being built to take the place of `features`. */
  private next: LiveFeatures | undefined
  private readonly doubts: Doubts
  /** How many are at it to find out of whom the features may be of before. */
  private finding = 0
  /** How often that was begun. */
  private findings = 0
  /** While a snapshot is written: who was touched meanwhile. */
  private owed: Set<string> | undefined
  /** Of what features were made from; undefined before they were. */
  private mark: StoreMark | undefined
  private readonly inTurn = oneAtATime()

  private constructor(
    parts: FeedParts,
    known: { readonly whose: Whose; readonly categories: Categories; readonly features: LiveFeatures },
    { currency, timezone }: Pick<StoreBasis, 'currency' | 'timezone'>,
  ) {
    this.warehouse = parts.warehouse
    this.plan = parts.plan
    this.listener = parts.listener
    this.settle = parts.settle
    this.whose = known.whose
    this.categories = known.categories
    this.features = known.features
    this.currency = currency
    this.timezone = timezone
    this.needs = needsOf(parts.plan)
    this.doubts = new Doubts(parts.warehouse, this.needs)
    const need = (kind: 'event' | 'line') => {
      const its = this.needs[kind]
      return its && { fields: its.fields, names: its.names && new Set(its.names) }
    }
    this.reading = {
      needs: { event: need('event'), line: need('line') },
      customerOf: (id) => this.whose.customerOf(id),
      categoryOf: (product, at) => this.categories.categoryOf(product, at),
    }
  }

  /** Nothing is taken in before `build`; events that are written meanwhile wait for it. */
  static async open(parts: FeedParts): Promise<LiveFeed> {
    const { features, ...basis } = await freshFeatures(parts)
    const whose = await Whose.open(parts.warehouse)
    const known = { whose, categories: await Categories.open(parts.warehouse), features }
    return new LiveFeed(parts, known, basis)
  }

  /** Takes in all of history; events may be written meanwhile. What was before serves until it is done. */
  build(): Promise<void> {
    return this.inTurn(async () => {
      // Before anything is read: what changes meanwhile shows.
      const mark = await storeMark(this.warehouse, this.needs.scores.length > 0)
      await this.takeIn(await this.fresh(), now())
      this.mark = mark
    })
  }

  /**
   * Goes on from what `restore` gave: takes in what the log has since.
   *
   * @throws as `build` does; then what was restored is of no use any more
   */
  async goOn({ features, currency, timezone, owed, mark }: RestoredFeed): Promise<void> {
    const [row] = await this.warehouse.rows<{ received_at: number | null }>(query('received_after'), {
      position: features.position,
    })
    // Time itself passes later, from then to now.
    const until = Math.max(features.clock, row!.received_at ?? features.clock)
    await this.whileFinding(async () => {
      await this.inTurn(async () => {
        await this.takeIn({ features, currency, timezone }, until)
        this.mark = mark
      })
      await this.readAgain(owed)
    })
  }

  private async takeIn({ features, currency, timezone }: Fresh, until: Instant) {
    this.currency = currency
    this.timezone = timezone
    await this.categories.refresh()
    // It notes what is written from here on, and reads the log once all that was written before is in it.
    this.next = features
    let changed: readonly LiveEntity[]
    try {
      changed = await features.build(until)
      this.features = features
    } finally {
      this.next = undefined
    }
    await this.listener.rebuilt(features, customersOf(changed))
  }

  private fresh(): Promise<Fresh> {
    return freshFeatures({ warehouse: this.warehouse, plan: this.plan, settle: this.settle })
  }

  /**
   * Reads a snapshot; nothing serves from it before `goOn`.
   *
   * @returns why it cannot be gone on from, where it cannot: then everything must be built
   */
  async restore(path: string): Promise<RestoredFeed | FeedRefusal> {
    const { features, currency, timezone } = await this.fresh()
    const lines: string[] = []
    const outcome = await features.restore(path, snapshotOf, (line) => lines.push(line))
    if (outcome !== 'restored') return outcome
    const { mark, whose, owed } = JSON.parse(lines[0]!) as SnapshotHeader
    if (typeof mark.scores !== 'boolean' || typeof mark.brought !== 'string') return 'other-format'
    if (!(await stillHolds(this.warehouse, mark))) return 'other-history'
    const before = new WhoseDigest(whose.isProfiledByDefault, whose.text)
    const changed = await (await this.whose.digest()).changed(before, eachOf([this.whose.ids(), features.customers()]))
    if (changed === null) return 'other-history'
    return { features, currency, timezone, mark, lines: lines.slice(1), owed: [...new Set([...changed, ...owed])] }
  }

  /**
   * Writes a snapshot from which `restore` goes on, while events come.
   *
   * @param beside what is kept with it, as of the same moment
   * @returns false where there is nothing whole to write just now
   */
  async save(path: string, beside: Beside): Promise<boolean> {
    const { features, findings } = this
    if (this.next !== undefined || !features.isReady || this.owed !== undefined || this.finding > 0) return false
    // Whoever is touched from here on is owed: the digest may have them as they were before, or not.
    const owed = new Set<string>()
    this.owed = owed
    try {
      const mark = await storeMark(this.warehouse, this.needs.scores.length > 0, features.position)
      // What the mark says was brought must be in the features.
      if (mark.brought !== this.mark?.brought) return false
      const whose = await this.whose.digest()
      await features.save(path, snapshotOf, {
        lines: () => {
          for (const customerId of this.doubts.customers()) owed.add(customerId)
          const header: SnapshotHeader = { mark, whose: whose.toJSON(), owed: [...owed] }
          const more = beside.lines()
          return (function* lines() {
            yield JSON.stringify(header)
            yield* more
          })()
        },
        isWanted: async () =>
          this.features === features &&
          this.next === undefined &&
          this.findings === findings &&
          (await beside.isWanted()),
      })
      return true
    } finally {
      this.owed = undefined
    }
  }

  /** The customer whose id was received now; the id itself where it belongs to no other. */
  customerOf(receivedId: string): string {
    return this.whose.customerOf(receivedId)
  }

  /** All ids by which a customer is known, their own among them. */
  idsOf(customerId: string): readonly string[] {
    return this.whose.idsOf(customerId)
  }

  /** Events that are on disk: whose features change, change before whoever sent them is answered. */
  written(events: readonly WrittenEvent[]): void {
    // Where nothing is declared, nothing is to be kept.
    const isKept = this.plan.leaves.length > 0
    const facts = isKept ? this.factsOf(events) : []
    const theirs = new Set<string>()
    for (const { customerId } of facts) if (customerId !== null) theirs.add(customerId)
    for (const { event } of events) {
      const stranger = this.strangerOf(event)
      if (stranger !== null) theirs.add(stranger)
    }
    if (!isKept && theirs.size === 0) return
    const position = events.at(-1)!.position
    const at = now()
    const customers = [...theirs]
    const taking = (features: LiveFeatures) => (isKept ? features.take({ facts, position }, at) : [])
    if (this.next !== undefined) taking(this.next)
    this.listener.take(customers, () => taking(this.features), 'event')
  }

  /** Whoever did something for the first time is a customer, whether it counts for any feature or not. */
  private strangerOf(event: WrittenEvent['event']): string | null {
    const received = receivedIdOf(event)
    if (received === null) return null
    const customerId = this.whose.customerOf(received)
    return this.listener.isNew(customerId) && this.whose.isProfiled(customerId) ? customerId : null
  }

  /** What the warehouse has up to a position: whom it may have heard of otherwise is made anew from it. */
  async catchUp(position: number): Promise<void> {
    // Who was joined meanwhile is who they are now.
    const due = ownersOf((await this.doubts.due(position)).map((id) => this.whose.customerOf(id)))
    for (const features of [this.features, this.next]) features?.rebuild(due)
    if (this.needs.event?.fields.includes('category') || this.needs.line?.fields.includes('category'))
      await this.categories.refresh()
    // A clock that had run ahead was set back: what time took out of windows meanwhile must come in again.
    const isAhead = this.features.clock > now() + aheadMaxMs
    if (this.features.mustBeBuiltAnew || isAhead) await this.build()
    else await this.work('event')
  }

  /** That customers were joined or parted, or agreed to something else. */
  async touched(touched: TouchedCustomers): Promise<void> {
    if (touched === 'everybody') return this.whileFinding(() => this.touchedMaybe())
    for (const id of touched) this.owed?.add(id)
    const gained = await this.whose.refresh(touched)
    const isUnchanged = this.isUnchanged(gained)
    await this.readAnew(touched, new Set(touched.filter(isUnchanged)))
  }

  /** Says of whom nothing can be another: somebody who was given ids of whom there is nothing, as of a new browser. */
  private isUnchanged(gained: Gained): (customerId: string) => boolean {
    // What is being built may have read the warehouse before, and of whoever is still to be read again it shows nothing.
    if (this.next !== undefined || this.finding > 0) return () => false
    // Of whom there is a doubt, whoever they are by the end of it is read again.
    return (id) => gained.get(id)?.every((one) => this.features.hasNothingOf(one)) ?? false
  }

  /** @param unchanged who cannot be made of other facts by now */
  private async readAnew(touched: readonly string[], unchanged: ReadonlySet<string>): Promise<void> {
    const gone = touched.filter((id) => !this.isCustomer(id))
    const others = ownersOf(touched.filter((id) => this.isCustomer(id) && !unchanged.has(id)))
    for (const features of [this.features, this.next]) {
      features?.forget(gone)
      features?.rebuild(others)
    }
    // Who is somebody else now was joined; who is still themselves may not be profiled any more.
    const isJoined = (id: string): boolean => this.whose.customerOf(id) !== id
    this.listener.remove(gone.filter(isJoined), 'identity')
    this.listener.remove(
      gone.filter((id) => !isJoined(id)),
      'consent',
    )
    await this.work('identity')
    await this.listener.settled(
      touched.filter((id) => !unchanged.has(id)),
      [...unchanged],
    )
  }

  /** Everybody may have been touched, as before every analysis, and mostly nobody was: then nothing is read. */
  private async touchedMaybe(): Promise<void> {
    const before = await this.whose.digest()
    const known = await gathered([this.whose.ids(), this.features.customers()])
    await this.whose.refresh('everybody')
    await gathered([this.whose.ids()], known)
    // Before it is seen whether the one of before holds: what changes between the two shows at the next look.
    const mark = await storeMark(this.warehouse, this.needs.scores.length > 0)
    const changed = await (await this.whose.digest()).changed(before, known)
    if (changed === null || this.mark === undefined || !(await stillHolds(this.warehouse, this.mark)))
      return this.build()
    this.mark = mark
    if (changed.length > 0) await this.readAgain(changed)
  }

  private async whileFinding(find: () => Promise<void>): Promise<void> {
    this.finding += 1
    this.findings += 1
    try {
      await find()
    } finally {
      this.finding -= 1
    }
  }

  /** Of customers who are known as they are by now, and whose features are of before. */
  private async readAgain(customerIds: readonly string[]): Promise<void> {
    for (const id of customerIds) this.owed?.add(id)
    await this.whose.refresh(customerIds)
    await this.readAnew(customerIds, new Set())
  }

  /** Somebody with these ids is gone, out of the warehouse too. */
  async forget(receivedIds: readonly string[]): Promise<void> {
    await this.whose.refresh(receivedIds)
    for (const features of [this.features, this.next]) features?.forget(receivedIds)
    this.doubts.forget(receivedIds)
    this.listener.remove(receivedIds, 'erasure')
  }

  /** Brings what is behind up to date, as far as its turn has come. */
  private work(because: FeedCause): Promise<void> {
    return this.inTurn(async () => {
      if (this.features.behind === 0 || !this.features.isReady) return
      // Whoever goes by time is brought to this moment before the features are.
      this.listener.take([], () => undefined, because)
      const changed = await this.features.work(now())
      const customers = customersOf(changed)
      if (customers.length > 0) this.listener.take(customers, () => undefined, because)
    })
  }

  /** The customer whom an id names, where anything of them is remembered here: then the warehouse need not be asked. */
  customerNamed(id: string): string | undefined {
    const customer = this.whose.customerOf(id)
    return this.features.knows(customer) ? customer : undefined
  }

  private factsOf(events: readonly WrittenEvent[]): Fact[] {
    const reading = { ...this.reading, currency: this.currency, timezone: this.timezone }
    const facts: Fact[] = []
    for (const written of events) {
      for (const fact of factsOfEvent(written, reading)) {
        const { customerId } = fact
        if (customerId === null ? this.needs.nobodys : this.whose.isProfiled(customerId)) facts.push(fact)
      }
      this.noteDoubts(written)
    }
    return facts
  }

  private noteDoubts(written: WrittenEvent): void {
    const received = receivedIdOf(written.event)
    if (received === null) return
    const customerId = this.whose.customerOf(received)
    if (this.whose.isProfiled(customerId)) this.doubts.note(written, customerId)
  }

  /** Whether somebody is a customer by this id and may be profiled; else whether because they are another now. */
  standingOf(id: string): 'customer' | 'joined' | 'not-profiled' {
    if (this.whose.customerOf(id) !== id) return 'joined'
    return this.whose.isProfiled(id) ? 'customer' : 'not-profiled'
  }

  private isCustomer(id: string): boolean {
    return this.standingOf(id) === 'customer'
  }
}

type Fresh = Pick<RestoredFeed, 'features' | 'currency' | 'timezone'>

async function freshFeatures({ warehouse, plan, settle }: Pick<FeedParts, 'warehouse' | 'plan' | 'settle'>) {
  const basis = await storeBasis(warehouse, now())
  const reader = new WarehouseFacts(warehouse, plan, basis, settle)
  const { currency, timezone } = basis
  return { features: new LiveFeatures(plan, timezone, reader), currency, timezone }
}

function* eachOf(sources: readonly Iterable<string>[]): Generator<string> {
  for (const source of sources) yield* source
}

const receivedIdOf = ({ userId, anonymousId }: WrittenEvent['event']): string | null =>
  userId ?? (anonymousId === null ? null : `anonymous:${anonymousId}`)

const ownersOf = (customerIds: readonly string[]): readonly Owner[] =>
  [...new Set(customerIds)].map((id) => ({ kind: 'customer', id }))

const customersOf = (entities: readonly LiveEntity[]): readonly string[] => [
  ...new Set(entities.flatMap(({ entity, key }) => (entity === 'product' || entity === 'category' ? [] : key[0]!))),
]
