import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { groupingsOf } from './groups.ts'
import { limitsOf } from './model-card.ts'

const random = seededRandom(4)
const rows = Array.from({ length: 2000 }, (_, row) => row)
const gender = rows.map((row) => (row % 10 === 0 ? null : ['f', 'm'][row % 2]!))
const country = rows.map((row) => (row < 1980 ? ['SE', 'NO'][(row >> 1) % 2]! : 'FI'))
const chances = Float64Array.from(rows, () => 0.1 + 0.6 * random.uniform())
const traits = [
  { name: 'gender', values: gender },
  { name: 'age', values: rows.map(() => null) },
  { name: 'country', values: country },
]
const limits = (groups: ReturnType<typeof groupingsOf>) =>
  limitsOf(groups, {
    quality: { name: 'any', figures: [], calibration: [] },
    gain: { mean: 1, error: 0, words: '' },
    shared: false,
  }).slice(1)

test('groups that are treated alike have no gap beyond chance, and small ones are counted', () => {
  const outcomes = chances.map((chance) => (random.uniform() < chance ? 1 : 0))
  const groupings = groupingsOf(traits, chances, outcomes)
  expect(groupings.map((grouping) => grouping.traits)).toEqual([['gender'], ['country'], ['gender', 'country']])
  expect(groupings[0]!.groups.map(({ values }) => values[0])).toEqual(['m', 'f', null])
  expect(groupings[1]).toMatchObject({ smaller: 1, groups: [{ values: ['NO'] }, { values: ['SE'] }] })
  const [women] = groupings[0]!.groups
  expect(women!.chosen!.value).toBeGreaterThan(0.3)
  expect(women!.found!.value).toBeGreaterThan(women!.chosen!.value)
  expect(groupings.flatMap(({ apart }) => apart).filter(({ interval }) => interval.low > 0)).toEqual([])
  expect(limits(groupings)).toEqual([])
})

test('a group that is flattered is named among the limits, once', () => {
  const outcomes = chances.map((chance, row) =>
    random.uniform() < (gender[row] === 'f' ? chance - 0.1 : chance) ? 1 : 0,
  )
  const groupings = groupingsOf(traits, chances, outcomes)
  const [gap] = groupings[0]!.apart
  expect(gap).toMatchObject({ measure: 'seen less predicted', lowest: ['f'] })
  expect(limits(groupings)[0]).toMatch(
    /^it is not as right about all: what came, less what it says, is 0\.\d+ \(0\.\d+ to 0\.\d+\) higher for gender (m|not known) than for gender f$/,
  )
  expect(limits(groupings).filter((words) => words.includes('not as right'))).toHaveLength(1)
})

test('amounts are compared by their means', () => {
  const expected = Float64Array.from(rows, () => 20)
  const came = Float64Array.from(rows, (row) => (gender[row] === 'f' ? 30 : 20) * -Math.log(1 - random.uniform()))
  const groupings = groupingsOf(traits, expected, came)
  expect(groupings[0]!.groups[0]).toMatchObject({ chosen: null, found: null, predicted: 20 })
  expect(groupings[0]!.apart.map(({ measure }) => measure)).toEqual(['seen less predicted'])
  expect(limits(groupings)[0]).toContain('higher for gender f than')
})

test('without traits that part customers there is nothing to compare', () => {
  expect(groupingsOf([traits[1]!], chances, chances)).toEqual([])
})
