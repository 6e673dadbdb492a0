import type { FeatureEntity } from '@rapport/protocol'
import { dayMs, type Instant } from '../../base/index.ts'
import { calendarPeriod } from './calendar.ts'
import { byCodePoints, type Fact, inOrder, type ScoreFact, type TraitFact } from './fact.ts'
import { fieldOf, meets, weightOf } from './meets.ts'
import { millionths, millionthsOf } from './numbers.ts'
import type { AggregateLeaf, Leaf, Plan, SequenceLeaf, Tree, Window } from './plan.ts'
import { scoreOf } from './scoring.ts'

/** Everything that happened, whenever it became known. */
export interface FactHistory {
  readonly facts: readonly Fact[]
  readonly traits: readonly TraitFact[]
  readonly scores: readonly ScoreFact[]
  /** IANA name of the store's time zone. */
  readonly timezone: string
}

export type FeatureValue = number | string | null

/** Whose features: a customer, a product, a category path, or a customer with one of these. */
export type EntityKey = readonly string[]

/** The entity that a fact belongs to; null where it lacks a part of it. */
export function entityKeyOf(entity: FeatureEntity, fact: Fact): EntityKey | null {
  const parts = {
    customer: () => [fact.customerId],
    product: () => [fieldOf(fact, 'product_id', 'text')],
    category: () => [fieldOf(fact, 'category', 'text')],
    'customer-product': () => [fact.customerId, fieldOf(fact, 'product_id', 'text')],
    'customer-category': () => [fact.customerId, fieldOf(fact, 'category', 'text')],
  }[entity]()
  return parts.every((part) => part !== null) ? parts : null
}

/**
 * A feature as of a moment, read straight off its plan: slow, obvious, and what SQL and the live engine must equal.
 *
 * @param name of a feature of the plan
 * @returns null when it is missing
 */
export function interpretDefined(
  { features, leaves }: Plan,
  name: string,
  history: FactHistory,
  key: EntityKey,
  asOf: Instant,
): FeatureValue {
  const feature = features.find((one) => one.name === name)
  if (feature === undefined) throw new RangeError(`a feature must be in the plan, got ${name}`)
  return evaluateTree(feature.tree, (leaf) => interpretLeaf(leaves[leaf]!, history, key, asOf))
}

/** The arithmetic above the leaves. */
export function evaluateTree(tree: Tree, leafValue: (leaf: number) => FeatureValue): FeatureValue {
  switch (tree.kind) {
    case 'leaf':
      return leafValue(tree.leaf)
    case 'sum':
      return sumOf(tree, leafValue)
    case 'given': {
      const condition = numberOf(tree.if, leafValue)
      return condition !== null && holds(condition, tree.op, tree.than) ? evaluateTree(tree.of, leafValue) : null
    }
    case 'model': {
      const { inputs, scoring } = tree
      return scoring === null
        ? null
        : scoreOf(
            scoring,
            inputs.map((input) => numberOf(input, leafValue)),
          )
    }
    // Each by itself, without a list of its parts: segments ask this of every event.
    case 'difference': {
      const one = numberOf(tree.of, leafValue)
      const other = numberOf(tree.minus, leafValue)
      return one === null || other === null ? null : one - other
    }
    case 'ratio': {
      const one = numberOf(tree.of, leafValue)
      const other = numberOf(tree.by, leafValue)
      return one === null || other === null || other === 0 ? null : one / other
    }
    case 'trend': {
      const now = numberOf(tree.now, leafValue)
      const before = numberOf(tree.before, leafValue)
      return now === null || before === null || now + before === 0 ? null : (now - before) / (now + before)
    }
  }
}

const numberOf = (tree: Tree, leafValue: (leaf: number) => FeatureValue): number | null =>
  evaluateTree(tree, leafValue) as number | null

function sumOf(
  { parts, times, plus }: Extract<Tree, { kind: 'sum' }>,
  leafValue: (leaf: number) => FeatureValue,
): number | null {
  let sum = 0
  for (let at = 0; at < parts.length; at += 1) {
    const value = numberOf(parts[at]!, leafValue)
    if (value === null) return null
    sum += value * times[at]!
  }
  return sum + plus
}

