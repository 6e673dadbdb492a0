import { createHash } from 'node:crypto'
import { type Instant, inTurns, servingMs } from '../../base/index.ts'
import type { ScoreFact, TraitFact } from '../defined/fact.ts'
import type { EntityKey, FeatureValue } from '../defined/interpret.ts'
import type { PairEntity } from '../defined/pair-values.ts'
import type { Plan } from '../defined/plan.ts'
import { Asking } from './asking.ts'
import { Dispatch } from './dispatch.ts'
import { Entities, type Owner, ownerOf } from './entities.ts'
import type { Entity, LiveEntity } from './entity.ts'
import type { FactReader, ReadFacts } from './fact-reader.ts'
import { Folding, type FoldingParts } from './folding.ts'
import { takeHistory } from './history/take-history.ts'
import type { LiveValues } from './live-values.ts'
import { type Batch, Missed } from './missed.ts'
import { type PlannedStores, planStores } from './plan-stores.ts'
import { RebuildQueue } from './rebuild-queue.ts'
import { foldEach, Rebuilder } from './rebuilder.ts'
import { RecentKeys } from './recent-keys.ts'
import { type Beside, type Refusal, readSnapshot, writeSnapshot } from './snapshot.ts'
import { Timers } from './timers.ts'
import { type LeafSet, TouchSets } from './touched.ts'
import { warmLimit } from './warm.ts'

export interface LiveOptions {
  /** As many entities are held ready, the others as bytes, in an eighth of the memory. Default: in a quarter of the engine's. */
  readonly warm?: number
}

/** As many entities are rebuilt, and as many asked for, by one call of `work`. */
const workMax = 20
/**
 * As many are rebuilt where many wait, a tenth of them at once: however few are read, the warehouse looks through all facts for
 * them. They take their places in one turn, which is what bounds them.
 */
const bulkMax = 200

/**
 * The features of a plan, true now: each fact updates what is remembered of its entities, and values are read from that.
 *
 * Time does not run back here, though the system's clock may: `clock` is the latest moment that it was told of, and what is
 * asked as of an earlier one is answered as of the clock.
 */
export class LiveFeatures implements LiveValues {
  private readonly planned: PlannedStores
  /** Of what is remembered: other leaves or another time zone remember other things. */
  private readonly form: string
  private readonly parts: FoldingParts
  private readonly keys = new RecentKeys()
  private readonly folding: Folding
  private readonly queue = new RebuildQueue()
  private readonly asking = new Asking()
  private readonly rebuilder: Rebuilder
  private readonly reader: FactReader
  private through = -1
  private readonly leaves: Plan['leaves']
  private readonly timezone: string
  /** Who was let go while history, or what the log has since, is taken in: they may be in what was read. */
  private forgotten = new Set<string>()
  private missed: Missed | undefined

  /** @param timezone IANA name of the store's time zone */
  constructor(plan: Plan, timezone: string, reader: FactReader, { warm }: LiveOptions = {}) {
    this.leaves = plan.leaves
    this.timezone = timezone
    this.planned = planStores(plan, timezone)
    this.form = createHash('sha256')
      .update(JSON.stringify([plan.leaves, timezone]))
      .digest('hex')
    this.reader = reader
    this.parts = {
      planned: this.planned,
      dispatch: new Dispatch(this.planned),
      entities: new Entities(this.planned.byEntity, warm === undefined ? warmLimit() : { entities: warm }),
      timers: new Timers<Entity>(),
      touchSets: new TouchSets(this.planned),
      kinds: new Set(this.planned.leaves.map(({ entity }) => entity)),
      trouble: {
        late: (entity) => this.queue.add(ownerOf(entity), this.through, false),
        full: (entity, store) => {
          entity.ask(store, this.planned.leaves, this.clock)
          this.asking.add(entity)
        },
        stale: (entity) => this.asking.add(entity),
      },
    }
    this.folding = new Folding(this.parts)
    this.rebuilder = new Rebuilder(this.parts, this.folding, this.queue, reader)
  }

  get clock(): Instant {
    return this.folding.clock
  }

  /** The log's position up to which facts were taken; −1 where none were. */
  get position(): number {
    return this.through
  }

  /** Whether everything up to now is in. Until then values are of a part of history. */
  get isReady(): boolean {
    return this.missed === undefined
  }

  /** Whether facts of a later time found no place to wait, and it is that time: another one must be built instead. */
  get mustBeBuiltAnew(): boolean {
    return this.folding.waiting.lostFrom <= this.clock
  }

  /**
   * Takes facts in: those of a position that was taken before are refused, and so is a key that was.
   *
   * @param now not before the facts were received
   * @returns whose values are others now
   */
  take({ facts, position }: Batch, now: Instant): readonly LiveEntity[] {
    if (this.missed !== undefined) {
      this.missed.add({ facts, position })
      return []
    }
    if (position <= this.through) return []
    this.through = position
    this.parts.entities.cool()
    this.folding.advance(now)
    const changed = this.folding.begin()
    for (const fact of facts) {
      if (!this.keys.add(fact)) continue
      this.folding.take(fact, position)
      this.queue.note(fact, position)
    }
    return changed
  }

