import { dayMs, type Instant } from '../../base/index.ts'
import { type AggregateLeaf, evaluateTree, type FeatureValue, partsOf, type Tree } from '../../features/index.ts'
import { compares } from './compiled.ts'
import { type Course, later, type Shape, shapeOf, standsStill } from './course.ts'

/** No search may go on for longer; the moment that it has come to is then looked at, and the search goes on from there. */
const stepsMax = 4000
/** Ends of a range are this much further apart, relative: more than arithmetic loses, less than a millisecond makes. */
const slack = 1e-12

/**
 * The first moment of (from, until] at which a tree lies on another side of a number than at `from`: above, below, equal
 * or missing. An earlier moment may be said where the search took long; none after the first ever is.
 *
 * Between the moments at which leaves change in steps, days since rise and decayed sums fall, so the ends of a stretch
 * bound each of them, and arithmetic on these bounds whatever is made of them: a stretch whose bounds leave out the number
 * holds no crossing, any other is halved, down to single milliseconds, which are read as they are.
 *
 * Source: Moore, Kearfott & Cloud, “Introduction to Interval Analysis”, 2009, §8.1 (exclusion by interval extension).
 *
 * @returns null when there is none
 */
export function firstCrossing(course: Course, level: number, from: Instant, until: Instant): Instant | null {
  const sideAt = (at: Instant): Side =>
    sideOf(
      evaluateTree(course.tree, (leaf) => course.leafAt(leaf, at)),
      level,
    )
  const side = sideAt(from)
  const bounds = new Bounding(course, from)
  if (bounds.isStill) return null
  if (isOnSide(bounds.over(from, until), side, level)) return null
  const guess = guessed(bounds.whole, level, from)
  // A line or a power crosses once: what rounding leaves of the guess is a millisecond or two.
  if (guess - 2 > from && guess + 2 <= until && sideAt(guess - 2) === side)
    for (let at = guess - 1; at <= guess + 2; at += 1) if (sideAt(at) !== side) return at
  let steps = 0
  // Later halves wait on the stack; each stretch begins on the side of `from`.
  const stretches: [Instant, Instant][] = [[from, until]]
  for (let stretch = stretches.pop(); stretch !== undefined; stretch = stretches.pop()) {
    const [begin, end] = stretch
    if (isOnSide(bounds.over(begin, end), side, level)) continue
    if (end - begin <= 1) {
      if (sideAt(end) !== side) return end
      continue
    }
    steps += 1
    if (steps > stepsMax) return begin + 1
    const middle = begin + Math.floor((end - begin) / 2)
    stretches.push([middle, end])
    stretches.push([begin, middle])
  }
  return null
}

/**
 * The same of a leaf that changes all the time, as arithmetic says it and without a search.
 *
 * @param now its value at `from`
 * @returns null where it must be searched for
 */
export function leafCrossing(
  leaf: AggregateLeaf,
  now: number,
  level: number,
  from: Instant,
  until: Instant,
): Instant | null {
  const { halfLifeMs } = leaf
  const after = halfLifeMs === null ? (level - now) * dayMs : Math.log2(now / level) * halfLifeMs
  const guess = Math.round(from + after)
  if (!(guess + 2 <= until)) return null
  const side = sideOf(later(leaf, now, from, from), level)
  if (guess - 2 > from && sideOf(later(leaf, now, from, guess - 2), level) !== side) return null
  for (let at = Math.max(guess - 1, from + 1); at <= guess + 2; at += 1)
    if (sideOf(later(leaf, now, from, at), level) !== side) return at
  return null
}

/** Whether a number that rises, or falls, from one value to another is on one side of a level all along, for sure. */
export function isOnOneSide(one: number, other: number, level: number): boolean {
  const more = one === other ? 0 : Math.max(Math.abs(one), Math.abs(other)) * slack
  const side = sideOf(Math.min(one, other) - more, level)
  return side !== 'equal' && side === sideOf(Math.max(one, other) + more, level)
}

/** Where a line or a power reaches a number; NaN of others, and where it never does. */
function guessed(shape: Shape, level: number, from: Instant): Instant {
  if (shape === 'other') return Number.NaN
  const later =
    shape.kind === 'line' ? ((level - shape.now) / shape.slope) * dayMs : Math.log2(level / shape.now) / shape.rate
  return Math.round(from + later)
}

type Side = 'above' | 'below' | 'equal' | 'missing'

/** What arithmetic may have lost counts as equal: it is looked at one moment too early rather than too late. */
function sideOf(value: FeatureValue, level: number): Side {
  if (value === null) return 'missing'
  const difference = (value as number) - level
  if (Math.abs(difference) <= Math.abs(level) * slack) return 'equal'
  return difference > 0 ? 'above' : 'below'
}