/** Whether a number compares so with another. */
export function holds(value: number, op: Extract<Tree, { kind: 'given' }>['op'], than: number): boolean {
  switch (op) {
    case '=':
      return value === than
    case '!=':
      return value !== than
    case '>':
      return value > than
    case '>=':
      return value >= than
    case '<':
      return value < than
    case '<=':
      return value <= than
  }
}

/** One leaf of a plan, as above. */
export function interpretLeaf(leaf: Leaf, history: FactHistory, key: EntityKey, asOf: Instant): FeatureValue {
  if (leaf.kind === 'trait') {
    const known = history.traits
      .filter(({ customerId, trait, knownAt }) => customerId === key[0] && trait === leaf.trait && knownAt <= asOf)
      .sort((left, right) => left.knownAt - right.knownAt || (left.key < right.key ? -1 : 1))
    const value = known.at(-1)?.value ?? null
    if (value === null || leaf.as === 'text') return value
    const number = millionthsOf(value)
    return number === null ? null : number / millionths
  }
  if (leaf.kind === 'score') {
    const said = history.scores
      .filter((fact) => fact.customerId === key[0] && fact.score === leaf.score && fact.asOf <= asOf)
      .sort((left, right) => left.asOf - right.asOf)
    return said.at(-1)?.value ?? null
  }
  return leaf.kind === 'aggregate'
    ? aggregateOf(leaf, countedFacts(leaf, history, key, asOf), asOf)
    : sequencesOf(leaf, history, key, asOf).length
}

/** What comes this near to the largest sum is as strong: one part in so many. */
export const asStrong = 1e-9

/** Of the texts that reach the largest sum but for a billionth of it the smallest by code points; null of none. */
export function strongestOf(sums: Iterable<readonly [string, number]>): string | null {
  const all = [...sums]
  const least = all.reduce((most, [, sum]) => Math.max(most, sum), 0) * (1 - asStrong)
  const strong = all.filter(([, sum]) => sum >= least).map(([text]) => text)
  return strong.sort(byCodePoints)[0] ?? null
}

type Happened = Pick<FactHistory, 'facts' | 'timezone'>

/** The facts that an aggregate is over, in order. */
export function countedFacts(leaf: AggregateLeaf, history: Happened, key: EntityKey, asOf: Instant): readonly Fact[] {
  const own = knownFacts(leaf, history, key, asOf)
  const inWindow = windowOf(leaf.window, own, history.timezone, asOf)
  return own.filter((fact) => weightOf(leaf, fact) > 0 && inWindow(fact))
}

function knownFacts({ entity }: AggregateLeaf | SequenceLeaf, { facts }: Happened, key: EntityKey, asOf: Instant) {
  const known = facts.filter((fact) => fact.at <= asOf && fact.receivedAt <= asOf).sort(inOrder)
  return known.filter((fact) => {
    const its = entityKeyOf(entity, fact)
    return its?.every((part, index) => part === key[index])
  })
}

/** @param own the entity's facts, in order */
function windowOf(window: Window, own: readonly Fact[], timezone: string, asOf: Instant): (fact: Fact) => boolean {
  switch (window.kind) {
    case 'lifetime':
      return () => true
    case 'rolling': {
      const newest = Math.floor(asOf / window.grainMs) - window.skip
      return ({ at }) => {
        const bucket = Math.floor(at / window.grainMs)
        return bucket > newest - window.buckets && bucket <= newest
      }
    }
    case 'calendar': {
      const { from, until } = calendarPeriod(timezone, window.unit, window.ago, asOf)
      return ({ at }) => at >= from && at < until
    }
    case 'session': {
      const sessions = own.flatMap((fact) => (fact.kind === 'event' ? (fieldOf(fact, 'session_id', 'text') ?? []) : []))
      const latest = sessions.at(-1)
      return (fact) => latest !== undefined && fact.kind === 'event' && fieldOf(fact, 'session_id', 'text') === latest
    }
  }
}

