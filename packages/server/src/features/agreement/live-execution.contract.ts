import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import { type Fact, inOrder } from '../defined/fact.ts'
import { type EntityKey, entityKeyOf, evaluateTree, interpretLeaf } from '../defined/interpret.ts'
import type { Plan } from '../defined/plan.ts'
import type { FactReader, ReadFacts } from '../live/fact-reader.ts'
import { historyOfFacts } from '../live/history/history-of-facts.ts'
import type { History } from '../live/history/read-history.ts'
import { LiveFeatures } from '../live/live-features.ts'
import { type EntityValues, type Execution, featuresOf } from './execution.contract.ts'
import type { Step } from './story.contract.ts'
import type { World } from './world.contract.ts'

/** A log, as the live engine reads it again. */
export interface LogReader extends FactReader {
  /** @param world after a step, which is at this position of the log */
  told(step: Step, world: World, position: number): Promise<void>
  /** Whether it tells what came after a position, so that a start can go on from a snapshot. */
  readonly hasPositions: boolean
}

/** Whatever the world holds. */
class WorldReader implements LogReader {
  readonly hasPositions = true
  private readonly plan: Plan
  private readonly positions = new Map<bigint, number>()
  private world: World | undefined
  position = -1

  constructor(plan: Plan) {
    this.plan = plan
  }

  async told(_step: Step, world: World, position: number): Promise<void> {
    for (const { key } of world.raw) if (!this.positions.has(key)) this.positions.set(key, position)
    this.world = world
    this.position = position
  }

  async read(kind: 'customer' | 'product' | 'category', ids: readonly string[]): Promise<ReadFacts> {
    return this.answer(
      (fact) => ids.includes(entityKeyOf(kind, fact)?.[0] ?? ''),
      (customerId) => kind === 'customer' && ids.includes(customerId),
    )
  }

  async readHistory(clock: Instant): Promise<History> {
    return historyOfFacts(this.plan, this.world!.history(), { position: this.position, clock })
  }

  async readSince(position: number): Promise<ReadFacts> {
    return this.answer(
      ({ key }) => this.positions.get(key)! > position,
      () => true,
    )
  }

  async leafValues(_entity: FeatureEntity, keys: readonly EntityKey[], leaves: readonly number[], asOf: Instant) {
    const history = this.world!.history()
    return {
      position: this.position,
      values: keys.map((key) => leaves.map((leaf) => interpretLeaf(this.plan.leaves[leaf]!, history, key, asOf))),
    }
  }

  private answer(isRead: (fact: Fact) => boolean, isSaid: (customerId: string) => boolean): ReadFacts {
    const { facts, traits, scores } = this.world!.history()
    return {
      position: this.position,
      facts: inParts(facts.filter(isRead).sort(inOrder)),
      traits: inParts(traits.filter(({ customerId }) => isSaid(customerId))),
      scores: inParts(scores.filter(({ customerId }) => isSaid(customerId))),
    }
  }
}

async function* inParts<Item>(all: readonly Item[]): AsyncGenerator<readonly Item[]> {
  for (let at = 0; at < all.length; at += 50) yield all.slice(at, at + 50)
}

/** The live engine, told of each step as the server would tell it. */
export class LiveExecution implements Execution {
  readonly name: string
  private readonly plan: Plan
  private readonly timezone: string
  private readonly reader: LogReader
  private live: LiveFeatures
  private position = 0
  /** Who owned what before the step. */
  private owners = new Map<string, string>()
  private before: readonly Fact[] = []
  private readonly snapshot: string
  /** Whether the log alone tells what happened since the snapshot. */
  private isSnapshotOfUse = false

  /**
   * @param folder for snapshots
   * @param reader where it reads what it does not remember. Default the world itself
   */
  constructor(plan: Plan, timezone: string, folder: string, reader: LogReader = new WorldReader(plan)) {
    this.name = reader instanceof WorldReader ? 'live' : 'live beside a store'
    this.snapshot = join(folder, 'live.snapshot')
    this.plan = plan
    this.timezone = timezone
    this.reader = reader
    this.live = new LiveFeatures(plan, timezone, reader)
  }

