import { dayMs, type Instant } from '../../base/index.ts'
import {
  type AggregateLeaf,
  type FeatureValue,
  type Leaf,
  type LiveValues,
  leavesOf,
  partsOf,
  type Tree,
} from '../../features/index.ts'
import { type Course, later } from './course.ts'
import { firstCrossing, isOnOneSide, leafCrossing } from './crossing.ts'
import type { Evaluation } from './evaluation.ts'
import { stepOf, type Watch } from './watch.ts'

/** Nobody waits for what comes later. */
const farthestMs = 200 * 366 * dayMs

/** Something that changes all the time, and the numbers that matter when it crosses them. */
export interface Crossing {
  readonly tree: Tree
  readonly levels: readonly number[]
}

/** @param planned leaves of the plan, by their places */
export function crossingWatch(crossing: Crossing, planned: readonly Leaf[]): Watch {
  const { tree } = crossing
  const leaves = [...new Set(leavesOf(tree))]
  const search = searching(crossing, leaves, planned)
  if (tree.kind === 'leaf') return { leaves, next: leafNext(crossing, planned, search) }
  if (!needsAll(tree)) return { leaves, next: search }
  const isOut = tree.kind === 'sum' ? staysOut(tree, crossing.levels, planned) : undefined
  return {
    leaves,
    next: (evaluation, values) => {
      // What is missing crosses nothing, and most have none of most things.
      for (const leaf of leaves) if (evaluation.leafValue(leaf) === null) return Number.POSITIVE_INFINITY
      return isOut?.(evaluation) ? Number.POSITIVE_INFINITY : search(evaluation, values)
    },
  }
}

/** Whether it is missing as soon as one of its leaves is. */
const needsAll = (tree: Tree): boolean =>
  tree.kind === 'leaf' || (tree.kind !== 'given' && tree.kind !== 'model' && partsOf(tree).every(needsAll))

/** Most trees are a leaf: its course is known without a search, and said beyond the next step of it, which has its own watch. */
function leafNext({ tree, levels }: Crossing, planned: readonly Leaf[], search: Watch['next']): Watch['next'] {
  const place = (tree as Extract<Tree, { kind: 'leaf' }>).leaf
  const leaf = planned[place] as AggregateLeaf
  return (evaluation, values) => {
    const now = evaluation.leafValue(place)
    if (typeof now !== 'number') return Number.POSITIVE_INFINITY
    const { asOf } = evaluation
    let end = asOf + farthestMs
    let first = Number.POSITIVE_INFINITY
    for (const level of levels) {
      // What rises or falls all along is between its ends: most of all crossings are none, and need no search.
      if (isOnOneSide(now, later(leaf, now, asOf, end), level)) continue
      const at = leafCrossing(leaf, now, level, asOf, end)
      if (at === null) return search(evaluation, values)
      first = at
      end = at - 1
    }
    return first
  }
}

/** Whether a sum of leaves keeps off the numbers as long as nothing happens, since what each leaf comes to bounds it. */
function staysOut(
  { parts, times, plus }: Extract<Tree, { kind: 'sum' }>,
  levels: readonly number[],
  planned: readonly Leaf[],
): ((evaluation: Evaluation) => boolean) | undefined {
  const leaves = parts.flatMap((part) => (part.kind === 'leaf' ? part.leaf : []))
  if (leaves.length < parts.length) return undefined
  return (evaluation) => {
    const { asOf } = evaluation
    let low = plus
    let high = plus
    for (let at = 0; at < leaves.length; at += 1) {
      const leaf = leaves[at]!
      const now = evaluation.leafValue(leaf)
      if (typeof now !== 'number') return false
      const one = now * times[at]!
      const other = later(planned[leaf]!, now, asOf, asOf + farthestMs) * times[at]!
      // Parts that take from each other lose more in arithmetic than is allowed for below.
      if (one < 0 || other < 0) return false
      low += Math.min(one, other)
      high += Math.max(one, other)
    }
    if (plus < 0) return false
    for (const level of levels) if (!isOnOneSide(low, high, level)) return false
    return true
  }
}

function searching({ tree, levels }: Crossing, leaves: readonly number[], planned: readonly Leaf[]): Watch['next'] {
  return (evaluation: Evaluation, values: LiveValues) => {
    const { asOf } = evaluation
    // Nothing changes in steps up to the moment before, so what leaves are until then is known now.
    let end = Math.min(stepOf(leaves, evaluation, values) - 1, asOf + farthestMs)
    let first = Number.POSITIVE_INFINITY
    const course: Course = { tree, leaves: planned, leafAt: courseFrom(evaluation, planned) }
    for (const level of levels) {
      if (end <= asOf) break
      const at = firstCrossing(course, level, asOf, end)
      if (at === null) continue
      first = at
      end = at - 1
    }
    return first
  }
}

function courseFrom({ leafValue, asOf }: Evaluation, leaves: readonly Leaf[]): Course['leafAt'] {
  return (leaf: number, at: Instant): FeatureValue => {
    const now = leafValue(leaf)
    return typeof now === 'number' ? later(leaves[leaf]!, now, asOf, at) : now
  }
}
