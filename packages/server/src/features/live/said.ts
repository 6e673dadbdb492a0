import type { Instant } from '../../base/index.ts'
import type { ScoreFact, TraitFact } from '../defined/fact.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import { millionths, millionthsOf } from '../defined/numbers.ts'
import type { ScoreLeaf, TraitLeaf } from '../defined/plan.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

type SaidLeaf = TraitLeaf | ScoreLeaf

interface Saying {
  /** Of a trait when it was known, of a score as of when it is. */
  readonly at: Instant
  readonly key: bigint
  readonly value: string | number
}

/** Sayings of later moments that wait; the earliest are kept, the latest being the likeliest never to come. */
const waitingMax = 8

/** Traits and scores of a customer: of each what is known now and what will be. */
export class Said {
  private readonly traits = new Map<string, Saying[]>()
  private readonly scores = new Map<string, Saying[]>()

  setTrait({ trait, knownAt, key, value }: TraitFact, clock: Instant): void {
    put(this.traits, trait, { at: knownAt, key, value }, clock)
  }

  /** Of two as of one moment the one that is said later holds. */
  setScore({ score, asOf, value }: ScoreFact, clock: Instant): void {
    const latest = this.scores
      .get(score)
      ?.filter(({ at }) => at === asOf)
      .at(-1)
    put(this.scores, score, { at: asOf, key: latest === undefined ? 0n : latest.key + 1n, value }, clock)
  }

  value(leaf: SaidLeaf, asOf: Instant): FeatureValue {
    const said = leaf.kind === 'trait' ? this.traits.get(leaf.trait) : this.scores.get(leaf.score)
    const value = said?.findLast(({ at }) => at <= asOf)?.value ?? null
    if (leaf.kind === 'score' || leaf.as === 'text' || value === null) return value
    const number = millionthsOf(value as string)
    return number === null ? null : number / millionths
  }

  changesAt(leaf: SaidLeaf, asOf: Instant): Instant {
    const said = leaf.kind === 'trait' ? this.traits.get(leaf.trait) : this.scores.get(leaf.score)
    return said?.find(({ at }) => at > asOf)?.at ?? Infinity
  }

  bytes(): number {
    let sum = 160
    for (const map of [this.traits, this.scores])
      for (const [name, said] of map)
        for (const { value } of said) sum += 136 + name.length + (typeof value === 'string' ? value.length : 0)
    return sum
  }

  save(to: ByteWriter): void {
    for (const map of [this.traits, this.scores]) {
      to.whole(map.size)
      for (const [name, said] of map) {
        to.text(name)
        to.whole(said.length)
        for (const { at, key, value } of said) {
          to.number(at)
          to.key(key)
          if (typeof value === 'string') to.text(value)
          else to.number(value)
        }
      }
    }
  }

  static load(from: ByteReader): Said {
    const said = new Said()
    for (const map of [said.traits, said.scores]) {
      for (let names = from.whole(); names > 0; names -= 1) {
        const name = from.text()
        const sayings = from.list(() => ({
          ...{ at: from.number(), key: from.key() },
          value: map === said.traits ? from.text() : from.number(),
        }))
        map.set(name, sayings)
      }
    }
    return said
  }
}

/** Keeps them in order: the latest that is known, and those that wait. */
function put(map: Map<string, Saying[]>, name: string, saying: Saying, clock: Instant): void {
  const said = map.get(name) ?? []
  map.set(name, said)
  let place = said.length
  while (place > 0 && isBefore(saying, said[place - 1]!)) place -= 1
  said.splice(place, 0, saying)
  while (said.length > 1 && said[1]!.at <= clock) said.shift()
  if (said.length > waitingMax + 1) said.pop()
}

const isBefore = (left: Saying, right: Saying): boolean =>
  left.at < right.at || (left.at === right.at && left.key < right.key)
