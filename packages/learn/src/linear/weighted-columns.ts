import { borrowKernels, type Matrix } from '@rapport/numerics'
import { rowsPerTile } from './logistic-objective.ts'

/**
 * Σ wᵣ xᵣ of each column, or Σ wᵣ xᵣ², row after row.
 *
 * @param weights `[n]`
 * @returns `[d]`
 */
export function weightedColumns(
  { rows, columns, values }: Matrix,
  weights: Float64Array,
  power: 'values' | 'squares',
): Float64Array {
  return borrowKernels(({ arena, kernel }) => {
    const tile = arena.float64(Math.min(rows, rowsPerTile) * columns)
    const own = arena.float64(Math.min(rows, rowsPerTile))
    const sums = arena.float64(columns)
    const [tileView, weightView, add] = [tile.view, own.view, kernel('addWeightedColumns')]
    for (let first = 0; first < rows; first += rowsPerTile) {
      const count = Math.min(rowsPerTile, rows - first)
      tileView.set(values.subarray(first * columns, (first + count) * columns))
      weightView.set(weights.subarray(first, first + count))
      add(tile.at, count, columns, own.at, Number(power === 'squares'), sums.at)
    }
    return sums.view.slice()
  })
}
