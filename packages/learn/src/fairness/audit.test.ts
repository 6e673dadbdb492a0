import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { auditFairness } from './audit.ts'
import type { GroupGap } from './gap.ts'

const shown = (gap: GroupGap): GroupGap & { defined: true } => {
  if (!gap.defined) throw new Error(gap.because)
  return gap
}

/** Rows of `groups` groups whose true chance of being selected is `chance(group)`. */
function drawRows(n: number, groups: number, chance: (group: number) => number, seed: number) {
  const random = seededRandom(seed)
  const group = Array.from({ length: n }, () => random.integer(groups))
  const probabilities = group.map((own) => (random.uniform() < chance(own) ? 0.9 : 0.1))
  return { probabilities, values: group.map(String), labels: probabilities.map((p) => (random.uniform() < p ? 1 : 0)) }
}

test('the interval of the widest gap holds the true gap, and shows none where there is none, in at least 95 % of draws', () => {
  for (const truth of [0, 0.15]) {
    let held = 0
    for (let seed = 0; seed < 400; seed += 1) {
      const { probabilities, labels, values } = drawRows(600, 4, (group) => 0.4 + (group === 2 ? truth : 0), seed)
      const [found] = auditFairness(probabilities, labels, [{ name: 'g', values }]).groupings
      const { low, high } = shown(found!.demographicParity)
      if (low <= truth && truth <= high) held += 1
    }
    // 380 of 400 are 95 %; Bonferroni over six pairs holds more.
    expect(held).toBeGreaterThanOrEqual(380)
  }
})

test('the ratio’s interval holds the true ratio in at least 95 % of draws', () => {
  let held = 0
  for (let seed = 0; seed < 400; seed += 1) {
    const { probabilities, labels, values } = drawRows(500, 3, (group) => [0.5, 0.5, 0.3][group]!, seed)
    const [found] = auditFairness(probabilities, labels, [{ name: 'g', values }]).groupings
    const { low, high } = shown(found!.selectionRatio)
    if (low <= 0.6 && 0.6 <= high) held += 1
  }
  expect(held).toBeGreaterThanOrEqual(380)
})

test('calibrated scores show no gap of calibration, scores that flatter one group do', () => {
  const random = seededRandom(3)
  const values = Array.from({ length: 4000 }, (_, row) => (row % 2 ? 'a' : 'b'))
  const truth = values.map(() => 0.1 + 0.7 * random.uniform())
  const labels = truth.map((p) => (random.uniform() < p ? 1 : 0))
  const calibrationOf = (probabilities: number[]): GroupGap & { defined: true } =>
    shown(auditFairness(probabilities, labels, [{ name: 'g', values }]).groupings[0]!.calibration)
  expect(calibrationOf(truth).low).toBe(0)
  const flattering = calibrationOf(truth.map((p, row) => (values[row] === 'a' ? p + 0.15 : p)))
  expect(flattering.low).toBeGreaterThan(0.08)
  expect(flattering.lowest).toEqual(['a'])
})

test('bias that only a crossing of two attributes has is found there, and small groups are said', () => {
  const sex = Array.from({ length: 804 }, (_, row) => (row < 800 ? ['f', 'm'][row % 2]! : 'x'))
  const age = sex.map((_, row) => (row < 800 ? ['old', 'young'][(row >> 1) % 2]! : null))
  // Half of every sex and of every age is selected, but by sex and age together.
  const scores = sex.map((own, row) => ((own === 'f') === (age[row] === 'old') ? 0.8 : 0.2))
  const labels = scores.map((_, row) => (row >> 2) % 2)
  const { groupings } = auditFairness(scores, labels, [
    { name: 'sex', values: sex },
    { name: 'age', values: age },
  ])
  expect(groupings.map(({ attributes }) => attributes.join())).toEqual(['sex', 'age', 'sex,age'])
  expect(groupings.map(({ demographicParity }) => shown(demographicParity).value)).toEqual([0, 0, 1])
  expect(shown(groupings[2]!.demographicParity).leftOut).toEqual([['x', null]])
  const small = groupings[0]!.groups.find(({ values }) => values[0] === 'x')!
  expect(small).toMatchObject({ rows: 4, isSmall: true, selection: { defined: true, value: 1, n: 4 } })
})

test('whole weights are the row as often, for rates and gaps', () => {
  const { probabilities, labels, values } = drawRows(400, 2, (group) => 0.3 + 0.2 * group, 8)
  const all = (of: ArrayLike<number>): number[] => Array.from(of).flatMap((value) => [value, value])
  const once = auditFairness(probabilities, labels, [{ name: 'g', values }]).groupings[0]!
  const twice = auditFairness(all(probabilities), all(labels), [{ name: 'g', values: values.flatMap((v) => [v, v]) }])
    .groupings[0]!
  const weighted = auditFairness(probabilities, labels, [{ name: 'g', values }], { weights: labels.map(() => 2) })
    .groupings[0]!
  expect(shown(weighted.equalisedOdds).value).toBeCloseTo(shown(twice.equalisedOdds).value, 12)
  // All weights alike tell no more than all 1, unlike rows that came twice.
  expect(shown(weighted.equalisedOdds).high).toBeCloseTo(shown(once.equalisedOdds).high, 12)
})

test('what is not there is a reason, not a number', () => {
  const one = auditFairness([0.1, 0.9], [0, 1], [{ name: 'g', values: ['a', 'a'] }], { rowsMin: 1 }).groupings[0]!
  expect(one.demographicParity).toEqual({ defined: false, because: 'one-group', leftOut: [] })
  const nobody = auditFairness([0.1, 0.2], [0, 1], [{ name: 'g', values: ['a', 'b'] }], { rowsMin: 1 }).groupings[0]!
  expect(nobody.selectionRatio).toMatchObject({ defined: false, because: 'nobody' })
  expect(nobody.groups[0]!.truePositive).toEqual({ defined: false, because: 'no-rows' })
  expect(nobody.equalisedOdds).toMatchObject({ defined: false, because: 'one-group' })
  expect(auditFairness([], [], [{ name: 'g', values: [] }]).groupings[0]!.groups).toEqual([])
})

test('what cannot be used is refused', () => {
  const attributes = [{ name: 'sex', values: ['f'] }]
  const refuse = (run: () => unknown, message: string) => expect(run).toThrow(message)
  refuse(() => auditFairness([0.5, 0.5], [0, 1], attributes), 'sex must hold one value a row (2), got 1')
  refuse(() => auditFairness([0.5], [0], []), 'there must be at least one attribute, got none')
  refuse(() => auditFairness([1.5], [0], attributes), 'every probability must be 0 … 1, got 1.5 at row 0')
  refuse(() => auditFairness([0.5], [0], attributes, { crossed: 0 }), 'crossed must be a whole number ≥ 1, got 0')
  refuse(() => auditFairness([0.5], [0], attributes, { rowsMin: 0 }), 'rowsMin must be at least 1, got 0')
  refuse(() => auditFairness([0.5], [0], attributes, { confidence: 1 }), 'confidence must be between 0 and 1, got 1')
  refuse(() => auditFairness([0.5], [0], attributes, { threshold: Number.NaN }), 'threshold must be a number, got NaN')
})
