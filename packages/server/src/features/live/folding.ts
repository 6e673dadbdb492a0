import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import type { Fact, ScoreFact, TraitFact } from '../defined/fact.ts'
import { fieldOf } from '../defined/meets.ts'
import type { FieldValue } from './cells/cell.ts'
import type { Dispatch } from './dispatch.ts'
import type { Entities, Owner } from './entities.ts'
import type { Entity } from './entity.ts'
import type { PlannedStores, Store } from './plan-stores.ts'
import { Said } from './said.ts'
import { Sessions, sessionGrid } from './sessions.ts'
import type { Timers } from './timers.ts'
import type { TouchSets } from './touched.ts'
import { WaitingFacts } from './waiting-facts.ts'

/** What must be done about an entity that a fact could not be folded into, or not only. */
export interface Trouble {
  /** It must be rebuilt from its facts. */
  late(entity: Entity): void
  /** Of this store its values must be asked from the warehouse. */
  full(entity: Entity, store: Store): void
  /** What was asked from the warehouse may be another value now. */
  stale(entity: Entity): void
}

export interface FoldingParts {
  readonly planned: PlannedStores
  readonly dispatch: Dispatch
  readonly entities: Entities
  readonly timers: Timers<Entity>
  readonly touchSets: TouchSets
  readonly trouble: Trouble
  /** Whose facts are folded; the others' are left out. */
  readonly kinds: ReadonlySet<FeatureEntity>
  /** Whether each entity is read to its end before anybody asks of it: then timers are set at that end. Default false. */
  readonly isHistory?: boolean
}

/** What is made of the facts of an owner. */
export const kindsOf: Readonly<Record<Owner['kind'], ReadonlySet<FeatureEntity>>> = {
  customer: new Set(['customer', 'customer-product', 'customer-category'] as const),
  product: new Set(['product'] as const),
  category: new Set(['category'] as const),
}

/** Brings facts into entities, at the time that they are known from. */
export class Folding {
  clock: Instant = -Infinity
  readonly waiting: WaitingFacts
  private readonly parts: FoldingParts
  /** Those over a customer's current session. */
  private readonly sessionStores: readonly Store[]
  private changed: Entity[] = []
  private batches = 0
  private isByTime = false
  private fact: Fact | undefined
  private position = 0
  private bucketInSession: number | undefined
  /** The customer of the fact, whom nearly everything is about, and its other entities; null until they are asked for. */
  private customer: Entity | undefined | null = null
  private readonly others = new Map<FeatureEntity, Entity | undefined>()

  constructor(parts: FoldingParts) {
    this.parts = parts
    this.waiting = new WaitingFacts()
    const ofCustomer = parts.kinds.has('customer') ? (parts.planned.byEntity.get('customer') ?? []) : []
    this.sessionStores = ofCustomer.filter(({ grid }) => grid === sessionGrid)
  }

  /** What is changed from here on is collected in the list that it gives back. */
  begin(): readonly Entity[] {
    this.changed = []
    this.batches += 1
    return this.changed
  }

  /** How often something was begun. */
  get batch(): number {
    return this.batches
  }

  /** Time passes: what waited for it happens, and is told of by the timers. */
  advance(now: Instant): void {
    while (this.waiting.next <= now) {
      const { next } = this.waiting
      const fact = this.waiting.take(next)
      if (fact === undefined) continue
      this.clock = Math.max(this.clock, next)
      this.isByTime = true
      this.each(fact, (entity) => {
        entity.waiting = Math.max(0, entity.waiting - 1)
      })
      this.fold(fact, Infinity)
      this.isByTime = false
    }
    if (now > this.clock) this.clock = now
  }

  /**
   * Folds a fact, or has it wait until it is known.
   *
   * @param position of the log, after it
   */
  take(fact: Fact, position: number): void {
    const known = Math.max(fact.at, fact.receivedAt)
    if (known <= this.clock) this.fold(fact, position)
    else if (this.waiting.add(fact, known)) {
      this.each(fact, (entity) => {
        entity.waiting += 1
        // The moment at which it happens is one at which anything may change.
        if (entity.entity === 'customer') this.touchAll(entity)
      })
    }
  }

  /** Calls back for each entity that a fact tells something of. */
  private each(fact: Fact, touched: (entity: Entity) => void): void {
    this.turnTo(fact)
    const met = new Set<Entity | undefined>()
    if (this.sessionOf(fact) !== null) met.add(this.entityOf('customer'))
    this.parts.dispatch.each(fact, ({ entity }) => met.add(this.entityOf(entity)))
    for (const entity of met) if (entity !== undefined) touched(entity)
  }

  private fold(fact: Fact, position: number): void {
    this.turnTo(fact)
    this.position = position
    this.noteSession(fact)
    this.parts.dispatch.each(fact, this.touch)
  }

  private turnTo(fact: Fact): void {
    this.fact = fact
    this.customer = null
    if (this.others.size > 0) this.others.clear()
  }

  private entityOf(entity: FeatureEntity): Entity | undefined {
    if (entity === 'customer') {
      if (this.customer === null) this.customer = this.found('customer')
      return this.customer
    }
    let found = this.others.get(entity)
    if (found === undefined && !this.others.has(entity)) {
      found = this.found(entity)
      this.others.set(entity, found)
    }
    return found
  }

  private found(entity: FeatureEntity): Entity | undefined {
    return this.parts.kinds.has(entity) ? this.parts.entities.ofFact(entity, this.fact!) : undefined
  }

