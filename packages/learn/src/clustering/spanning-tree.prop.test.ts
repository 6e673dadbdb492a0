import { type Matrix, matrix, seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowSets } from './row-sets.ts'
import { spanningTree } from './spanning-tree.ts'

const square = (data: Matrix, a: number, b: number): number => {
  let sum = 0
  for (let column = 0; column < data.columns; column += 1) {
    sum += (data.values[a * data.columns + column]! - data.values[b * data.columns + column]!) ** 2
  }
  return sum
}

/** Lengths of the tree that grows from the first row by the shortest edge to a row outside (Prim). */
function lengthsByGrowing(data: Matrix, cores: Float64Array): number[] {
  const outside = new Set(Array.from({ length: data.rows - 1 }, (_, row) => row + 1))
  const inside = [0]
  const lengths: number[] = []
  while (outside.size > 0) {
    let best = { row: -1, length: Infinity }
    for (const from of inside) {
      for (const row of outside) {
        const length = Math.sqrt(Math.max(square(data, from, row), cores[from]!, cores[row]!))
        if (length < best.length) best = { row, length }
      }
    }
    outside.delete(best.row)
    inside.push(best.row)
    lengths.push(best.length)
  }
  return lengths.sort((a, b) => a - b)
}

const shape = fc.record({
  rows: fc.integer({ min: 1, max: 60 }),
  columns: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(),
  isTied: fc.boolean(),
  hasCores: fc.boolean(),
})

test('connects all rows, and its lengths are those of the least tree', () =>
  fc.assert(
    fc.asyncProperty(shape, async ({ rows, columns, seed, isTied, hasCores }) => {
      const random = seededRandom(seed)
      const value = (): number => (isTied ? random.integer(4) : random.normal())
      const data = matrix(rows, columns, Float64Array.from({ length: rows * columns }, value))
      const cores = Float64Array.from({ length: rows }, () => (hasCores ? Math.abs(value()) : 0))
      const { pairs, lengths } = await spanningTree(data, cores)
      expect(Array.from(lengths).sort((a, b) => a - b)).toEqual(lengthsByGrowing(data, cores))
      const sets = new RowSets(rows)
      for (let edge = 0; edge < lengths.length; edge += 1) {
        const a = sets.find(pairs[2 * edge]!)
        const b = sets.find(pairs[2 * edge + 1]!)
        expect(a).not.toBe(b)
        sets.join(a, b)
      }
    }),
  ))
