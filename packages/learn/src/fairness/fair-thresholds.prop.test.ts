import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawFairSelection, type FairThresholdOptions, fairSelection, fitFairThresholds } from './index.ts'

const constraints = ['demographic-parity', 'equal-opportunity', 'equalised-odds'] as const
const objectives = ['accuracy', 'balanced-accuracy', { gain: 5, cost: 1 }] as const

/** Rows of two or three groups, each with both labels; scores with many ties. */
const rows = fc
  .array(
    fc.record({
      group: fc.constantFrom('a', 'b', null),
      label: fc.constantFrom(0, 1),
      score: fc.integer({ min: 0, max: 9 }),
      weight: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((drawn) => [
    ...drawn,
    ...['a', 'b', null].flatMap((group) => [
      { group, label: 0, score: 4, weight: 1 },
      { group, label: 1, score: 5, weight: 1 },
    ]),
  ])

const columnsOf = (all: { group: string | null; label: number; score: number; weight: number }[]) => ({
  groups: all.map(({ group }) => group),
  labels: all.map(({ label }) => label),
  scores: all.map(({ score }) => score),
  weights: all.map(({ weight }) => weight),
})

/** Share of the rows where `where` holds that is selected, by group. */
function ratesBy(
  chances: Float64Array,
  { groups, weights }: ReturnType<typeof columnsOf>,
  where: (row: number) => boolean,
): number[] {
  return ['a', 'b', null].map((group) => {
    let selected = 0
    let total = 0
    chances.forEach((chance, row) => {
      if (groups[row] !== group || !where(row)) return
      selected += weights[row]! * chance
      total += weights[row]!
    })
    return selected / total
  })
}

const spread = (rates: readonly number[]): number => Math.max(...rates) - Math.min(...rates)

test('the constraint is met on the training rows, and nothing is better than doing without it', () => {
  fc.assert(
    fc.property(rows, fc.constantFrom(...constraints), fc.constantFrom(...objectives), (all, constraint, objective) => {
      const columns = columnsOf(all)
      const { scores, labels, groups, weights } = columns
      const model = fitFairThresholds(scores, labels, groups, { constraint, objective, weights })
      const chances = fairSelection(model, scores, groups)
      const selected = ratesBy(chances, columns, () => true)
      const truePositive = ratesBy(chances, columns, (row) => labels[row] === 1)
      const falsePositive = ratesBy(chances, columns, (row) => labels[row] === 0)
      if (constraint === 'demographic-parity') expect(spread(selected)).toBeLessThan(1e-9)
      else expect(spread(truePositive)).toBeLessThan(1e-9)
      if (constraint === 'equalised-odds') expect(spread(falsePositive)).toBeLessThan(1e-9)
      expect(model.value).toBeLessThanOrEqual(model.valueUnconstrained + 1e-9)
      for (const [at, rule] of model.rules.entries()) {
        expect(rule.selection).toBeCloseTo(selected[at]!, 9)
        expect(rule.truePositive).toBeCloseTo(truePositive[at]!, 9)
        expect(rule.falsePositive).toBeCloseTo(falsePositive[at]!, 9)
      }
    }),
  )
})

test('neither selecting everybody or nobody is better, nor equalised odds than equal opportunity', () => {
  fc.assert(
    fc.property(rows, fc.constantFrom(...constraints), (all, constraint) => {
      const { scores, labels, groups } = columnsOf(all)
      const options: FairThresholdOptions = { constraint }
      const best = fitFairThresholds(scores, labels, groups, options).value
      // Selecting everybody or nobody meets every constraint.
      const share = labels.filter((label) => label === 1).length / labels.length
      expect(best).toBeGreaterThanOrEqual(Math.max(share, 1 - share) - 1e-9)
      // Equalised odds implies both others, so it can never be worth more.
      const equalised = fitFairThresholds(scores, labels, groups, { constraint: 'equalised-odds' }).value
      if (constraint === 'equal-opportunity') expect(best).toBeGreaterThanOrEqual(equalised - 1e-9)
    }),
  )
})

test('a whole weight is the row as often', () => {
  fc.assert(
    fc.property(rows, fc.constantFrom(...constraints), (all, constraint) => {
      const { scores, labels, groups, weights } = columnsOf(all)
      const weighted = fitFairThresholds(scores, labels, groups, { constraint, weights })
      const often = columnsOf(all.flatMap((row) => Array.from({ length: row.weight }, () => row)))
      expect(weighted.value).toBeCloseTo(
        fitFairThresholds(often.scores, often.labels, often.groups, { constraint }).value,
        9,
      )
    }),
  )
})

test('lots are drawn by the seed, and only where there are chances', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const { scores, labels, groups } = columnsOf(all)
      const model = fitFairThresholds(scores, labels, groups, { constraint: 'equalised-odds' })
      const chances = fairSelection(model, scores, groups)
      const drawn = drawFairSelection(model, scores, groups, 4)
      expect(drawFairSelection(structuredClone(model), scores, groups, 4)).toEqual(drawn)
      drawn.forEach((selected, row) => {
        if (chances[row] === 0 || chances[row] === 1) expect(selected).toBe(chances[row])
      })
    }),
  )
})

test('what cannot be used is refused', () => {
  const options = { constraint: 'equalised-odds' } as const
  const fit =
    (labels: number[], groups: string[], more = {}) =>
    () =>
      fitFairThresholds(
        labels.map((_, row) => row),
        labels,
        groups,
        { ...options, ...more },
      )
  expect(fit([], [])).toThrow('there must be at least one row')
  expect(fit([0, 1, 1], ['a', 'a', 'b'])).toThrow('group b (1 rows) does not')
  expect(fit([0, 1], ['a'])).toThrow('group must hold one value a row (2), got 1')
  expect(fit([0, 1], ['a', 'a'], { objective: { gain: -1, cost: 1 } })).toThrow('gain and cost must be finite')
  expect(fit([0, 1], ['a', 'a'], { constraint: 'parity' })).toThrow('constraint must be one of')
  const model = fitFairThresholds([0.2, 0.8], [0, 1], ['a', 'a'], options)
  expect(() => fairSelection(model, [0.5], ['b'])).toThrow('every group must be in training, got b at row 0')
  expect(() => fairSelection(model, [0.5], [])).toThrow('there must be a group a score (1), got 0')
})
