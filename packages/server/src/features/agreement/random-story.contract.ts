import type { Random } from '@rapport/numerics'
import { dayMs, type Instant } from '../../base/index.ts'
import type { ScoreFact } from '../defined/fact.ts'
import type { FactSign, RawFact, RawTrait, Step, Story } from './story.contract.ts'
import { categories, countries, currency, eventNames, plans, products, sources } from './words.contract.ts'

const ratings = ['5', '4.5', '3', '-1', '1e3', '0.0000005', 'none', ' 4', '1e400']
const sessions = ['s1', 's2', 's3', 's4', 's5']
/** Clocks go back in the first, a year ends in the second, months have their ends in both. */
const beginnings: readonly Instant[] = [Date.UTC(2024, 9, 15), Date.UTC(2024, 11, 18), Date.UTC(2025, 2, 1)]
const zones = ['Europe/Berlin', 'America/New_York', 'UTC', 'Asia/Kolkata', 'Australia/Lord_Howe']

export interface StorySize {
  /** How many are known by a user id, and as many by a browser's. */
  readonly people: number
  /** How often facts come in. */
  readonly arrivals: number
  readonly checks: number
}

/** What happens to a store in three weeks, full of edge cases. */
export function randomStory(random: Random, turn: number, size: StorySize): Story {
  return new Teller(random, size, beginnings[turn % beginnings.length]!).tell(zones[turn % zones.length]!)
}

class Teller {
  private readonly random: Random
  private readonly size: StorySize
  private readonly identities: readonly string[]
  /** Identities and the customers whose they are. */
  private readonly owners = new Map<string, string>()
  private readonly all: RawFact[] = []
  private now: Instant
  private key = 0
  private scoredAt = 0
  private records = 0

  constructor(random: Random, size: StorySize, now: Instant) {
    this.random = random
    this.size = size
    this.now = now
    const people = Array.from({ length: size.people }, (_, at) => at)
    this.identities = [...people.map((at) => `u${at}`), ...people.map((at) => `anonymous:a${at}`)]
    for (const identity of this.identities) this.owners.set(identity, identity)
  }

  tell(timezone: string): Story {
    const { arrivals, checks } = this.size
    const steps: Step[] = []
    for (let at = 1; at <= arrivals; at += 1) {
      this.pass()
      steps.push(...this.happening())
      if (at % Math.ceil(arrivals / checks) === 0 || at === arrivals) {
        this.pass()
        steps.push({ kind: 'check', now: this.now })
      }
    }
    // Time alone changes values too.
    for (const days of [0.3, 2, 9]) {
      this.now += days * dayMs
      steps.push({ kind: 'check', now: this.now })
    }
    return { timezone, steps }
  }

  private pick<Item>(items: readonly Item[]): Item {
    return items[this.random.integer(items.length)]!
  }

  private pass(): void {
    const { random } = this
    this.now += this.pick([0, 1, random.integer(60_000), random.integer(3_600_000), random.integer(dayMs / 2)])
    // On the edge of a bucket now and then.
    if (random.integer(6) === 0) this.now = Math.ceil(this.now / 3_600_000) * 3_600_000
  }

  private happening(): readonly Step[] {
    const { now } = this
    const what = this.random.integer(40)
    if (what === 0) return this.merge()
    if (what === 1) return this.unmerge()
    if (what === 2 && this.random.integer(2) === 0) return this.erase()
    if (what === 3 && this.random.integer(2) === 0) return [{ kind: 'restart', now }]
    if (what < 6) return [{ kind: 'traits', now, traits: [this.trait(), this.trait(), this.trait()] }]
    if (what === 6) return [{ kind: 'scores', now, scores: Array.from({ length: 6 }, () => this.score()) }]
    if (what < 9 && this.all.length > 0) return [{ kind: 'again', now, facts: [this.pick(this.all)] }]
    const facts = Array.from({ length: 1 + this.random.integer(5) }, () => this.fact())
    this.all.push(...facts)
    return [{ kind: 'facts', now, facts }]
  }

  private merge(): readonly Step[] {
    const [one, other] = [this.pick(this.identities), this.pick(this.identities)]
    const [kept, gone] = [this.owners.get(one)!, this.owners.get(other)!]
    if (kept === gone) return []
    const moved = new Map([...this.owners].flatMap(([identity, owner]) => (owner === gone ? [[identity, kept]] : [])))
    return this.owned('merge', moved)
  }

  private unmerge(): readonly Step[] {
    const joined = this.identities.filter((identity) => this.owners.get(identity) !== identity)
    if (joined.length === 0) return []
    const identity = this.pick(joined)
    return this.owned('unmerge', new Map([[identity, identity]]))
  }

  private owned(kind: 'merge' | 'unmerge', moved: ReadonlyMap<string, string>): readonly Step[] {
    for (const [identity, owner] of moved) this.owners.set(identity, owner)
    return [{ kind, now: this.now, owners: moved }]
  }

  private erase(): readonly Step[] {
    const gone = this.owners.get(this.pick(this.identities))!
    const identities = this.identities.filter((identity) => this.owners.get(identity) === gone)
    // What comes again is of somebody new.
    for (const identity of identities) this.owners.set(identity, identity)
    for (let at = this.all.length - 1; at >= 0; at -= 1)
      if (identities.includes(this.all[at]!.identity ?? '')) this.all.splice(at, 1)
    return [{ kind: 'erase', now: this.now, identities }]
  }