  async apply(step: Step, world: World): Promise<void> {
    this.position += 1
    const { now } = step
    switch (step.kind) {
      case 'facts':
      case 'again':
        this.live.take({ facts: step.facts.map((raw) => world.factOf(raw)), position: this.position }, now)
        break
      case 'traits':
        this.live.setTraits(
          step.traits.map((trait) => world.traitOf(trait)),
          now,
        )
        break
      case 'scores':
        this.live.setScores(step.scores, now)
        break
      case 'merge':
      case 'unmerge': {
        const ids = [...step.owners].flatMap(([identity, owner]) => [this.owners.get(identity) ?? identity, owner])
        this.rebuild('customer', ids)
        this.isSnapshotOfUse = false
        break
      }
      case 'erase':
        this.isSnapshotOfUse = false
        this.erase(step.identities, world)
        break
      case 'restart':
        await this.reader.told(step, world, this.position)
        // From a snapshot of now, of before, or from none.
        if (this.position % 3 === 0) await this.save()
        await this.restart(now, this.reader.hasPositions && this.position % 3 !== 1)
        break
      case 'check':
    }
    // A restart was told of before it began.
    if (step.kind !== 'restart') await this.reader.told(step, world, this.position)
    this.owners = new Map(world.owners)
    this.before = world.history().facts
    if (this.position % 29 === 0) await this.save()
    // Some of the work is done between facts, the rest piles up.
    if (this.position % 3 === 0) await this.live.work(now)
  }

  private erase(identities: readonly string[], world: World): void {
    const left = new Set(world.raw.map(({ key }) => key))
    const gone = this.before.filter(({ key }) => !left.has(key))
    // Somebody who was joined to another may have a score of before.
    const ids = identities.flatMap((identity) => [identity, this.owners.get(identity) ?? identity])
    this.live.forget([...new Set(ids)])
    for (const kind of ['product', 'category'] as const)
      this.rebuild(
        kind,
        gone.flatMap((fact) => entityKeyOf(kind, fact) ?? []),
      )
  }

  private rebuild(kind: 'customer' | 'product' | 'category', ids: readonly string[]): void {
    this.live.rebuild([...new Set(ids)].map((id) => ({ kind, id })))
  }

  private async save(): Promise<void> {
    await this.live.save(this.snapshot, 'store')
    this.isSnapshotOfUse = true
  }

  private async restart(now: Instant, isFromSnapshot: boolean): Promise<void> {
    this.live = new LiveFeatures(this.plan, this.timezone, this.reader)
    if (isFromSnapshot && this.isSnapshotOfUse) {
      const outcome = await this.live.restore(this.snapshot, 'store')
      if (outcome !== 'restored') throw new Error(`the snapshot must be of use, got ${outcome}`)
    }
    await this.live.build(now)
  }

  /** Until nobody waits any more, which may take some seconds. @returns the moment at which that is so */
  async settle(now: Instant): Promise<Instant> {
    // Its time does not run back: an earlier wait may have taken it past now.
    let at = Math.max(now, this.live.clock)
    // What carries a later time may happen by now, and find that somebody must be rebuilt.
    this.live.due(at, Infinity)
    for (let turn = 0; this.live.behind > 0; turn += 1) {
      if (turn > 200) throw new Error(`${this.live.behind} were still behind after 200 turns`)
      await this.live.work(at)
      if (this.live.behind > 0) at += 1001
      this.live.due(at, Infinity)
    }
    if (this.live.mustBeBuiltAnew) await this.restart(at, false)
    return at
  }

  async values(asOf: Instant): Promise<EntityValues> {
    return (entity, key) =>
      featuresOf(this.plan, entity).map(({ tree }) =>
        evaluateTree(tree, (leaf) => this.live.leafValue(key, leaf, asOf)),
      )
  }

  async end(): Promise<void> {
    rmSync(this.snapshot, { force: true })
  }
}
