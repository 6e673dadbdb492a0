import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { auditAmounts } from './index.ts'

/** Amounts with a long tail in four groups, predicted right on average but `off` too low in group 2. */
function drawAmounts(n: number, off: number, seed: number) {
  const random = seededRandom(seed)
  const group = Array.from({ length: n }, () => random.integer(4))
  const predicted = group.map((own) => 10 + 5 * own)
  const actual = predicted.map((mean, row) => (mean + (group[row] === 2 ? off : 0)) * -Math.log(1 - random.uniform()))
  return { predicted, actual, values: group.map(String) }
}

test('the interval of the widest gap holds the true gap, and shows none where there is none, in at least 95 % of draws', () => {
  for (const off of [0, 6]) {
    let held = 0
    for (let seed = 0; seed < 300; seed += 1) {
      const { predicted, actual, values } = drawAmounts(800, off, seed)
      const { calibration } = auditAmounts(predicted, actual, [{ name: 'g', values }]).groupings[0]!
      if (!calibration.defined) throw new Error(calibration.because)
      if (calibration.low <= off && off <= calibration.high) held += 1
    }
    // 285 of 300 are 95 %; Bonferroni over six pairs holds more, the skewness of 200 amounts costs a little of it.
    expect(held).toBeGreaterThanOrEqual(285)
  }
})

test('means by hand, crossings and small groups', () => {
  const { groupings } = auditAmounts(
    [1, 1, 4, 4, 9],
    [2, 4, 3, 5, 9],
    [
      { name: 'sex', values: ['f', 'f', 'm', 'm', null] },
      { name: 'age', values: ['old', 'young', 'old', 'old', 'old'] },
    ],
    { rowsMin: 2 },
  )
  expect(groupings.map(({ attributes }) => attributes.join())).toEqual(['sex', 'age', 'sex,age'])
  const [f, m, unknown] = groupings[0]!.groups
  expect(f).toMatchObject({ values: ['f'], rows: 2, isSmall: false, predicted: 1, observed: { value: 3 } })
  // Student's quantile of one degree of freedom at 97.5 %, times a standard error of 1.
  expect(f!.observed.high - 3).toBeCloseTo(12.7062047364, 9)
  expect(m).toMatchObject({ predicted: 4, observed: { value: 4 } })
  expect(unknown).toMatchObject({ isSmall: true, observed: { value: 9, low: -Infinity, high: Infinity } })
  expect(groupings[0]!.calibration).toMatchObject({
    value: 2,
    low: 0,
    highest: ['f'],
    lowest: ['m'],
    leftOut: [[null]],
  })
  expect(groupings[1]!.calibration).toMatchObject({ defined: false, because: 'one-group' })
})

test('what means nothing is refused', () => {
  const g = [{ name: 'g', values: ['a', 'b'] }]
  expect(() => auditAmounts([1, 2], [1, Number.NaN], g)).toThrow('actual must be finite, got NaN at row 1')
  expect(() => auditAmounts([1], [1], g)).toThrow('g must hold one value a row (1), got 2')
  expect(() => auditAmounts([1, 2], [1, 2], [])).toThrow('at least one attribute')
  expect(() => auditAmounts([1, 2], [1, 2], g, { confidence: 1 })).toThrow('confidence must be between 0 and 1')
})