/** @param facts those that count, in order */
function aggregateOf(leaf: AggregateLeaf, facts: readonly Fact[], asOf: Instant): FeatureValue {
  const { aggregate, of, halfLifeMs } = leaf
  const values = of === null ? [] : facts.flatMap((fact) => fieldOf(fact, of.field, of.as) ?? [])
  const numbers = values as number[]
  const sum = (): number => Number(numbers.reduce((total, value) => total + BigInt(value), 0n)) / millionths
  switch (aggregate) {
    case 'count':
      return facts.length
    case 'sum':
      return sum()
    case 'average':
      return numbers.length === 0 ? null : sum() / numbers.length
    case 'min':
      return numbers.length === 0 ? null : Math.min(...numbers) / millionths
    case 'max':
      return numbers.length === 0 ? null : Math.max(...numbers) / millionths
    case 'distinct':
      return new Set(values).size
    case 'first':
    case 'last': {
      const value = values.at(aggregate === 'first' ? 0 : -1)
      return value === undefined ? null : typeof value === 'number' ? value / millionths : value
    }
    case 'most-frequent': {
      const counts = new Map<string, number>()
      for (const value of values as string[]) counts.set(value, (counts.get(value) ?? 0) + 1)
      const best = [...counts].sort(([left, n], [right, m]) => m - n || byCodePoints(left, right))[0]
      return best?.[0] ?? null
    }
    case 'strongest': {
      const known = facts.flatMap((fact) => ({ fact, text: fieldOf(fact, of!.field, 'text') }))
      const named = known.filter(({ text }) => text !== null)
      const latest = Math.max(...named.map(({ fact }) => fact.at))
      const sums = new Map<string, number>()
      for (const { fact, text } of named)
        sums.set(text!, (sums.get(text!) ?? 0) + weightOf(leaf, fact) * 2 ** ((fact.at - latest) / halfLifeMs!))
      return strongestOf(sums)
    }
    case 'time-since-first':
      return facts.length === 0 ? null : (asOf - facts[0]!.at) / dayMs
    case 'time-since-last':
      return facts.length === 0 ? null : (asOf - facts.at(-1)!.at) / dayMs
    case 'span':
      return facts.length === 0 ? null : (facts.at(-1)!.at - facts[0]!.at) / dayMs
    case 'decayed-sum':
      return facts.reduce((total, fact) => {
        const value = of === null ? millionths : (fieldOf(fact, of.field, 'number') ?? 0)
        return total + (value / millionths) * 2 ** ((fact.at - asOf) / halfLifeMs!)
      }, 0)
    case 'gap-mean':
    case 'gap-deviation': {
      const moments = [...new Set(facts.map(({ at }) => at))]
      const gaps = moments.length - 1
      const total = moments.at(-1)! - moments[0]!
      if (aggregate === 'gap-mean') return gaps < 1 ? null : total / gaps / dayMs
      if (gaps < 2) return null
      // Of whole milliseconds n Σg² − (Σg)² is exact, whatever order they are added in.
      const squares = moments.slice(1).reduce((sum, at, index) => sum + BigInt(at - moments[index]!) ** 2n, 0n)
      const spread = BigInt(gaps) * squares - BigInt(total) ** 2n
      return Math.sqrt(Number(spread) / (gaps * (gaps - 1))) / dayMs
    }
  }
}

/** The starts that a sequence counts, in order, each with what followed; null with `never`. */
export function sequencesOf(
  leaf: SequenceLeaf,
  history: Happened,
  key: EntityKey,
  asOf: Instant,
): readonly { readonly start: Fact; readonly followedBy: Fact | null }[] {
  const { first, next, isNever, without, withinMs } = leaf
  const own = knownFacts(leaf, history, key, asOf)
  const inWindow = windowOf(leaf.window, own, history.timezone, asOf)
  return own.flatMap((start, at) => {
    if (!meets(first, start) || !inWindow(start)) return []
    const later = own.slice(at + 1)
    const place = later.findIndex((fact) => meets(next, fact) && fact.at <= start.at + withinMs)
    const counts = isNever
      ? place < 0 && start.at + withinMs <= asOf
      : place >= 0 && !later.slice(0, place).some((fact) => without !== null && meets(without, fact))
    return counts ? [{ start, followedBy: later[place] ?? null }] : []
  })
}
