import { inTurns, servingMs } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import { fieldOf } from '../defined/meets.ts'
import { Entities, type Owner } from './entities.ts'
import type { Entity } from './entity.ts'
import type { FactReader, ReadFacts } from './fact-reader.ts'
import { Folding, type FoldingParts, kindsOf } from './folding.ts'
import type { Rebuild, RebuildQueue } from './rebuild-queue.ts'
import { LatestSessions, Sessions } from './sessions.ts'
import { Timers } from './timers.ts'

/** How long the warehouse is given to see what was taken here, ms. */
const catchUpMs = 250

/** Entities that were made from their facts, not yet in use. */
interface Rebuilt {
  readonly position: number
  readonly entities: Entities
  readonly folding: Folding
  readonly facts: number
  readonly isComplete: boolean
}

/** Makes entities anew from their facts, while the old ones serve. */
export class Rebuilder {
  private readonly parts: FoldingParts
  private readonly main: Folding
  private readonly queue: RebuildQueue
  private readonly reader: FactReader

  constructor(parts: FoldingParts, main: Folding, queue: RebuildQueue, reader: FactReader) {
    this.parts = parts
    this.main = main
    this.queue = queue
    this.reader = reader
  }

  /** @returns who is another now */
  async rebuild(atMost: number): Promise<readonly Entity[]> {
    const ready = this.queue.ready(this.main.clock, atMost)
    if (ready.length === 0) return []
    const { kind } = ready[0]!.owner
    const rebuilt = await this.make(
      kind,
      ready.map(({ owner }) => owner.id),
    )
    // From here to the end nothing else runs: what was taken meanwhile is all in `taken`.
    const isInTime = (rebuild: Rebuild): boolean => rebuilt.isComplete && rebuilt.position >= rebuild.position
    const wanted = ready.filter((rebuild) => this.queue.isWanted(rebuild))
    for (const rebuild of wanted) if (!isInTime(rebuild)) rebuild.notBefore = this.main.clock + catchUpMs
    const done = wanted.filter(isInTime)
    for (const rebuild of done) this.queue.finish(rebuild, this.main.clock, rebuilt.facts / ready.length)
    rebuilt.folding.advance(this.main.clock)
    for (const { taken } of done)
      for (const { apply, position } of taken) if (position > rebuilt.position) apply(rebuilt.folding)
    return this.replace(done, rebuilt)
  }

  private replace(done: readonly Rebuild[], { entities, folding, position }: Rebuilt): readonly Entity[] {
    const changed: Entity[] = []
    for (const { owner } of done) {
      const fresh = entities.owned(owner)
      const gone = this.parts.entities.drop(owner)
      for (const entity of gone) this.parts.timers.set(entity, Infinity)
      for (const entity of fresh) {
        entity.dueAt = Infinity
        entity.batch = 0
        entity.touchedIn = -1
        entity.through = position
        this.parts.entities.adopt(entity)
        this.main.setTimer(entity)
        if (entity.isAsked) this.parts.trouble.stale(entity)
      }
      const isFresh = ({ entity, key }: Entity): boolean => entities.get(entity, key) !== undefined
      // One by one: somebody may have looked at more products than a call may have arguments.
      for (const entity of fresh) changed.push(entity)
      for (const entity of gone) if (!isFresh(entity)) changed.push(entity)
    }
    const owners = new Set(done.map(({ owner }) => owner.id))
    const isOfCustomers = done[0]?.owner.kind === 'customer'
    if (isOfCustomers) this.main.waiting.forget(owners)
    for (const { fact, until } of folding.waiting)
      if (!isOfCustomers || owners.has(fact.customerId!)) this.main.waiting.add(fact, until)
    return changed
  }

  private async make(kind: Owner['kind'], ids: readonly string[]): Promise<Rebuilt> {
    const first = await this.fold(kind, await this.reader.read(kind, ids), new Map())
    if (first.isComplete) return first
    // A session came back after it was let go: first see which ones are the latest in the end.
    const chosen = new Map<string, LatestSessions>()
    const { facts } = await this.reader.read(kind, ids)
    for await (const some of facts) for (const fact of some) noteSession(chosen, fact, this.main.clock)
    return this.fold(kind, await this.reader.read(kind, ids), chosen)
  }

  private async fold(
    kind: Owner['kind'],
    read: ReadFacts,
    chosen: ReadonlyMap<string, LatestSessions>,
  ): Promise<Rebuilt> {
    let isComplete = true
    let facts = 0
    const { planned, dispatch, trouble, touchSets } = this.parts
    const entities = new Entities(planned.byEntity)
    const folding = new Folding({
      ...{ planned, dispatch, entities, timers: new Timers<Entity>(), touchSets, kinds: kindsOf[kind] },
      trouble: {
        late: (entity) => {
          isComplete = false
          trouble.late(entity)
        },
        full: (entity, store) => entity.ask(store, planned.leaves, folding.clock),
        stale: () => {},
      },
    })
    folding.advance(this.main.clock)
    for (const [customerId, latest] of chosen)
      entities.of('customer', [customerId]).sessions = Sessions.of(latest.chosen())
    const seen = new Map<string, LatestSessions>()
    for await (const traits of read.traits) for (const trait of traits) folding.setTrait(trait)
    for await (const scores of read.scores) for (const score of scores) folding.setScore(score)
    for await (const some of read.facts) {
      facts += some.length
      await inTurns(foldEach(folding, some, Infinity), servingMs)
      if (chosen.size > 0) for (const fact of some) noteSession(seen, fact, folding.clock)
    }
    for (const [customerId, latest] of chosen) {
      entities.of('customer', [customerId]).sessions!.open()
      // Another one began between the two readings.
      if (String(seen.get(customerId)?.chosen()) !== String(latest.chosen())) isComplete = false
    }
    return { position: read.position, entities, folding, facts, isComplete }
  }
}

/** Folds facts in steps. @param isGone whose are left out: asked at each, as somebody may go meanwhile */
export function* foldEach(
  folding: Folding,
  facts: readonly Fact[],
  position: number,
  isGone: (customerId: string | null) => boolean = () => false,
): Generator<void, void> {
  for (const fact of facts) {
    if (!isGone(fact.customerId)) folding.take(fact, position)
    yield
  }
}

function noteSession(seen: Map<string, LatestSessions>, fact: Fact, clock: number): void {
  const session = fact.kind === 'event' ? fieldOf(fact, 'session_id', 'text') : null
  if (session === null || fact.customerId === null || Math.max(fact.at, fact.receivedAt) > clock) return
  let latest = seen.get(fact.customerId)
  if (latest === undefined) {
    latest = new LatestSessions()
    seen.set(fact.customerId, latest)
  }
  latest.note(session, fact.at, fact.key)
}
