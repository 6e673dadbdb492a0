import type { Instant } from '../../base/index.ts'
import { type EntityKey, evaluateTree, type FeatureValue, type LiveValues } from '../../features/index.ts'
import { type CompiledSegments, compares, type SegmentNode, type SegmentTest } from './compiled.ts'
import { ageCompares, daysToAnniversary, readDate } from './dates.ts'

/** Who is in lists that somebody keeps. */
export interface ListMembers {
  /** @param segment the list's id */
  isListed(segment: string, customer: string): boolean
}

/** Every segment of one customer at one moment; what several segments ask is looked up once. */
export class Evaluation {
  readonly compiled: CompiledSegments
  customer = ''
  asOf: Instant = 0
  key: EntityKey = []
  private readonly values: LiveValues
  private readonly lists: ListMembers
  private isStill: ((segment: number) => boolean | undefined) | undefined
  private readonly leaves: (FeatureValue | undefined)[]
  /** 0 not known yet, 1 no, 2 yes. */
  private readonly tested: Uint8Array
  private readonly members: Uint8Array

  /** Of nobody, unless said, before `turnTo`. */
  constructor(compiled: CompiledSegments, values: LiveValues, lists: ListMembers, customer = '', asOf: Instant = 0) {
    this.compiled = compiled
    this.values = values
    this.lists = lists
    this.leaves = new Array(compiled.plan.leaves.length).fill(undefined)
    this.tested = new Uint8Array(compiled.tests.length)
    this.members = new Uint8Array(compiled.segments.length)
    this.turnTo(customer, asOf)
  }

  /**
   * From here on it is of somebody else, or of another moment.
   *
   * @param isStill who is in a segment as before, by its place; undefined of one that must be looked at. Default none
   */
  turnTo(customer: string, asOf: Instant, isStill?: (segment: number) => boolean | undefined): this {
    this.customer = customer
    this.asOf = asOf
    this.key = [customer]
    this.isStill = isStill
    this.leaves.fill(undefined)
    this.tested.fill(0)
    this.members.fill(0)
    return this
  }

  /** @param segment its place among the compiled ones */
  isMember(segment: number): boolean {
    if (this.members[segment] === 0) {
      const { definition, root } = this.compiled.segments[segment]!
      const isIn =
        this.isStill?.(segment) ??
        (root === null ? this.lists.isListed(definition.id, this.customer) : this.holds(root))
      this.members[segment] = isIn ? 2 : 1
    }
    return this.members[segment] === 2
  }

  holds(node: SegmentNode): boolean {
    switch (node.kind) {
      case 'all':
        for (const part of node.parts) if (!this.holds(part)) return false
        return true
      case 'any':
        return this.holdsAny(node.parts)
      case 'not':
        return !this.holdsAny(node.parts)
      case 'test':
        return this.passes(node.test)
      case 'segment':
        return this.isMember(node.segment)
      case 'gone':
        return false
    }
  }

  private holdsAny(parts: readonly SegmentNode[]): boolean {
    for (const part of parts) if (this.holds(part)) return true
    return false
  }

  /** @param test its place among the compiled ones */
  passes(test: number): boolean {
    if (this.tested[test] === 0) this.tested[test] = this.passesNow(this.compiled.tests[test]!) ? 2 : 1
    return this.tested[test] === 2
  }

  /** What a test looks at: the value of its expression, or that of the trait with a date. */
  valueOf(test: SegmentTest): FeatureValue {
    if (test.kind !== 'compare') return this.leafValue(test.leaf)
    const { tree } = test
    return tree.kind === 'leaf' ? this.leafValue(tree.leaf) : evaluateTree(tree, this.leafValue)
  }

  readonly leafValue = (leaf: number): FeatureValue => {
    let value = this.leaves[leaf]
    if (value === undefined) {
      value = this.values.leafValue(this.key, leaf, this.asOf)
      this.leaves[leaf] = value
    }
    return value
  }

  private passesNow(test: SegmentTest): boolean {
    const value = this.valueOf(test)
    const { timezone } = this.compiled
    if (test.kind === 'compare') return compares(value, test.op, test.values)
    if (test.kind === 'age') return ageCompares(value, test.op, test.values, timezone, this.asOf)
    const days = daysToAnniversary(readDate(value), timezone, this.asOf)
    return days !== null && days <= test.withinDays
  }
}

/** Whether somebody is in a segment at a moment. */
export function evaluateSegment(
  compiled: CompiledSegments,
  id: string,
  values: LiveValues,
  lists: ListMembers,
  customer: string,
  asOf: Instant,
): boolean {
  const segment = compiled.segments.findIndex(({ definition }) => definition.id === id)
  if (segment < 0) throw new RangeError(`a segment must be among those compiled, got ${id}`)
  return new Evaluation(compiled, values, lists).turnTo(customer, asOf).isMember(segment)
}
