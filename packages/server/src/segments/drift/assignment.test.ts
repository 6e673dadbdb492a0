import { matrix } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bestAssignment } from './assignment.ts'

/** Of all pairings the worth of the best, by trying each. */
function bestWorth(rows: number, columns: number, values: Float64Array, row = 0, taken = 0): number {
  if (row === rows) return 0
  let best = rows - row > columns ? bestWorth(rows, columns, values, row + 1, taken) : Number.NEGATIVE_INFINITY
  // A row may go without where there are too few columns.
  if (rows > columns) best = Math.max(best, bestWorth(rows, columns, values, row + 1, taken))
  for (let column = 0; column < columns; column += 1) {
    if ((taken >> column) % 2 === 1) continue
    const own = values[row * columns + column]!
    best = Math.max(best, own + bestWorth(rows, columns, values, row + 1, taken + 2 ** column))
  }
  return best
}

test('no other pairing is worth more, and nothing is paired twice', () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  const tables = sizes.chain(([rows, columns]) =>
    fc.tuple(
      fc.constant(rows),
      fc.constant(columns),
      fc.array(fc.integer({ min: 0, max: 20 }), { minLength: rows * columns, maxLength: rows * columns }),
    ),
  )
  fc.assert(
    fc.property(tables, ([rows, columns, list]) => {
      const values = Float64Array.from(list)
      const found = bestAssignment(matrix(rows, columns, values))
      const used = [...found].filter((column) => column >= 0)
      expect(new Set(used).size).toBe(used.length)
      expect(used.length).toBe(Math.min(rows, columns))
      const worth = [...found].reduce((sum, column, row) => sum + (column < 0 ? 0 : values[row * columns + column]!), 0)
      expect(worth).toBe(bestWorth(rows, columns, values))
    }),
    { numRuns: 300 },
  )
})
