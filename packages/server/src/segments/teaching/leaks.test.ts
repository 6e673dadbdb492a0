import { table } from '@rapport/learn'
import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { findLeaks } from './leaks.ts'

const n = 200
const labels = Int32Array.from({ length: n }, (_, row) => row % 2)
const numbers = (name: string, of: (row: number) => number) =>
  ({ name, kind: 'number', values: Float64Array.from({ length: n }, (_, row) => of(row)) }) as const

test('a feature that says the label is found, whichever way it points and by missing values too', () => {
  const random = seededRandom(1)
  const found = findLeaks(
    table([
      numbers('low', (row) => -labels[row]! + 0.1 * random.normal()),
      numbers('there', (row) => (labels[row] === 1 ? random.normal() : Number.NaN)),
      numbers('some', (row) => labels[row]! + random.normal()),
      numbers('noise', () => random.normal()),
      // Vary among everybody, and not among those who are labelled.
      numbers('unknown', () => Number.NaN),
      numbers('same', () => 3),
      { name: 'word', kind: 'text', values: Array.from({ length: n }, (_, row) => (labels[row] === 1 ? 'a' : 'b')) },
      // Each word once says nothing, though no two customers share one.
      { name: 'unique', kind: 'text', values: Array.from({ length: n }, (_, row) => `w${row}`) },
    ]),
    labels,
    ['no', 'yes'],
    1,
  )
  expect(found.map(({ feature }) => feature)).toEqual(['low', 'there', 'word'])
  expect(found.every(({ auc }) => auc >= 0.99)).toBe(true)
})

test('of several classes, a feature that gives one away is found', () => {
  const three = Int32Array.from({ length: n }, (_, row) => row % 3)
  const found = findLeaks(table([numbers('two', (row) => (three[row] === 2 ? 1 : 0))]), three, ['a', 'b', 'c'], 1)
  expect(found).toEqual([{ feature: 'two', auc: expect.closeTo(1, 12) }])
})

test('the rule that made a small segment is found', () => {
  const spend = numbers('spend', (row) => (row * 37) % n)
  const best = Int32Array.from(spend.values, (value) => (value >= n - 12 ? 1 : 0))
  expect(findLeaks(table([spend]), best, ['no', 'yes'], 1)).toEqual([{ feature: 'spend', auc: 1 }])
})
