import { kFold, stratifiedKFold } from '@rapport/learn'
import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { customerFolds, hasRepeated } from './customer-folds.ts'

test('with one row each it is the split of the library, bit for bit', () => {
  const ids = Array.from({ length: 500 }, (_, row) => `c${row}`)
  const random = seededRandom(1)
  const labels = Uint8Array.from(ids, () => (random.uniform() < 0.2 ? 1 : 0))
  expect(customerFolds(ids, { folds: 5, seed: 3 })).toEqual(kFold(500, { folds: 5, seed: 3 }))
  expect(customerFolds(ids, { folds: 5, seed: 3, labels })).toEqual(stratifiedKFold(labels, { folds: 5, seed: 3 }))
  expect([hasRepeated(ids), hasRepeated([...ids, 'c7'])]).toEqual([false, true])
})

test('no customer is on both sides, every row is tested once, and who has it once is spread evenly', () => {
  const random = seededRandom(2)
  const ids = Array.from({ length: 2000 }, () => `c${Math.floor(random.uniform() * 400)}`)
  // Of every fifth customer it is true at half of the moments.
  const labels = Uint8Array.from(ids, (id) => (Number(id.slice(1)) % 5 === 0 && random.uniform() < 0.5 ? 1 : 0))
  const folds = customerFolds(ids, { folds: 5, seed: 4, labels })
  expect(folds.flatMap(({ test: rows }) => Array.from(rows)).sort((left, right) => left - right)).toEqual(
    Array.from(ids.keys()),
  )
  const counts = folds.map(({ train, test: rows }) => {
    const seen = new Set(Array.from(train, (row) => ids[row]!))
    expect(Array.from(rows).some((row) => seen.has(ids[row]!))).toBe(false)
    return new Set(Array.from(rows).flatMap((row) => (labels[row] === 1 ? [ids[row]!] : []))).size
  })
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
})

test('where hardly anybody differs the customers are split as they come', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'a', 'b']
  const folds = customerFolds(ids, { folds: 5, seed: 1, labels: Uint8Array.of(1, 1, 1, 1, 1, 0, 0, 0) })
  expect(folds).toHaveLength(5)
})
