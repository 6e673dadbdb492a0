import { dayMs, type Instant } from '../../base/index.ts'
import type { EntityKey, FeatureValue, LiveValues, Tree } from '../../features/index.ts'
import type { CompiledSegments, SegmentTest } from './compiled.ts'
import { type Course, isAlwaysChanging, leavesOf, partsOf } from './course.ts'
import { firstCrossing } from './crossing.ts'
import { anniversaryChangesAt, readDate, yearsChangeAt } from './dates.ts'

/** Nobody waits for what comes later. */
const farthestMs = 200 * 366 * dayMs

type CompareTest = Extract<SegmentTest, { kind: 'compare' }>

/**
 * The first moment after `asOf` at which any test of a customer can come out differently by the passing of time alone;
 * Infinity where that never comes. It may be too early, never too late.
 */
export function nextChange(compiled: CompiledSegments, values: LiveValues, customer: string, asOf: Instant): Instant {
  return new Looking(compiled, values, customer, asOf).next()
}

class Looking {
  private readonly compiled: CompiledSegments
  private readonly values: LiveValues
  private readonly key: EntityKey
  private readonly asOf: Instant
  private readonly changes = new Map<number, Instant>()
  private readonly nows = new Map<number, FeatureValue>()

  constructor(compiled: CompiledSegments, values: LiveValues, customer: string, asOf: Instant) {
    this.compiled = compiled
    this.values = values
    this.key = [customer]
    this.asOf = asOf
  }

  next(): Instant {
    const { tests } = this.compiled
    // Steps first: a crossing need not be looked for beyond them.
    const step = tests.reduce((first, test) => Math.min(first, this.steps(test)), Number.POSITIVE_INFINITY)
    return tests.reduce((first, test) => (test.kind === 'compare' ? this.crossing(test, first) : first), step)
  }

  private steps(test: SegmentTest): Instant {
    if (test.kind === 'compare') return this.leavesChangeAt(test.tree)
    const { timezone } = this.compiled
    const date = readDate(this.now(test.leaf))
    const leaf = this.changesAt(test.leaf)
    if (test.kind === 'age') return Math.min(leaf, yearsChangeAt(date, timezone, this.asOf))
    return Math.min(leaf, anniversaryChangesAt(date, test.withinDays, timezone, this.asOf))
  }

  /** @param until the earliest moment so far */
  private crossing({ tree, values, op }: CompareTest, until: Instant): Instant {
    const { leaves } = this.compiled.plan
    if (!leavesOf(tree).some((leaf) => isAlwaysChanging(leaves[leaf]!))) return until
    // Nothing changes in steps up to the moment before, so what leaves are until then is known now.
    const end = Math.min(until - 1, this.asOf + farthestMs)
    if (op === 'known' || op === 'missing') {
      const zeros = divisorsOf(tree).map((divisor) => this.cross(divisor, 0, end))
      return Math.min(until, ...zeros)
    }
    return Math.min(until, ...values.map((value) => this.cross(tree, value as number, end)))
  }

  private cross(tree: Tree, level: number, end: Instant): Instant {
    if (end <= this.asOf) return Number.POSITIVE_INFINITY
    const course: Course = { tree, leaves: this.compiled.plan.leaves, leafAt: this.leafAt }
    return firstCrossing(course, level, this.asOf, end) ?? Number.POSITIVE_INFINITY
  }

  private readonly leafAt = (leaf: number, at: Instant): FeatureValue => {
    const planned = this.compiled.plan.leaves[leaf]!
    const now = this.now(leaf)
    if (typeof now !== 'number' || planned.kind !== 'aggregate' || !isAlwaysChanging(planned)) return now
    if (planned.halfLifeMs !== null) return now * 2 ** ((this.asOf - at) / planned.halfLifeMs)
    // Days since are whole milliseconds divided once: rounding gives the moment back that they are counted from.
    return (at - Math.round(this.asOf - now * dayMs)) / dayMs
  }

  private now(leaf: number): FeatureValue {
    let value = this.nows.get(leaf)
    if (value === undefined) {
      value = this.values.leafValue(this.key, leaf, this.asOf)
      this.nows.set(leaf, value)
    }
    return value
  }

  private leavesChangeAt(tree: Tree): Instant {
    return leavesOf(tree).reduce((first, leaf) => Math.min(first, this.changesAt(leaf)), Number.POSITIVE_INFINITY)
  }

  private changesAt(leaf: number): Instant {
    let at = this.changes.get(leaf)
    if (at === undefined) {
      at = this.values.leafChangesAt(this.key, leaf, this.asOf)
      this.changes.set(leaf, at)
    }
    return at
  }
}

function divisorsOf(tree: Tree): readonly Tree[] {
  if (tree.kind === 'leaf') return []
  const inner = partsOf(tree).flatMap(divisorsOf)
  return tree.kind === 'ratio' ? [tree.by, ...inner] : inner
}
