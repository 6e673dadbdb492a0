import { matrix, rowOf, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { habitCoordinates, habitReliability, learnHabits } from './habit-coordinates.ts'
import type { Habit } from './habits.ts'

const counts = (rows: readonly (readonly number[])[]): Habit => ({
  kind: 'counts',
  name: 'kinds',
  label: 'kinds',
  counts: matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat())),
})

test('a customer never seen lies at the middle; one seen often lies nearer to what was seen', async () => {
  const habits = [
    counts([
      [0, 0],
      [2, 0],
      [20, 0],
      [0, 20],
      [0, 2],
    ]),
  ]
  const scales = await learnHabits(habits)
  const points = await habitCoordinates(habits, scales)
  const first = (row: number): number => rowOf(points, row)[0]!
  expect(first(0)).toBeCloseTo(0, 12)
  expect(first(2)).toBeGreaterThan(first(1))
  expect(first(1)).toBeGreaterThan(0)
  expect(first(3)).toBeLessThan(first(4))
  const reliability = await habitReliability(habits, scales)
  expect(reliability[0]).toBe(0)
  expect(reliability[2]).toBeGreaterThan(reliability[1]!)
  expect(reliability[2]).toBeLessThan(1)
})

// Under sampling alone the estimated concentration is large, so hardly anything is left of the differences.
test('what is chance between customers is shrunk away, in counts and in levels', async () => {
  const random = seededRandom(8)
  const rows = 2000
  const times = new Float64Array(rows).fill(6)
  const totals = new Float64Array(rows)
  const squares = new Float64Array(rows)
  const picked = Array.from({ length: rows }, (_, row) => {
    const own = [0, 0, 0]
    for (let seen = 0; seen < 6; seen += 1) {
      own[random.integer(3)]! += 1
      const value = random.normal()
      totals[row]! += value
      squares[row]! += value ** 2
    }
    return own
  })
  const habits: Habit[] = [counts(picked), { kind: 'level', name: 'price', label: 'price', times, totals, squares }]
  const scales = await learnHabits(habits)
  const reliability = await habitReliability(habits, scales)
  expect(Math.max(...reliability)).toBeLessThan(0.2)
  const widest = Array.from((await habitCoordinates(habits, scales)).values, Math.abs).reduce(
    (a, b) => Math.max(a, b),
    0,
  )
  expect(widest).toBeLessThan(0.1)
})

test('a habit that nobody showed, or all in one way, is left out', async () => {
  const none = new Float64Array(3)
  expect(
    await learnHabits([
      counts([
        [0, 0],
        [0, 0],
        [0, 0],
      ]),
      {
        ...counts([
          [4, 0],
          [2, 0],
          [1, 0],
        ]),
        name: 'same',
      },
      { kind: 'level', name: 'price', label: 'price', times: none, totals: none, squares: none },
    ]),
  ).toEqual([])
})
