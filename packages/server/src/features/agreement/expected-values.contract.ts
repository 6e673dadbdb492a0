import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import {
  countedFacts,
  type EntityKey,
  entityKeyOf,
  type FactHistory,
  type FeatureValue,
  holds,
  interpretLeaf,
} from '../defined/interpret.ts'
import { fieldOf } from '../defined/meets.ts'
import { millionths } from '../defined/numbers.ts'
import type { AggregateLeaf, Leaf, Plan, Tree } from '../defined/plan.ts'
import { scoreOf } from '../defined/scoring.ts'
import { partsOf } from '../defined/tree.ts'
import { featuresOf } from './execution.contract.ts'
import { idOf } from './world.contract.ts'

/** What a feature must be, and how far from it it may be. */
export interface Expected {
  readonly value: FeatureValue
  /** 0 where it must be the very same; Infinity where rounding decides whether there is a value. */
  readonly error: number
}

/** Real-valued results that are not additive: these agree to 1e-9 relative, all others exactly. */
const real: ReadonlySet<string> = new Set([
  ...['average', 'decayed-sum', 'time-since-first', 'time-since-last', 'gap-mean', 'gap-deviation'],
])

/** What the reference says of entities, with the error that arithmetic may make of its parts' rounding. */
export class ExpectedValues {
  private readonly plan: Plan
  private readonly history: FactHistory
  private readonly byEntity = new Map<string, FactHistory>()

  constructor(plan: Plan, history: FactHistory) {
    this.plan = plan
    this.history = history
  }

  of(entity: FeatureEntity, key: EntityKey, asOf: Instant): readonly Expected[] {
    const own = this.ownHistory(entity, key)
    const known = new Map<number, Expected>()
    const leafOf = (place: number): Expected => {
      let expected = known.get(place)
      if (expected === undefined) {
        const leaf = this.plan.leaves[place]!
        const value = interpretLeaf(leaf, own, key, asOf)
        expected = {
          value,
          error: errorOf(leaf, value, () => countedFacts(leaf as AggregateLeaf, own, key, asOf), asOf),
        }
        known.set(place, expected)
      }
      return expected
    }
    return featuresOf(this.plan, entity).map(({ tree }) => expectedOf(tree, leafOf))
  }

  /** Of the entity's facts only: the interpreter would look through all of them for every leaf. */
  private ownHistory(entity: FeatureEntity, key: EntityKey): FactHistory {
    if (this.byEntity.size === 0) {
      for (const kind of new Set(this.plan.features.map((feature) => feature.entity)))
        for (const fact of this.history.facts) {
          const own = entityKeyOf(kind, fact)
          if (own === null) continue
          const id = idOf(kind, own)
          const held = this.byEntity.get(id)
          if (held === undefined) this.byEntity.set(id, { ...this.history, facts: [fact] })
          else (held.facts as (typeof fact)[]).push(fact)
        }
    }
    return this.byEntity.get(idOf(entity, key)) ?? { ...this.history, facts: [] }
  }
}

function errorOf(leaf: Leaf, value: FeatureValue, counted: () => readonly Fact[], asOf: Instant): number {
  if (leaf.kind !== 'aggregate' || !real.has(leaf.aggregate) || typeof value !== 'number') return 0
  const error = Math.abs(value) * 1e-9
  const { of, halfLifeMs } = leaf
  if (leaf.aggregate !== 'decayed-sum' || of === null) return error
  // What has both signs takes itself away: rounding is relative to what was added, not to what is left.
  const added = counted().reduce(
    (sum, fact) =>
      sum + (Math.abs(fieldOf(fact, of.field, 'number') ?? 0) / millionths) * 2 ** ((fact.at - asOf) / halfLifeMs!),
    0,
  )
  return error + added * 1e-12
}

/** Where rounding of a part decides whether there is a value, nothing is asked of it. */
const open: Expected = { value: null, error: Infinity }

function expectedSum({ times, plus }: Extract<Tree, { kind: 'sum' }>, parts: readonly Expected[]): Expected {
  if (parts.some(({ value }) => value === null))
    return parts.some(({ error }) => error === Infinity) ? open : { value: null, error: 0 }
  const amounts = parts.map(({ value }, at) => (value as number) * times[at]!)
  const value = amounts.reduce((sum, amount) => sum + amount, 0) + plus
  const error = parts.reduce((sum, part, at) => sum + part.error * Math.abs(times[at]!), 0)
  return { value, error }
}

function expectedGiven({ op, than }: Extract<Tree, { kind: 'given' }>, of: Expected, condition: Expected): Expected {
  const { value, error } = condition
  if (error === Infinity || (value !== null && error > 0 && Math.abs((value as number) - than) <= error)) return open
  return value !== null && holds(value as number, op, than) ? of : { value: null, error: 0 }
}

function expectedScore({ scoring }: Extract<Tree, { kind: 'model' }>, inputs: readonly Expected[]): Expected {
  if (scoring === null) return { value: null, error: 0 }
  // What rounding may have moved to the other side of a threshold says nothing.
  if (inputs.some(({ error }) => error > 0)) return open
  const value = scoreOf(
    scoring,
    inputs.map((input) => input.value as number | null),
  )
  return { value, error: value * 1e-9 }
}

function expectedOf(tree: Tree, leafOf: (leaf: number) => Expected): Expected {
  if (tree.kind === 'leaf') return leafOf(tree.leaf)
  const parts = partsOf(tree).map((part) => expectedOf(part, leafOf))
  if (tree.kind === 'sum') return expectedSum(tree, parts)
  if (tree.kind === 'model') return expectedScore(tree, parts)
  const [one, other] = parts as [Expected, Expected]
  if (tree.kind === 'given') return expectedGiven(tree, one, other)
  if (one.value === null || other.value === null) {
    const isOpen = one.error === Infinity || other.error === Infinity
    return { value: null, error: isOpen ? Infinity : 0 }
  }
  const [a, b] = [one.value as number, other.value as number]
  // Rounding of the operation itself is far below what is asked of its parts.
  const isExact = one.error === 0 && other.error === 0
  if (tree.kind === 'difference') return { value: a - b, error: isExact ? 0 : one.error + other.error }
  const [over, under] = tree.kind === 'ratio' ? [a, b] : [a - b, a + b]
  const underError = tree.kind === 'ratio' ? other.error : one.error + other.error
  const overError = tree.kind === 'ratio' ? one.error : one.error + other.error
  if (under === 0) return { value: null, error: underError > 0 ? Infinity : 0 }
  const value = over / under
  if (isExact) return { value, error: 0 }
  if (Math.abs(under) <= 2 * underError) return { value, error: Infinity }
  return {
    value,
    error: (overError + Math.abs(value) * underError) / (Math.abs(under) - underError) + 1e-15 * Math.abs(value),
  }
}

export function agrees({ value, error }: Expected, got: FeatureValue): boolean {
  if (error === Infinity) return true
  if (typeof value === 'number' && typeof got === 'number') return Math.abs(value - got) <= error
  return value === got
}
