import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AggregateLeaf, Leaf, Tree } from '../../features/index.ts'
import type { Course } from './course.ts'
import { firstCrossing } from './crossing.ts'

const day = 86_400_000
const hour = day / 24
const of = { entity: 'customer', of: null, pattern: { kind: 'event', name: 'A', call: null, conditions: [] } } as const
const still = { ...of, kind: 'aggregate', aggregate: 'count', window: { kind: 'lifetime' }, halfLifeMs: null } as const
const since: AggregateLeaf = { ...still, aggregate: 'time-since-last' }
const decayed = (halfLifeMs: number): AggregateLeaf => ({ ...still, aggregate: 'decayed-sum', halfLifeMs })

/** Leaves by what they are worth at zero. */
function courseOf(tree: Tree, leaves: readonly (readonly [Leaf, number])[]): Course {
  return {
    tree,
    leaves: leaves.map(([leaf]) => leaf),
    leafAt: (place, at) => {
      const [leaf, now] = leaves[place] as [AggregateLeaf, number]
      if (leaf.halfLifeMs !== null) return now * 2 ** (-at / leaf.halfLifeMs)
      return leaf.aggregate === 'count' ? now : now + at / day
    },
  }
}
const leaf = (place: number): Tree => ({ kind: 'leaf', leaf: place })
const ratio = (one: Tree, other: Tree): Tree => ({ kind: 'ratio', of: one, by: other })
const difference = (one: Tree, other: Tree): Tree => ({ kind: 'difference', of: one, minus: other })
const far = 200 * 366 * day

it('finds the millisecond at which days since reach a number, and the one after', () => {
  const course = courseOf(leaf(0), [[since, 1.5]])
  expect(firstCrossing(course, 30, 0, far)).toBe(28.5 * day)
  expect(firstCrossing(course, 30, 28.5 * day, far)).toBe(28.5 * day + 1)
  expect(firstCrossing(course, 30, 28.5 * day + 1, far)).toBe(null)
  expect(firstCrossing(course, 1, 0, far)).toBe(null)
})

it('finds when a decayed sum has halved, and never below zero', () => {
  const course = courseOf(leaf(0), [[decayed(36 * hour), 4]])
  expect(firstCrossing(course, 1, 0, far)).toBe(72 * hour)
  expect(firstCrossing(course, -1, 0, far)).toBe(null)
})

it('finds a ratio by a sum that decays to nothing in the end', () => {
  const course = courseOf(ratio(leaf(0), leaf(1)), [
    [still, 2],
    [decayed(hour), 1],
  ])
  expect(firstCrossing(course, 8, 0, far)).toBe(2 * hour)
})

it('knows what stands still although its parts do not', () => {
  const leaves = [
    [since, 3],
    [since, 3],
    [decayed(hour), 2],
    [decayed(hour), 2],
  ] as const
  for (const [tree, level] of [
    [difference(leaf(0), leaf(1)), 0],
    [ratio(leaf(0), leaf(1)), 1],
    [ratio(leaf(2), leaf(3)), 1],
    [ratio(leaf(2), difference(leaf(0), leaf(1))), 7],
  ] as const)
    expect(firstCrossing(courseOf(tree, leaves), level, 0, far)).toBe(null)
})

it('finds a ratio by a trend, or by a ratio that stands still, which are not nothing', () => {
  const trend: Tree = { kind: 'trend', now: leaf(1), before: leaf(2) }
  const steps = [
    [since, 0.5],
    [still, 3],
    [still, 1],
  ] as const
  // A trend of one half: two days since, divided by it, are four.
  expect(firstCrossing(courseOf(ratio(leaf(0), trend), steps), 4, 0, far)).toBe(1.5 * day)
  const twice = difference(leaf(0), difference(leaf(3), leaf(0)))
  const leaves = [...steps, [since, 0.75]] as const
  expect(firstCrossing(courseOf(ratio(leaf(0), ratio(leaf(0), leaf(0))), leaves), 2, 0, far)).toBe(1.5 * day)
  expect(firstCrossing(courseOf(ratio(twice, leaf(1)), leaves), 1, 0, far)).toBe(2.75 * day)
})

it('finds the first of several crossings, as looking at every moment does', () => {
  const value = fc.double({ min: 0.1, max: 5, noNaN: true })
  fc.assert(
    fc.property(value, value, value, fc.double({ min: -3, max: 3, noNaN: true }), (one, two, three, level) => {
      // Falls fast, rises slowly: it may cross twice.
      const tree = difference(ratio(leaf(0), leaf(1)), leaf(2))
      const course = courseOf(tree, [
        [since, one],
        [decayed(9_000), two],
        [decayed(3_000), 4 * three],
      ])
      const at = (moment: number): number => {
        const [rise, slow, fast] = [0, 1, 2].map((place) => course.leafAt(place, moment) as number)
        return rise! / slow! - fast!
      }
      const above = (moment: number): boolean => at(moment) > level
      let first: number | null = null
      for (let moment = 1; moment <= 20_000 && first === null; moment += 1)
        if (above(moment) !== above(0)) first = moment
      expect(firstCrossing(course, level, 0, 20_000)).toBe(first)
    }),
  )
})

it('finds when weighted sums of what fades and what grows reach a number', () => {
  const sum: Tree = { kind: 'sum', parts: [leaf(0), leaf(1)], times: [2, 1], plus: 1 }
  const leaves = [
    [since, 0],
    [still, 3],
  ] as const
  expect(firstCrossing(courseOf(sum, leaves), 14, 0, far)).toBe(5 * day)
  const fading = [
    [decayed(36 * hour), 2],
    [decayed(36 * hour), 4],
  ] as const
  expect(firstCrossing(courseOf({ ...sum, plus: 0 }, fading), 2, 0, far)).toBe(72 * hour)
  expect(firstCrossing(courseOf(sum, [fading[0], [since, 0]]), 4.7, 0, far)).toBeGreaterThan(0)
})

it('finds the millisecond at which a condition ends, and waits for nothing else', () => {
  const given: Tree = { kind: 'given', of: leaf(0), if: leaf(1), op: '<=', than: 2 }
  const leaves = [
    [still, 0.7],
    [since, 0.5],
  ] as const
  expect(firstCrossing(courseOf(given, leaves), 0.5, 0, far)).toBe(1.5 * day + 1)
  expect(firstCrossing(courseOf(given, leaves), 0.5, 1.5 * day + 1, far)).toBe(null)
})
