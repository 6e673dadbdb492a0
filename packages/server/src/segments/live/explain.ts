import { type Instant, saidWithUnit } from '../../base/index.ts'
import {
  countedFacts,
  type Fact,
  type FeatureValue,
  type Leaf,
  type LiveValues,
  leavesOf,
  sequencesOf,
} from '../../features/index.ts'
import { clauseWords, sayDate, sayNumber } from './clause-words.ts'
import type { CompiledSegments, SegmentNode, SegmentTest } from './compiled.ts'
import { daysToAnniversary, readDate, yearsSince } from './dates.ts'
import { Evaluation, type ListMembers } from './evaluation.ts'

/** Why somebody is in a segment, or is not. */
export interface Explanation {
  readonly segment: string
  readonly name: string
  readonly customer: string
  readonly asOf: Instant
  readonly isMember: boolean
  /** Whether the customer may be profiled: else they are in no segment, and nothing is looked at. */
  readonly isProfiled: boolean
  /** What the rule comes down to, part by part; null of a list, and of who may not be profiled. */
  readonly rule: ExplainedClause | null
}

/** A part of a rule, whether it holds, and why. */
export interface ExplainedClause {
  /** To it in the definition of the segment: `/rule/all/0`. */
  readonly pointer: string
  readonly holds: boolean
  /** `“Product Viewed” in the last 7 days is at least 2: it is 3`; `all of these hold` */
  readonly words: string
  /** What a test saw; null where that is missing, and of parts that are no test. */
  readonly value: FeatureValue
  readonly isMissing: boolean
  /** Of a segment that is named: its own rule, where it is named first; definitions may name each other very often. */
  readonly parts: readonly ExplainedClause[]
  /** The events and order lines that were counted, the latest first. */
  readonly events: readonly ExplainingEvent[]
}

export interface ExplainingEvent {
  readonly kind: 'event' | 'line'
  readonly key: bigint
  readonly name: string
  readonly at: Instant
  /** Of a sequence: the event that followed; null where none did, and of what is no sequence. */
  readonly followedBy: { readonly key: bigint; readonly name: string; readonly at: Instant } | null
}

/** Where the events and order lines of one customer are read: they are looked up only to explain. */
export interface SegmentFacts {
  factsOf(customer: string): Promise<readonly Fact[]>
}

export interface ExplainedBy {
  readonly compiled: CompiledSegments
  readonly values: LiveValues
  readonly lists: ListMembers
  isProfiled(customer: string): boolean
}

const eventsMax = 20

/**
 * Which parts of a segment's rule hold for a customer and which do not, with what they saw, and by which events.
 *
 * @throws RangeError for a segment that is not among those compiled
 */
export async function explainSegment(
  { compiled, values, lists, isProfiled }: ExplainedBy,
  reader: SegmentFacts,
  { segment, customer, asOf }: { readonly segment: string; readonly customer: string; readonly asOf: Instant },
): Promise<Explanation> {
  const place = compiled.segments.findIndex(({ definition }) => definition.id === segment)
  if (place < 0) throw new RangeError(`a segment must be among those compiled, got ${segment}`)
  const { definition, root } = compiled.segments[place]!
  const said = { segment, name: definition.name, customer, asOf }
  if (!isProfiled(customer)) return { ...said, isMember: false, isProfiled: false, rule: null }
  const evaluation = new Evaluation(compiled, values, lists).turnTo(customer, asOf)
  const facts = root === null ? [] : await reader.factsOf(customer)
  const rule = root === null ? null : explained({ evaluation, facts, named: new Set([place]) }, root)
  return { ...said, isMember: evaluation.isMember(place), isProfiled: true, rule }
}

const groupWords = { all: 'all of these hold', any: 'at least one of these holds', not: 'none of these holds' } as const

interface Explaining {
  readonly evaluation: Evaluation
  readonly facts: readonly Fact[]
  /** Segments whose rules have been explained. */
  readonly named: Set<number>
}

