import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AggregateLeaf, FeatureValue, LiveValues, Tree } from '../../features/index.ts'
import type { CompiledSegments } from './compiled.ts'
import { later } from './course.ts'
import { firstCrossing } from './crossing.ts'
import { crossingWatch } from './crossing-watch.ts'
import { Evaluation } from './evaluation.ts'
import { ListContents } from './list-contents.ts'

const day = 86_400_000
const now = Date.UTC(2024, 5, 1, 12)
const far = now + 200 * 366 * day
const of = { entity: 'customer', of: null, pattern: { kind: 'event', name: 'A', call: null, conditions: [] } } as const
const count = { ...of, kind: 'aggregate', aggregate: 'count', window: { kind: 'lifetime' }, halfLifeMs: null } as const
const since: AggregateLeaf = { ...count, aggregate: 'time-since-last' }
const decayed = (halfLifeMs: number): AggregateLeaf => ({ ...count, aggregate: 'decayed-sum', halfLifeMs })
const planned: readonly AggregateLeaf[] = [since, decayed(3_600_000), decayed(30 * day), decayed(30 * day), count]

const value = fc.oneof(fc.constant(0), fc.double({ min: -5, max: 40, noNaN: true }))
/** Days since, whole milliseconds of them, or missing; sums; a count. */
const leafValues = fc.tuple(
  fc.option(fc.nat({ max: 60 * day }).map((ms) => ms / day)),
  ...[value, value, value],
  fc.option(fc.nat({ max: 3 })),
)
const levels = fc.array(fc.oneof(fc.nat({ max: 40 }), fc.double({ min: -5, max: 40, noNaN: true })), {
  minLength: 1,
  maxLength: 2,
})

/** What a watch says, and the first crossing that a search finds. */
function saidAndFound(tree: Tree, some: readonly number[], values: readonly FeatureValue[]) {
  const live: LiveValues = { leafValue: (_, leaf) => values[leaf]!, leafChangesAt: () => Infinity }
  const compiled = { plan: { leaves: planned, features: [] }, tests: [], segments: [] } as unknown as CompiledSegments
  const evaluation = new Evaluation(compiled, live, new ListContents()).turnTo('ada', now)
  const leafAt = (leaf: number, at: number): FeatureValue => {
    const one = values[leaf]!
    return typeof one === 'number' ? later(planned[leaf]!, one, now, at) : one
  }
  const found = some.map((level) => firstCrossing({ tree, leaves: planned, leafAt }, level, now, far) ?? Infinity)
  return { said: crossingWatch({ tree, levels: some }, planned).next(evaluation, live), found: Math.min(...found) }
}

const leaf = (place: number): Tree => ({ kind: 'leaf', leaf: place })

it('says of a leaf what a search finds', () => {
  fc.assert(
    fc.property(fc.nat({ max: 3 }), levels, leafValues, (place, some, values) => {
      const { said, found } = saidAndFound(leaf(place), some, values)
      expect(said).toBe(found)
    }),
    { numRuns: 2000 },
  )
})

it('says of a sum of leaves, and of a ratio, what a search finds', () => {
  const times = fc.constantFrom(-1, 0.5, 1, 3)
  const sum = fc.tuple(times, times, fc.constantFrom(-2, 0, 1)).map(
    ([one, other, plus]): Tree => ({
      ...{ kind: 'sum', parts: [leaf(2), leaf(3), leaf(4)], times: [one, other, 1], plus },
    }),
  )
  const ratio = fc.constantFrom<Tree>(
    { kind: 'ratio', of: leaf(0), by: leaf(4) },
    { kind: 'ratio', of: leaf(2), by: leaf(3) },
    { kind: 'difference', of: leaf(0), minus: leaf(4) },
  )
  fc.assert(
    fc.property(fc.oneof(sum, ratio), levels, leafValues, (tree, some, values) => {
      const { said, found } = saidAndFound(tree, some, values)
      expect(said).toBe(found)
    }),
    { numRuns: 2000 },
  )
})