  private trait(): RawTrait {
    const { now, random } = this
    const trait = this.pick(['plan', 'income'])
    this.records += 1
    return {
      ...{ identity: this.pick(this.identities.slice(0, this.size.people)), key: BigInt(this.records), trait },
      knownAt: this.pick([now, now, now - random.integer(5 * dayMs), now + random.integer(2 * dayMs)]),
      value: trait === 'plan' ? this.pick([...plans, '-0.5']) : this.pick(['30000', '52000.5', '0.1']),
    }
  }

  private score(): ScoreFact {
    // Of one moment there is one.
    this.scoredAt = Math.max(this.now, this.scoredAt + 1)
    return {
      ...{ customerId: this.pick(this.identities), score: 'lapse', value: this.random.uniform(), asOf: this.scoredAt },
    }
  }

  private fact(): RawFact {
    const { random, now } = this
    const signs: FactSign[] = []
    let [at, receivedAt] = [now, now]
    const kind = random.integer(10)
    if (kind < 3) {
      at = now - this.pick([random.integer(120_000), random.integer(dayMs), random.integer(15 * dayMs)])
      signs.push('late')
      if (random.integer(3) === 0) at = Math.floor(at / 3_600_000) * 3_600_000 - this.pick([0, 1])
    } else if (kind === 3) {
      at = now + this.pick([1, random.integer(3_600_000), random.integer(3 * dayMs)])
      signs.push('early')
    } else if (kind === 4) {
      at = now - random.integer(20 * dayMs)
      receivedAt = at
      signs.push('imported')
    }
    const twin = this.all.length > 0 && random.integer(6) === 0 ? this.pick(this.all.slice(-12)) : undefined
    if (twin !== undefined) {
      at = twin.at
      receivedAt = signs.includes('imported') ? at : now
      signs.push('equal moment')
    }
    const identity = twin !== undefined && random.integer(3) > 0 ? twin.identity : this.identity()
    const made = { key: this.nextKey(), at, receivedAt, signs }
    return random.integer(5) < 2 ? this.line({ ...made, identity }) : this.event({ ...made, identity })
  }

  private identity(): string | null {
    if (this.random.integer(25) === 0) return null
    // Few have much: their state goes through all its sizes.
    return this.random.integer(4) === 0 ? this.pick(this.identities.slice(0, 3)) : this.pick(this.identities)
  }

  private event(made: Pick<RawFact, 'key' | 'at' | 'receivedAt' | 'identity' | 'signs'>): RawFact {
    const { random } = this
    const isForeign = random.integer(8) === 0
    const price = this.pick([null, 10, 19.99, 1 / 8, random.integer(100_000) / 1000])
    return {
      ...{ ...made, kind: 'event', name: this.pick(eventNames), call: this.pick(['track', 'track', 'page']) },
      fields: {
        product_id: this.pick([...products, null]),
        category: this.pick([...categories, null]),
        session_id: this.pick([...sessions, null]),
        source: this.pick([...sources, null]),
        message_id: this.pick(['m1', 'm2', null, null]),
        currency: isForeign ? 'USD' : this.pick([currency, null]),
        quantity: millionthsOrNull(this.pick([1, 2, 0.5, -3, null])),
        // Money of another currency is missing.
        price: isForeign ? null : millionthsOrNull(price),
        'properties.rating': this.pick([...ratings, null, null]),
        'properties.plan.name': this.pick([...plans, null]),
      },
    }
  }

  private line(made: Pick<RawFact, 'key' | 'at' | 'receivedAt' | 'identity' | 'signs'>): RawFact {
    const { random } = this
    const isForeign = random.integer(8) === 0
    const money = (values: readonly (number | null)[]): number | null =>
      isForeign ? null : millionthsOrNull(this.pick(values))
    const identity = made.identity?.startsWith('anonymous:') ? null : made.identity
    return {
      ...{ ...made, identity, kind: 'line', call: null },
      name: this.pick(['sale', 'sale', 'sale', 'cancellation', 'adjustment']),
      fields: {
        order_id: this.pick(['o1', 'o2', 'o3', 'o4']),
        product_id: this.pick([...products, null]),
        category: this.pick([...categories, null]),
        source: this.pick([...sources, null]),
        country: this.pick([...countries, null]),
        currency: isForeign ? 'USD' : currency,
        quantity: millionthsOrNull(this.pick([1, 2, 0.5, 3])),
        unit_price: money([0.001, 12.5, 20]),
        amount: money([0, 20, -5.25, 8_999_999_999, -8e9, random.integer(90_000) / 1000]),
        discount: money([null, 0, 1.5]),
        tax: money([null, 0.19]),
        refund: money([null, null, 2]),
      },
    }
  }

  /** Keys tell nothing of the order in which facts came. */
  private nextKey(): bigint {
    this.key += 1
    return BigInt((this.key * 7919) % 1_000_003) * 1_000_003n + BigInt(this.key)
  }
}

const millionthsOrNull = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 1_000_000)