function explained(by: Explaining, node: SegmentNode): ExplainedClause {
  const { evaluation, facts, named } = by
  const { compiled } = evaluation
  const holds = evaluation.holds(node)
  const plain = { pointer: node.pointer, holds, value: null, isMissing: false, parts: [], events: [] }
  if (node.kind === 'test') {
    const test = compiled.tests[node.test]!
    const value = seenBy(evaluation, test)
    return {
      ...plain,
      words: testWords(evaluation, test),
      value,
      isMissing: value === null,
      events: eventsOf(evaluation, test, facts),
    }
  }
  if (node.kind === 'segment') {
    const { definition, root } = compiled.segments[node.segment]!
    const words = `is in ${definition.name}: ${holds ? 'yes' : 'no'}`
    if (root === null || named.has(node.segment)) return { ...plain, words }
    named.add(node.segment)
    return { ...plain, words, parts: [explained(by, root)] }
  }
  if (node.kind === 'gone') return { ...plain, words: `is in ${node.words}: no` }
  return { ...plain, words: groupWords[node.kind], parts: node.parts.map((part) => explained(by, part)) }
}

/** What a test asks and what it saw, as a marketer reads it. */
export const testWords = (evaluation: Evaluation, test: SegmentTest): string =>
  clauseWords(test, seenBy(evaluation, test), sayValue(evaluation, test))

/** What is compared: of dates the years or days that they make. */
function seenBy(evaluation: Evaluation, test: SegmentTest): FeatureValue {
  const value = evaluation.valueOf(test)
  if (test.kind === 'compare') return value
  const { timezone } = evaluation.compiled
  return test.kind === 'age'
    ? yearsSince(readDate(value), timezone, evaluation.asOf)
    : daysToAnniversary(readDate(value), timezone, evaluation.asOf)
}

/** How the value reads; null where there is none. */
function sayValue(evaluation: Evaluation, test: SegmentTest): string | null {
  const value = evaluation.valueOf(test)
  const seen = seenBy(evaluation, test)
  if (test.kind === 'compare') {
    if (typeof value !== 'number') return value
    return saidWithUnit(value, test.unit)
  }
  // What is no date is said as it is: nobody should have to guess why it counts as missing.
  if (seen === null) return value === null ? null : `“${String(value)}”, which is no date`
  return test.kind === 'age'
    ? `${sayNumber(seen as number)}, since ${sayDate(value)}`
    : `${sayDate(value)}, in ${sayNumber(seen as number)} days`
}

function eventsOf(evaluation: Evaluation, test: SegmentTest, facts: readonly Fact[]): readonly ExplainingEvent[] {
  if (test.kind !== 'compare') return []
  const { plan, timezone } = evaluation.compiled
  const { customer, asOf } = evaluation
  const history = { facts, timezone }
  const found = leavesOf(test.tree).flatMap((place): readonly ExplainingEvent[] => {
    const leaf: Leaf = plan.leaves[place]!
    if (leaf.kind === 'aggregate')
      return countedFacts(leaf, history, [customer], asOf).map((fact) => ({
        ...saidOf(fact),
        kind: fact.kind,
        followedBy: null,
      }))
    if (leaf.kind === 'sequence')
      return sequencesOf(leaf, history, [customer], asOf).map(({ start, followedBy }) => ({
        ...saidOf(start),
        kind: start.kind,
        followedBy: followedBy === null ? null : saidOf(followedBy),
      }))
    return []
  })
  // A fact that several leaves count is said once.
  const once = new Map(found.map((event) => [`${event.kind} ${event.key} ${event.followedBy?.key ?? ''}`, event]))
  return [...once.values()]
    .sort((left, right) => right.at - left.at || (left.key < right.key ? 1 : -1))
    .slice(0, eventsMax)
}

const saidOf = ({ key, name, at }: Fact): { readonly key: bigint; readonly name: string; readonly at: Instant } => ({
  key,
  name,
  at,
})