  setTraits(traits: readonly TraitFact[], now: Instant): readonly LiveEntity[] {
    this.folding.advance(now)
    const changed = this.folding.begin()
    for (const trait of traits) {
      this.folding.setTrait(trait)
      this.queue.noteSaid(trait.customerId, (folding) => folding.setTrait(trait))
    }
    return changed
  }

  setScores(scores: readonly ScoreFact[], now: Instant): readonly LiveEntity[] {
    this.folding.advance(now)
    const changed = this.folding.begin()
    for (const score of scores) {
      this.folding.setScore(score)
      this.queue.noteSaid(score.customerId, (folding) => folding.setScore(score))
    }
    return changed
  }

  leafValue(key: EntityKey, leaf: number, asOf: Instant): FeatureValue {
    this.parts.entities.cool()
    this.folding.advance(asOf)
    const planned = this.planned.leaves[leaf]!
    const entity = this.parts.entities.get(planned.entity, key)
    if (entity !== undefined) return entity.value(planned, this.clock)
    return planned.kind === 'store' ? planned.empty : null
  }

  leafChangesAt(key: EntityKey, leaf: number, asOf: Instant): Instant {
    this.folding.advance(asOf)
    const planned = this.planned.leaves[leaf]!
    const entity = this.parts.entities.get(planned.entity, key)
    return entity?.changesAt(planned, this.clock, this.folding.waiting.next) ?? Infinity
  }

  pairsOf(customerId: string, entity: PairEntity): readonly EntityKey[] {
    const owned = this.parts.entities.owned({ kind: 'customer', id: customerId })
    return owned.flatMap((one) => (one.entity === entity ? [one.key] : []))
  }

  get batches(): number {
    return this.folding.batch
  }

  touchedOf(customerId: string): LeafSet {
    const { entities, touchSets } = this.parts
    const customer = entities.get('customer', [customerId])
    return customer?.touchedIn === this.folding.batch ? customer.touched! : touchSets.none
  }

  /** The next moment at which `due` may have something; Infinity where time alone changes nothing. */
  get nextDue(): Instant {
    return Math.min(this.parts.timers.next, this.folding.waiting.next)
  }

  /**
   * Whose values time has changed, or may have, up to now; each is told once.
   *
   * @param atMost as many, so that a midnight does not hold up the rest; ask again until there are none
   */
  due(now: Instant, atMost = 1000): readonly LiveEntity[] {
    this.parts.entities.cool()
    this.folding.advance(now)
    const due: Entity[] = []
    while (due.length < atMost) {
      const entity = this.parts.timers.take(this.clock)
      if (entity === undefined) break
      if (entity.isAsked) this.asking.add(entity)
      due.push(this.parts.entities.thawed(entity))
    }
    for (const entity of due) this.folding.setTimer(entity)
    return due
  }

  /**
   * Lets customers go, with all that they did: they were erased, or may not be profiled any more. What products and
   * categories remember of them stays until these are rebuilt.
   */
  forget(customerIds: readonly string[]): void {
    for (const id of customerIds) {
      if (this.missed !== undefined) this.forgotten.add(id)
      const owner: Owner = { kind: 'customer', id }
      this.queue.forget(owner)
      for (const entity of this.parts.entities.drop(owner)) {
        this.parts.timers.set(entity, Infinity)
        this.asking.forget(entity)
      }
    }
    const gone = new Set(customerIds)
    this.folding.waiting.forget(gone)
    this.missed?.forget(gone)
  }

  /** Has customers, products or categories made anew from their facts, by `work`: identities or consents are others now. */
  rebuild(owners: readonly Owner[]): void {
    // What waits for history may be of ids that are theirs by now: it must be read too.
    const through = Math.max(this.through, this.missed?.position ?? -1)
    for (const owner of owners) this.queue.add(owner, through, true)
  }

  /** Who waits to be rebuilt or asked for: their values may be old. */
  get behind(): number {
    return this.queue.size + this.asking.size
  }

  /**
   * Rebuilds some that must be, and asks the warehouse for what is not remembered here. To be called again and again: who
   * must wait is left for later.
   *
   * @returns whose values are others now
   */
  async work(now: Instant): Promise<readonly LiveEntity[]> {
    this.folding.advance(now)
    const atOnce = Math.min(bulkMax, Math.max(workMax, Math.ceil(this.queue.size / 10)))
    const rebuilt = await this.rebuilder.rebuild(atOnce)
    const asked = await this.asking.ask(this.reader, this.through, this.clock, workMax)
    return [...rebuilt, ...asked]
  }

