import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import type { Fact, ScoreFact, TraitFact } from '../defined/fact.ts'
import { fieldOf } from '../defined/meets.ts'
import type { FieldValue } from './cells/cell.ts'
import { Dispatch } from './dispatch.ts'
import type { Entities } from './entities.ts'
import type { Entity } from './entity.ts'
import type { PlannedLeaf, PlannedStores, Store } from './plan-stores.ts'
import { Said } from './said.ts'
import { Sessions, sessionGrid } from './sessions.ts'
import { type Timed, Timers } from './timers.ts'

interface Waiting extends Timed {
  readonly fact: Fact
}

/** What must be done about an entity that a fact could not be folded into. */
export interface Trouble {
  /** It must be rebuilt from its facts. */
  late(entity: Entity): void
  /** Of this store its values must be asked from the warehouse. */
  full(entity: Entity, store: Store): void
}

/** Brings facts into entities, at the time that they are known from. */
export class Folding {
  clock: Instant = -Infinity
  private readonly entities: Entities
  private readonly timers: Timers<Entity>
  private readonly trouble: Trouble
  private readonly dispatch: Dispatch
  private readonly leaves: readonly PlannedLeaf[]
  private readonly waiting = new Timers<Waiting>()
  /** Those over a customer's current session. */
  private readonly sessionStores: readonly Store[]
  private changed: Entity[] = []
  private batch = 0
  private fact: Fact | undefined
  private bucketInSession: number | undefined
  private readonly ofFact = new Map<FeatureEntity, Entity | undefined>()

  constructor(planned: PlannedStores, entities: Entities, timers: Timers<Entity>, trouble: Trouble) {
    this.entities = entities
    this.timers = timers
    this.trouble = trouble
    this.dispatch = new Dispatch(planned)
    this.leaves = planned.leaves
    this.sessionStores = planned.byEntity.get('customer')?.filter(({ grid }) => grid === sessionGrid) ?? []
  }

  /** What is changed from here on is collected in the list that it gives back. */
  begin(): readonly Entity[] {
    this.changed = []
    this.batch += 1
    return this.changed
  }

  /** Time passes: what waited for it happens. */
  advance(now: Instant): void {
    while (this.waiting.next <= now) {
      const { next } = this.waiting
      const come = this.waiting.take(next)
      if (come === undefined) continue
      this.clock = Math.max(this.clock, next)
      this.begin()
      this.fold(come.fact)
    }
    if (now > this.clock) this.clock = now
  }

  /** Folds a fact, or has it wait until it is known. */
  take(fact: Fact): void {
    const known = Math.max(fact.at, fact.receivedAt)
    if (known <= this.clock) this.fold(fact)
    else this.wait(fact, known)
  }

  private wait(fact: Fact, until: Instant): void {
    this.waiting.set({ fact, dueAt: Infinity }, until)
    this.turnTo(fact)
    this.dispatch.each(fact, ({ entity }) => {
      const touched = this.entityOf(entity)
      if (touched !== undefined) this.waitFor(touched, until)
    })
    if (this.sessionOf(fact) !== null) this.waitFor(this.entityOf('customer')!, until)
  }

  private waitFor(entity: Entity, until: Instant): void {
    entity.waiting = [...(entity.waiting ?? []).filter((at) => at > this.clock && at !== until), until]
    if (until < entity.dueAt) this.timers.set(entity, until)
  }

  private fold(fact: Fact): void {
    this.turnTo(fact)
    this.noteSession(fact)
    this.dispatch.each(fact, this.touch)
  }

  private turnTo(fact: Fact): void {
    this.fact = fact
    this.ofFact.clear()
  }

  private entityOf(entity: FeatureEntity): Entity | undefined {
    let found = this.ofFact.get(entity)
    if (found === undefined && !this.ofFact.has(entity)) {
      found = this.entities.ofFact(entity, this.fact!)
      this.ofFact.set(entity, found)
    }
    return found
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
    customer.sessions ??= new Sessions()
    const letGo = (bucket: number): void => {
      for (const { place } of this.sessionStores) customer.stores[place]?.forget(bucket)
    }
    this.bucketInSession = customer.sessions.note(session, fact.at, fact.key, letGo)
    if (this.bucketInSession === undefined) this.trouble.late(customer)
    this.change(customer)
  }

  private readonly touch = (store: Store, value: FieldValue): void => {
    const fact = this.fact!
    const entity = this.entityOf(store.entity)
    if (entity === undefined) return
    const { grid, windows } = store
    const isOfSession = grid === sessionGrid
    const bucket = isOfSession ? this.bucketInSession : grid.bucketOf(fact.at)
    // Where the session is not known any more the customer is to be rebuilt; outside of sessions only sequences count on.
    if (bucket === undefined || (Number.isNaN(bucket) && store.reading.kind === 'aggregate')) return
    const oldest = grid.oldest(windows, this.clock)
    if (bucket < oldest) return
    const outcome = entity.add(store, bucket, oldest, fact, value)
    if (outcome === 'late') this.trouble.late(entity)
    else if (outcome === 'full') this.trouble.full(entity, store)
    this.change(entity)
    this.watch(entity, store, bucket, fact.at)
  }

  private change(entity: Entity): void {
    if (entity.batch === this.batch) return
    entity.batch = this.batch
    this.changed.push(entity)
  }

  /** A fact more moves the entity's timer no farther than to when its own bucket next moves. */
  private watch(entity: Entity, { grid, windows, dueAfterMs }: Store, bucket: number, at: Instant): void {
    let due = entity.dueAt
    for (const window of windows) due = Math.min(due, grid.nextMove(window, bucket, this.clock))
    if (dueAfterMs !== null && at + dueAfterMs > this.clock) due = Math.min(due, at + dueAfterMs)
    if (due < entity.dueAt) this.timers.set(entity, due)
  }

  /** The timer of an entity that has none, from all that is remembered of it. */
  setTimer(entity: Entity): void {
    let due = Infinity
    for (const leaf of this.leaves)
      if (leaf.entity === entity.entity) due = Math.min(due, entity.changesAt(leaf, this.clock))
    this.timers.set(entity, due)
  }

  setTrait(trait: TraitFact): void {
    this.say(trait.customerId, trait.knownAt, (said) => said.setTrait(trait, this.clock))
  }

  setScore(score: ScoreFact): void {
    this.say(score.customerId, score.asOf, (said) => said.setScore(score, this.clock))
  }

  private say(customerId: string, at: Instant, set: (said: Said) => void): void {
    const customer = this.entities.of('customer', [customerId])
    customer.said ??= new Said()
    set(customer.said)
    if (at > this.clock) this.waitFor(customer, at)
    else this.change(customer)
  }
}
