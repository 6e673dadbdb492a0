import { dayMs, type Instant } from '../../base/index.ts'
import {
  evaluateTree,
  type FeatureValue,
  isAlwaysChanging,
  type Leaf,
  partsOf,
  type Tree,
} from '../../features/index.ts'

/** What a tree is worth at moments after now, as long as nothing happens and no window moves on. */
export interface Course {
  readonly tree: Tree
  readonly leaves: readonly Leaf[]
  /** Of days since and decayed sums at any moment of the stretch; of other leaves the same all along. */
  readonly leafAt: (leaf: number, at: Instant) => FeatureValue
}

/** What a leaf that is a number now is at a later moment, as long as nothing happens and no window moves on. */
export function later(leaf: Leaf, now: number, asOf: Instant, at: Instant): number {
  if (leaf.kind !== 'aggregate' || !isAlwaysChanging(leaf)) return now
  if (leaf.halfLifeMs !== null) return now * 2 ** ((asOf - at) / leaf.halfLifeMs)
  // Days since are whole milliseconds divided once: rounding gives the moment back that they are counted from.
  return (at - Math.round(asOf - now * dayMs)) / dayMs
}

/**
 * How something moves with time: a line of this slope (per day) through this value now, or a value now that doubles
 * `rate` times a millisecond (falling below zero). A slope or rate of zero stands still; so does what is missing.
 */
export type Shape =
  | { readonly kind: 'line'; readonly now: number; readonly slope: number }
  | { readonly kind: 'power'; readonly now: number; readonly rate: number }
  | 'other'

type Known = Exclude<Shape, 'other'>

/** Whether something stands still, although leaves of it may change all the time: the difference of two days since. */
export const standsStill = (shape: Shape): boolean =>
  shape !== 'other' && (shape.kind === 'line' ? shape.slope === 0 : shape.rate === 0 || shape.now === 0)

/** The shape of a tree from a moment on; where it has one, the tree is monotonic, and its value at the ends bounds it. */
export function shapeOf(tree: Tree, course: Course, from: Instant): Shape {
  if (tree.kind === 'leaf') {
    const leaf = course.leaves[tree.leaf]!
    const now = course.leafAt(tree.leaf, from)
    if (typeof now !== 'number') return nothing
    if (!isAlwaysChanging(leaf)) return still(now)
    const halfLifeMs = leaf.kind === 'aggregate' ? leaf.halfLifeMs : null
    return halfLifeMs === null ? { kind: 'line', now, slope: 1 } : { kind: 'power', now, rate: -1 / halfLifeMs }
  }
  const parts = partsOf(tree).map((part) => shapeOf(part, course, from))
  if (tree.kind === 'sum') return added(parts, tree)
  // What stands still on all sides stands still; what a model is told always does.
  if (parts.every(standsStill) && (tree.kind === 'given' || tree.kind === 'model')) {
    const now = evaluateTree(tree, (leaf) => course.leafAt(leaf, from))
    return typeof now === 'number' ? still(now) : nothing
  }
  if (tree.kind === 'given' || tree.kind === 'model') return 'other'
  const [left, right] = parts as [Shape, Shape]
  if (left === 'other' || right === 'other') return 'other'
  if (tree.kind === 'difference') return less(left, right)
  if (tree.kind === 'ratio') return by(left, right)
  // Parts of a trend stand still, and so does it.
  const both = left.now + right.now
  return both === 0 ? nothing : still((left.now - right.now) / both)
}

const still = (now: number): Shape => ({ kind: 'line', now, slope: 0 })
/** Zero or missing: whatever it is divided by, or subtracted from, what comes of it is the same kind of thing all along. */
const nothing: Shape = still(0)

function less(left: Known, right: Known): Shape {
  const now = left.now - right.now
  if (left.kind === 'line' && right.kind === 'line') return { kind: 'line', now, slope: left.slope - right.slope }
  if (left.kind === 'power' && right.kind === 'power')
    return left.rate === right.rate ? { kind: 'power', now, rate: left.rate } : 'other'
  if (isNothing(right)) return left
  if (!isNothing(left)) return 'other'
  return right.kind === 'line' ? { ...right, now, slope: -right.slope } : { ...right, now }
}

function added(parts: readonly Shape[], { times, plus }: Extract<Tree, { kind: 'sum' }>): Shape {
  let sum: Shape = still(plus)
  for (const [at, part] of parts.entries()) {
    if (part === 'other' || sum === 'other') return 'other'
    const now = -times[at]! * part.now
    sum = less(sum, part.kind === 'line' ? { ...part, now, slope: -times[at]! * part.slope } : { ...part, now })
  }
  return sum
}

/** Zero now and ever. */
const isNothing = (shape: Known): boolean => shape.now === 0 && (shape.kind === 'power' || shape.slope === 0)

function by(left: Known, right: Known): Shape {
  if (isNothing(right) || isNothing(left)) return nothing
  const now = left.now / right.now
  if (left.kind === 'line' && right.kind === 'line') {
    if (right.slope === 0) return { kind: 'line', now, slope: left.slope / right.now }
    // Lines that reach zero together are in the same ratio all along, but for that moment.
    return left.now * right.slope === right.now * left.slope ? still(left.slope / right.slope) : 'other'
  }
  const [of, divisor] = [left, right].map((shape) =>
    shape.kind === 'power' ? shape.rate : shape.slope === 0 ? 0 : null,
  ) as [number | null, number | null]
  return of === null || divisor === null ? 'other' : { kind: 'power', now, rate: of - divisor }
}
