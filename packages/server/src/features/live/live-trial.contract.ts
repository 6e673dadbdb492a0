import { expect } from 'vitest'
import type { Fact, ScoreFact, TraitFact } from '../defined/fact.ts'
import { interpretLeaf } from '../defined/interpret.ts'
import type { Leaf, Plan } from '../defined/plan.ts'
import { agrees } from './agrees.contract.ts'
import type { Owner } from './entities.ts'
import type { LiveEntity } from './entity.ts'
import { LiveFeatures } from './live-features.ts'
import { MemoryReader } from './memory-reader.ts'
import { keysOf, start } from './random-live.contract.ts'

export const timezone = 'Europe/Berlin'

/** Fewer than there are, so that most are frozen and thawed all the time. */
const warm = 2

const inexact = new Set(['average', 'decayed-sum', 'time-since-first', 'time-since-last', 'gap-mean', 'gap-deviation'])
/** Others every moment. */
const flowing = new Set(['decayed-sum', 'time-since-first', 'time-since-last'])
const isExact = (leaf: Leaf): boolean => leaf.kind !== 'aggregate' || !inexact.has(leaf.aggregate)
const entityOf = (leaf: Leaf) => ('entity' in leaf ? leaf.entity : 'customer')

/** A live engine beside all that it was told, to hold it against the reference. */
export class LiveTrial {
  readonly plan: Plan
  readonly reader: MemoryReader
  live: LiveFeatures
  facts: Fact[] = []
  traits: TraitFact[] = []
  scores: ScoreFact[] = []
  now = start - 100 * 3_600_000
  private position = 0

  constructor(plan: Plan) {
    this.plan = plan
    this.reader = new MemoryReader(plan, timezone)
    this.live = new LiveFeatures(plan, timezone, this.reader, { warm })
  }

  take(facts: readonly Fact[]): readonly LiveEntity[] {
    this.now = Math.max(this.now, ...facts.map(({ receivedAt }) => receivedAt))
    this.facts.push(...facts)
    this.position += 1
    return this.live.take({ facts, position: this.position }, this.now)
  }

  /** The warehouse sees what was taken. */
  store(): void {
    this.reader.hold(this, this.position)
  }

  /** From here on what one customer did is another's. */
  merge(from: string, into: string): void {
    const move = <T extends { readonly customerId: string | null }>(one: T): T =>
      one.customerId === from ? { ...one, customerId: into } : one
    this.facts = this.facts.map(move)
    this.traits = this.traits.map(move)
    this.scores = this.scores.map(move)
    this.store()
    this.rebuild('customer', [from, into])
  }

  erase(customerId: string): void {
    this.facts = this.facts.filter((fact) => fact.customerId !== customerId)
    this.traits = this.traits.filter((trait) => trait.customerId !== customerId)
    this.scores = this.scores.filter((score) => score.customerId !== customerId)
    this.store()
    this.live.forget([customerId])
    this.rebuild('product', keysOf('product').flat())
    this.rebuild('category', keysOf('category').flat())
  }

  rebuild(kind: Owner['kind'], ids: readonly string[]): void {
    this.live.rebuild(ids.map((id) => ({ kind, id })))
  }

  /** Stopped and started again, from a snapshot or from the log. */
  async restart(path: string | null): Promise<void> {
    if (path !== null) await this.live.save(path, 'shop')
    this.live = new LiveFeatures(this.plan, timezone, this.reader, { warm })
    if (path !== null) expect(await this.live.restore(path, 'shop')).toBe('restored')
    this.store()
    await this.live.build(this.now)
  }

  /** Until nobody waits to be rebuilt or asked for. */
  async settle(): Promise<void> {
    this.store()
    for (let turn = 0; this.live.behind > 0; turn += 1) {
      if (turn > 100) throw new Error(`${this.live.behind} were still behind after 100 turns`)
      await this.live.work(this.now)
      if (this.live.behind > 0) this.now += 1001
    }
  }

  expectSame(asOf: number): void {
    this.now = Math.max(this.now, asOf)
    this.plan.leaves.forEach((leaf, place) => {
      for (const key of keysOf(entityOf(leaf))) {
        const expected = interpretLeaf(leaf, { ...this, timezone }, key, asOf)
        const got = this.live.leafValue(key, place, asOf)
        // What rounding leaves of gaps that are all the same is far below a ten-thousandth of a day.
        if (!agrees(got, expected, isExact(leaf), 1e-4))
          expect.fail(`${JSON.stringify({ leaf, key, asOf })}: live ${got}, reference ${expected}`)
      }
    })
  }

  /** Goes from change to change in time: until just before the next one nothing is another, and the timers know of it. */
  expectConstantUntilChange(steps: number): void {
    for (let step = 0; step < steps; step += 1) {
      const asOf = this.now
      let soonest = Infinity
      this.plan.leaves.forEach((leaf, place) => {
        if (leaf.kind === 'aggregate' && flowing.has(leaf.aggregate)) return
        for (const key of keysOf(entityOf(leaf))) {
          const changesAt = this.live.leafChangesAt(key, place, asOf)
          expect(changesAt).toBeGreaterThan(asOf)
          soonest = Math.min(soonest, changesAt)
          const [first, last] = [asOf, Math.min(changesAt - 1, asOf + 400 * 24 * 3_600_000)].map((moment) =>
            interpretLeaf(leaf, { ...this, timezone }, key, moment),
          )
          if (first !== last) expect.fail(`${JSON.stringify({ leaf, key, asOf, changesAt })}: ${first}, then ${last}`)
        }
      })
      expect(this.live.nextDue).toBeLessThanOrEqual(soonest)
      if (soonest === Infinity) return
      const due = this.live.due(soonest)
      expect(due.length).toBeGreaterThan(0)
      this.now = soonest
      this.expectSame(soonest)
    }
  }
}