/** Bounds of a number over a stretch; `mayMiss` where it may be missing somewhere in it, null where it is all along. */
type Range = Bounds | null

interface Bounds {
  readonly low: number
  readonly high: number
  readonly mayMiss: boolean
}

const anything: Bounds = { low: -Infinity, high: Infinity, mayMiss: true }

function isOnSide(range: Range, side: Side, level: number): boolean {
  if (range === null) return side === 'missing'
  if (range.mayMiss) return false
  const sides = [range.low, range.high].map((end) => sideOf(end, level))
  return sides.every((one) => one === side)
}

/** What bounds a tree over stretches of its course. */
class Bounding {
  private readonly course: Course
  private readonly from: Instant
  /** Of its parts, as far as they were asked for: what has a shape as a whole is bounded by that. */
  private shapes: Map<Tree, Shape> | undefined
  readonly whole: Shape
  readonly isStill: boolean

  constructor(course: Course, from: Instant) {
    this.course = course
    this.from = from
    this.whole = shapeOf(course.tree, course, from)
    this.isStill = standsStill(this.whole)
  }

  over(begin: Instant, end: Instant, tree = this.course.tree): Range {
    const shape = this.shapeOf(tree)
    if (shape !== 'other') {
      const first = this.valueAt(tree, begin)
      if (first === null || standsStill(shape))
        return first === null ? null : { low: first, high: first, mayMiss: false }
      const last = this.valueAt(tree, end)
      // A sum may decay so far that it is nothing, and what is divided by it is missing.
      if (last === null) return anything
      return widened(Math.min(first, last), Math.max(first, last), false)
    }
    // The parts of a trend and of a model stand still, and so do these.
    if (tree.kind === 'leaf' || tree.kind === 'trend' || tree.kind === 'model')
      throw new RangeError(`a ${tree.kind} must have a shape`)
    const parts = partsOf(tree).map((part) => this.over(begin, end, part))
    if (tree.kind === 'sum') return added(parts, tree)
    const [left, right] = parts as [Range, Range]
    if (tree.kind === 'given') return given(left, right, tree)
    if (left === null || right === null) return null
    const mayMiss = left.mayMiss || right.mayMiss
    if (tree.kind === 'ratio') return divided(left, right, mayMiss)
    return widened(left.low - right.high, left.high - right.low, mayMiss)
  }

  private valueAt(tree: Tree, at: Instant): number | null {
    return evaluateTree(tree, (leaf) => this.course.leafAt(leaf, at)) as number | null
  }

  private shapeOf(tree: Tree): Shape {
    if (tree === this.course.tree) return this.whole
    this.shapes ??= new Map()
    let shape = this.shapes.get(tree)
    if (shape === undefined) {
      shape = shapeOf(tree, this.course, this.from)
      this.shapes.set(tree, shape)
    }
    return shape
  }
}

function added(parts: readonly Range[], { times, plus }: Extract<Tree, { kind: 'sum' }>): Range {
  let [low, high, mayMiss] = [plus, plus, false]
  for (const [at, part] of parts.entries()) {
    if (part === null) return null
    const ends = [part.low * times[at]!, part.high * times[at]!]
    low += Math.min(...ends)
    high += Math.max(...ends)
    mayMiss ||= part.mayMiss
  }
  return widened(low, high, mayMiss)
}

/** The value where its condition holds all along, missing where it never does. */
function given(of: Range, condition: Range, { op, than }: Extract<Tree, { kind: 'given' }>): Range {
  if (of === null || condition === null) return null
  const { low, high, mayMiss } = condition
  const isAt = low === than && high === than
  // A range that only touches the number is on neither side of it.
  if (mayMiss || (!isAt && low <= than && high >= than)) return { ...of, mayMiss: true }
  return compares(low, op, [than]) ? of : null
}

function divided(of: Bounds, by: Bounds, mayMiss: boolean): Range {
  if (by.low === 0 && by.high === 0) return null
  if (by.low <= 0 && by.high >= 0) return anything
  const ends = [of.low / by.low, of.low / by.high, of.high / by.low, of.high / by.high]
  return widened(Math.min(...ends), Math.max(...ends), mayMiss)
}

function widened(low: number, high: number, mayMiss: boolean): Range {
  if (low === high) return { low, high, mayMiss }
  const more = Math.max(Math.abs(low), Math.abs(high)) * slack
  return { low: low - more, high: high + more, mayMiss }
}