  /**
   * Takes in all of history, or what the log has after what was restored. What `take` is told meanwhile follows it.
   *
   * @param now not before the latest fact was received
   * @returns whose values are others than when it was called
   */
  async build(now: Instant): Promise<readonly LiveEntity[]> {
    this.folding.advance(now)
    const changed: LiveEntity[] = []
    for (;;) {
      const missed = new Missed(this.missed?.position)
      this.missed = missed
      this.forgotten.clear()
      if (this.through < 0) {
        for (const one of await this.takeAll()) changed.push(one)
      } else {
        const some = this.folding.begin()
        await this.fold(await this.reader.readSince(this.through))
        for (const one of some) changed.push(one)
      }
      if (missed.isWhole) {
        this.missed = undefined
        this.forgotten.clear()
        for (const batch of missed.batches) for (const one of this.take(batch, this.clock)) changed.push(one)
        return changed
      }
    }
  }

  private async takeAll(): Promise<readonly LiveEntity[]> {
    const { entities } = this.parts
    const taken: LiveEntity[] = []
    const history = await this.reader.readHistory(this.clock)
    await takeHistory({ leaves: this.leaves, timezone: this.timezone, clock: this.clock }, history, {
      isGone: this.isGone,
      entity: (entity) => {
        entities.replace(entity)
        this.hold(entity)
        taken.push(entity)
      },
      late: (kind, id) => this.queue.add({ kind, id }, this.through, false),
      later: (fact) => this.folding.take(fact, Infinity),
      key: (key) => this.keys.add(key),
    })
    entities.cool()
    this.through = Math.max(this.through, history.position)
    return taken
  }

  private readonly isGone = (customerId: string | null): boolean =>
    customerId !== null && this.forgotten.has(customerId)

  /** Of an entity that was made elsewhere: what is to be asked for is asked, and its timer runs. */
  private hold(entity: Entity): void {
    if (entity.isAsked) this.asking.add(this.parts.entities.thawed(entity))
    const { dueAt } = entity
    entity.dueAt = Infinity
    this.parts.timers.set(entity, dueAt)
  }

  private async fold({ position, facts, traits, scores }: ReadFacts): Promise<void> {
    for await (const some of traits)
      for (const trait of some) if (!this.isGone(trait.customerId)) this.folding.setTrait(trait)
    for await (const some of scores)
      for (const score of some) if (!this.isGone(score.customerId)) this.folding.setScore(score)
    for await (const some of facts) {
      for (const fact of some) this.keys.add(fact)
      await inTurns(foldEach(this.folding, some, Infinity, this.isGone), servingMs)
      this.parts.entities.cool()
    }
    this.through = Math.max(this.through, position)
  }

  /**
   * Writes what is remembered to a file, from which `restore` goes on, while facts are taken.
   *
   * @param store id of the store whose log the facts are of
   * @param beside what is kept with it
   */
  async save(path: string, store: string, beside?: Beside): Promise<void> {
    const rest = () => ({
      ...{ position: this.through, clock: this.clock, keys: [...this.keys], rebuilds: this.queue.owners() },
      ...{ waiting: [...this.folding.waiting], lostFrom: this.folding.waiting.lostFrom },
    })
    await writeSnapshot(path, { store, plan: this.form }, this.parts.entities, rest, beside)
  }

  /**
   * Goes on from a snapshot; `build` then takes in what the log has after its position. To be called before anything else.
   *
   * @param beside told, line by line, of what was kept with it
   * @returns why the snapshot cannot be used, where it cannot: everything must be built from the log
   */
  async restore(path: string, store: string, beside?: (line: string) => void): Promise<Refusal | 'restored'> {
    const rest = await readSnapshot(path, { store, plan: this.form }, this.parts.entities, beside)
    if (typeof rest === 'string') return rest
    this.through = rest.position
    this.folding.clock = rest.clock
    this.folding.waiting.restore(rest.waiting, rest.lostFrom)
    for (const key of rest.keys) this.keys.add(key)
    for (const owner of rest.rebuilds) this.queue.add(owner, this.through, true)
    for (const entity of this.parts.entities) this.hold(entity)
    return 'restored'
  }

  /** While everybody's values are read, one after another, whoever is not held ready is not made ready for it. */
  surveying<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.parts.entities.surveying(work)
  }

  /** Bytes of all entities, about; looks at each. */
  bytes(): number {
    let sum = 0
    for (const entity of this.parts.entities) sum += entity.bytes()
    return sum
  }

  /** Whether anything is remembered of a customer. */
  knows(customerId: string): boolean {
    return this.parts.entities.get('customer', [customerId]) !== undefined
  }

  /** Whether no fact, trait or score that these features ask for was taken of a customer, nor may be found by a rebuild. */
  hasNothingOf(customerId: string): boolean {
    const owner: Owner = { kind: 'customer', id: customerId }
    return this.isReady && this.parts.entities.owned(owner).length === 0 && !this.queue.has(owner)
  }

  /** Everybody of whom something is remembered; some several times. */
  *customers(): Generator<string> {
    for (const { entity, key } of this.parts.entities) if (entity !== 'product' && entity !== 'category') yield key[0]!
  }

  /** Entities that something is remembered of. */
  get size(): number {
    return this.parts.entities.size
  }
}
