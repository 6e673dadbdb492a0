import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { applyReweighing, fitReweighing } from './reweighing.ts'

test('by hand: four groups and labels, expected by observed', () => {
  // 3 of 4 men have the label, 1 of 4 women: half in all, so each label of each should be 2 rows.
  const labels = [1, 1, 1, 0, 1, 0, 0, 0]
  const sex = ['m', 'm', 'm', 'm', 'f', 'f', 'f', 'f']
  const model = fitReweighing(labels, sex)
  expect(model).toEqual({ kind: 'reweighing', groups: ['f', 'm'], weights: Float64Array.of(2 / 3, 2, 2, 2 / 3) })
  expect(applyReweighing(model, [1, 0], ['f', 'f'])).toEqual(Float64Array.of(2, 2 / 3))
})

test('under the weights the label does not depend on the group, and the weights sum to what they summed to', () => {
  const random = seededRandom(2)
  const groups = Array.from({ length: 300 }, () => ['a', 'b', null][random.integer(3)]!)
  const labels = groups.map((group) => (random.uniform() < (group === 'a' ? 0.7 : 0.2) ? 1 : 0))
  const before = groups.map(() => random.integer(3))
  const after = applyReweighing(fitReweighing(labels, groups, before), labels, groups, before)
  const sumWhere = (where: (row: number) => boolean): number =>
    after.reduce((sum, weight, row) => (where(row) ? sum + weight : sum), 0)
  const shares = ['a', 'b', null].map(
    (group) => sumWhere((row) => groups[row] === group && labels[row] === 1) / sumWhere((row) => groups[row] === group),
  )
  expect(Math.max(...shares) - Math.min(...shares)).toBeLessThan(1e-12)
  expect(sumWhere(() => true)).toBeCloseTo(
    before.reduce((sum, weight) => sum + weight, 0),
    9,
  )
})

test('what cannot be used is refused', () => {
  expect(() => fitReweighing([], [])).toThrow('at least one label, got none')
  expect(() => fitReweighing([0, 2], ['a', 'a'])).toThrow('every label must be 0 or 1, got 2 at row 1')
  expect(() => fitReweighing([0], ['a', 'b'])).toThrow('group must hold one value a row (1), got 2')
  expect(() => fitReweighing([0, 1], ['a', 'a'], [1, -1])).toThrow('weights must be finite and at least 0')
  expect(() => applyReweighing(fitReweighing([0, 1], ['a', 'a']), [0], ['b'])).toThrow('must be in training, got b')
})
