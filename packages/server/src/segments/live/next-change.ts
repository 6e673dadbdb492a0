import { dayMs, type Instant } from '../../base/index.ts'
import {
  type FeatureValue,
  isAlwaysChanging,
  type LiveValues,
  leavesOf,
  partsOf,
  type Tree,
} from '../../features/index.ts'
import type { CompiledSegments, SegmentTest } from './compiled.ts'
import type { Course } from './course.ts'
import { firstCrossing } from './crossing.ts'
import { anniversaryChangesAt, readDate, yearsChangeAt } from './dates.ts'
import type { Evaluation } from './evaluation.ts'

/** Nobody waits for what comes later. */
const farthestMs = 200 * 366 * dayMs

/** Something that changes all the time, and the numbers that matter when it crosses them. */
interface Crossing {
  readonly tree: Tree
  readonly levels: readonly number[]
}

/** What time alone can change of segments, gathered once from their tests. */
export class NextChange {
  private readonly compiled: CompiledSegments
  /** Of all tests, each once. */
  private readonly leaves: readonly number[]
  private readonly dates: readonly Exclude<SegmentTest, { kind: 'compare' }>[]
  private readonly crossings: readonly Crossing[]

  /** @param isWanted of which leaves a change is looked for, by their places. Default all */
  constructor(compiled: CompiledSegments, isWanted: (leaf: number) => boolean = () => true) {
    const { tests, plan } = compiled
    this.compiled = compiled
    this.leaves = leavesOfTests(tests).filter(isWanted)
    this.dates = tests.filter((test) => test.kind !== 'compare').filter(({ leaf }) => isWanted(leaf))
    const changesAlways = ({ tree }: Crossing): boolean =>
      leavesOf(tree).some((leaf) => isAlwaysChanging(plan.leaves[leaf]!))
    this.crossings = tests
      .flatMap(crossingsOf)
      .filter((crossing) => changesAlways(crossing) && leavesOf(crossing.tree).some(isWanted))
  }

  /**
   * The first moment after that of an evaluation at which any test can come out differently by the passing of time alone;
   * Infinity where that never comes. It may be too early, never too late.
   *
   * @param before a moment at which the leaves that are not looked at here may change, or an earlier one. Default never
   */
  after(evaluation: Evaluation, values: LiveValues, before: Instant = Number.POSITIVE_INFINITY): Instant {
    const { asOf, key } = evaluation
    let first = before
    // Steps first: a crossing need not be looked for beyond them.
    for (const leaf of this.leaves) first = Math.min(first, values.leafChangesAt(key, leaf, asOf))
    for (const test of this.dates) first = Math.min(first, this.dateChangesAt(test, evaluation))
    const course = this.courseFrom(evaluation)
    for (const { tree, levels } of this.crossings)
      for (const level of levels) {
        // Nothing changes in steps up to the moment before, so what leaves are until then is known now.
        const end = Math.min(first - 1, asOf + farthestMs)
        if (end <= asOf) return first
        first = Math.min(first, firstCrossing({ ...course, tree }, level, asOf, end) ?? Number.POSITIVE_INFINITY)
      }
    return first
  }

  private dateChangesAt(test: Exclude<SegmentTest, { kind: 'compare' }>, { leafValue, asOf }: Evaluation): Instant {
    const date = readDate(leafValue(test.leaf))
    const { timezone } = this.compiled
    return test.kind === 'age'
      ? yearsChangeAt(date, timezone, asOf)
      : anniversaryChangesAt(date, test.withinDays, timezone, asOf)
  }

  private courseFrom({ leafValue, asOf }: Evaluation): Omit<Course, 'tree'> {
    const { leaves } = this.compiled.plan
    const leafAt = (leaf: number, at: Instant): FeatureValue => {
      const planned = leaves[leaf]!
      const now = leafValue(leaf)
      if (typeof now !== 'number' || planned.kind !== 'aggregate' || !isAlwaysChanging(planned)) return now
      if (planned.halfLifeMs !== null) return now * 2 ** ((asOf - at) / planned.halfLifeMs)
      // Days since are whole milliseconds divided once: rounding gives the moment back that they are counted from.
      return (at - Math.round(asOf - now * dayMs)) / dayMs
    }
    return { leaves, leafAt }
  }
}

/** The leaves that tests rest on, by their places, ascending. */
export function leavesOfTests(tests: readonly SegmentTest[]): readonly number[] {
  const leaves = tests.flatMap((test) => (test.kind === 'compare' ? leavesOf(test.tree) : [test.leaf]))
  return [...new Set(leaves)].sort((left, right) => left - right)
}

function crossingsOf(test: SegmentTest): readonly Crossing[] {
  if (test.kind !== 'compare') return []
  const { tree, op, values } = test
  const missing = missingAt(tree)
  if (op === 'known' || op === 'missing') return missing
  return [{ tree, levels: values.filter((value) => typeof value === 'number') }, ...missing]
}

/** Where something is divided by zero, or its condition fails, it is missing, though before and after it may stand still. */
function missingAt(tree: Tree): readonly Crossing[] {
  if (tree.kind === 'leaf') return []
  const inner = partsOf(tree).flatMap(missingAt)
  if (tree.kind === 'ratio') return [{ tree: tree.by, levels: [0] }, ...inner]
  return tree.kind === 'given' ? [{ tree: tree.if, levels: [tree.than] }, ...inner] : inner
}
