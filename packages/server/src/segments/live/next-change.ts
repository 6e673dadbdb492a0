import { dayMs, type Instant } from '../../base/index.ts'
import {
  type FeatureValue,
  isAlwaysChanging,
  type Leaf,
  type LiveValues,
  leavesOf,
  partsOf,
  type Tree,
} from '../../features/index.ts'
import type { CompiledSegments, SegmentTest } from './compiled.ts'
import type { Course } from './course.ts'
import { firstCrossing, isOnOneSide } from './crossing.ts'
import { anniversaryChangesAt, readDate, yearsChangeAt } from './dates.ts'
import type { Evaluation } from './evaluation.ts'

/** Nobody waits for what comes later. */
const farthestMs = 200 * 366 * dayMs

/** Something that time alone can change of segments, and the leaves that it rests on, by their places. */
export interface Watch {
  readonly leaves: readonly number[]
  /**
   * The first moment after that of an evaluation at which it can be another by the passing of time alone, as long as the
   * other watches of its leaves see nothing; Infinity where that never comes. It may be too early, never too late.
   */
  next(evaluation: Evaluation, values: LiveValues): Instant
}

/** All that time alone can change of segments, gathered once from their tests; each leaf is in one at least. */
export function watchesOf(compiled: CompiledSegments): readonly Watch[] {
  const { tests, plan, timezone } = compiled
  const all = leavesOfTests(tests)
  const still = all.filter((leaf) => standsStill(plan.leaves[leaf]!))
  const changesAlways = ({ tree }: Crossing): boolean =>
    leavesOf(tree).some((leaf) => isAlwaysChanging(plan.leaves[leaf]!))
  return [
    ...(still.length > 0 ? [steps(still)] : []),
    ...all.filter((leaf) => !still.includes(leaf)).map((leaf) => steps([leaf])),
    ...tests.flatMap((test) => (test.kind === 'compare' ? [] : [dateWatch(test, timezone)])),
    ...tests
      .flatMap(crossingsOf)
      .filter(changesAlways)
      .map((crossing) => crossingWatch(crossing, plan.leaves)),
  ]
}

/** What changes by itself only where something is known before its time, which is seldom: one watch has them all. */
function standsStill(leaf: Leaf): boolean {
  if (leaf.kind === 'trait' || leaf.kind === 'score') return true
  const isWindowed = leaf.window.kind === 'rolling' || leaf.window.kind === 'calendar'
  return !isWindowed && !(leaf.kind === 'sequence' && leaf.isNever)
}

const steps = (leaves: readonly number[]): Watch => ({
  leaves,
  next: (evaluation, values) => step(leaves, evaluation, values),
})

function step(leaves: readonly number[], { key, asOf }: Evaluation, values: LiveValues): Instant {
  let first = Number.POSITIVE_INFINITY
  for (const leaf of leaves) first = Math.min(first, values.leafChangesAt(key, leaf, asOf))
  return first
}

const dateWatch = (test: Exclude<SegmentTest, { kind: 'compare' }>, timezone: string): Watch => ({
  leaves: [test.leaf],
  next: ({ leafValue, asOf }) => {
    const date = readDate(leafValue(test.leaf))
    return test.kind === 'age'
      ? yearsChangeAt(date, timezone, asOf)
      : anniversaryChangesAt(date, test.withinDays, timezone, asOf)
  },
})

/** Something that changes all the time, and the numbers that matter when it crosses them. */
interface Crossing {
  readonly tree: Tree
  readonly levels: readonly number[]
}

function crossingWatch({ tree, levels }: Crossing, planned: readonly Leaf[]): Watch {
  const leaves = [...new Set(leavesOf(tree))]
  return {
    leaves,
    next: (evaluation, values) => {
      const { asOf } = evaluation
      const now = tree.kind === 'leaf' ? evaluation.leafValue(tree.leaf) : null
      // What is missing crosses nothing, and most have none of most things.
      if (tree.kind === 'leaf' && now === null) return Number.POSITIVE_INFINITY
      // Nothing changes in steps up to the moment before, so what leaves are until then is known now.
      let end = Math.min(step(leaves, evaluation, values) - 1, asOf + farthestMs)
      let first = Number.POSITIVE_INFINITY
      let course: Course | undefined
      for (const level of levels) {
        if (end <= asOf) break
        // What rises or falls all along is between its ends: most of all crossings are none, and need no search.
        if (typeof now === 'number' && isOnOneSide(now, later(planned[leaves[0]!]!, now, asOf, end), level)) continue
        course ??= { tree, ...courseFrom(evaluation, planned) }
        const at = firstCrossing(course, level, asOf, end)
        if (at === null) continue
        first = at
        end = at - 1
      }
      return first
    },
  }
}

function courseFrom({ leafValue, asOf }: Evaluation, leaves: readonly Leaf[]): Omit<Course, 'tree'> {
  const leafAt = (leaf: number, at: Instant): FeatureValue => {
    const now = leafValue(leaf)
    return typeof now === 'number' ? later(leaves[leaf]!, now, asOf, at) : now
  }
  return { leaves, leafAt }
}

/** What a leaf that is a number now is at a later moment, as long as nothing happens and no window moves on. */
function later(leaf: Leaf, now: number, asOf: Instant, at: Instant): number {
  if (leaf.kind !== 'aggregate' || !isAlwaysChanging(leaf)) return now
  if (leaf.halfLifeMs !== null) return now * 2 ** ((asOf - at) / leaf.halfLifeMs)
  // Days since are whole milliseconds divided once: rounding gives the moment back that they are counted from.
  return (at - Math.round(asOf - now * dayMs)) / dayMs
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