  /** Null where the fact tells nothing of sessions, or no definition asks for them. */
  private sessionOf(fact: Fact): string | null {
    if (this.sessionStores.length === 0 || fact.kind !== 'event' || fact.customerId === null) return null
    return fieldOf(fact, 'session_id', 'text')
  }

  private noteSession(fact: Fact): void {
    this.bucketInSession = Number.NaN
    const session = this.sessionOf(fact)
    if (session === null) return
    const customer = this.entityOf('customer')!
    if (this.position <= customer.through) return
    customer.sessions ??= new Sessions()
    this.bucketInSession = customer.sessions.note(session, fact.at, fact.key, this.letGo)
    if (this.bucketInSession === undefined) this.parts.trouble.late(customer)
    if (this.parts.isHistory) return
    this.change(customer)
    // Another session may be the current one.
    for (const store of this.sessionStores) this.noteTouch(customer, store)
  }

  /** A session of the customer of the fact makes room for another. */
  private readonly letGo = (bucket: number): void => {
    const customer = this.entityOf('customer')!
    for (const { slot } of this.sessionStores) customer.stores[slot]?.forget(bucket)
  }

  private readonly touch = (store: Store, value: FieldValue): void => {
    const fact = this.fact!
    const entity = this.entityOf(store.entity)
    if (entity === undefined || this.position <= entity.through) return
    const { grid } = store
    const isOfSession = grid === sessionGrid
    const bucket = isOfSession ? this.bucketInSession : grid.bucketOf(fact.at)
    // Where the session is not known any more the customer is to be rebuilt; outside of sessions only sequences count on.
    if (bucket === undefined || (Number.isNaN(bucket) && store.reading.kind !== 'sequence')) return
    const oldest = this.oldestOf(store)
    if (bucket < oldest) return
    const outcome = entity.add(store, bucket, oldest, fact, value)
    if (outcome === 'late') this.parts.trouble.late(entity)
    else if (outcome === 'full') this.parts.trouble.full(entity, store)
    if (this.parts.isHistory) return
    this.change(entity)
    if (store.entity === 'customer') this.noteTouch(entity, store)
    this.watch(entity, store, bucket, fact.at)
  }

  private noteTouch(entity: Entity, { place }: Store): void {
    const before = entity.touchedIn === this.batches ? entity.touched! : this.parts.touchSets.none
    entity.touched = before.and(place)
    entity.touchedIn = this.batches
  }

  private touchAll(entity: Entity): void {
    entity.touched = this.parts.touchSets.everything
    entity.touchedIn = this.batches
  }

  /** Asked for the same moment again and again. */
  private oldestOf({ grid, windows, oldest }: Store): number {
    if (oldest.asOf !== this.clock) {
      oldest.asOf = this.clock
      oldest.bucket = grid.oldest(windows, this.clock)
    }
    return oldest.bucket
  }

  private change(entity: Entity): void {
    if (entity.isAsked) this.parts.trouble.stale(entity)
    if (this.isByTime) {
      this.parts.timers.set(entity, Math.min(entity.dueAt, this.clock))
      return
    }
    if (entity.batch === this.batches) return
    entity.batch = this.batches
    this.changed.push(entity)
  }

  /** A fact more moves the entity's timer no farther than to when its own bucket next moves. */
  private watch(entity: Entity, store: Store, bucket: number, at: Instant): void {
    const { dueAfterMs } = store
    let due = Math.min(entity.dueAt, this.nextMoveOf(store, bucket))
    if (dueAfterMs !== null && at + dueAfterMs > this.clock) due = Math.min(due, at + dueAfterMs)
    if (due < entity.dueAt) this.parts.timers.set(entity, due)
  }

  /** Asked for the same bucket at the same moment again and again. */
  private nextMoveOf({ grid, windows, nextMove }: Store, bucket: number): Instant {
    if (nextMove.asOf !== this.clock || nextMove.bucket !== bucket) {
      let next = Infinity
      for (const window of windows) next = Math.min(next, grid.nextMove(window, bucket, this.clock))
      nextMove.asOf = this.clock
      nextMove.bucket = bucket
      nextMove.at = next
    }
    return nextMove.at
  }

  /** The timer of an entity that has none, from all that is remembered of it. */
  setTimer(entity: Entity): void {
    this.parts.timers.set(entity, this.dueOf(entity))
  }

  /** When time next changes anything of an entity. */
  dueOf(entity: Entity): Instant {
    let due = Infinity
    for (const leaf of this.parts.planned.leaves)
      if (leaf.entity === entity.entity) due = Math.min(due, entity.changesAt(leaf, this.clock, Infinity))
    return due
  }

  setTrait(trait: TraitFact): void {
    this.say(trait.customerId, trait.knownAt, (said) => said.setTrait(trait, this.clock))
  }

  setScore(score: ScoreFact): void {
    this.say(score.customerId, score.asOf, (said) => said.setScore(score, this.clock))
  }

  private say(customerId: string, at: Instant, set: (said: Said) => void): void {
    const customer = this.parts.entities.of('customer', [customerId])
    customer.said ??= new Said()
    set(customer.said)
    if (this.parts.isHistory) return
    this.touchAll(customer)
    if (at <= this.clock) this.change(customer)
    else if (at < customer.dueAt) this.parts.timers.set(customer, at)
  }
}
