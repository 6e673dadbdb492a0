import { table } from '@rapport/learn'
import { columnOf, type Matrix, matrix, type Random } from '@rapport/numerics'
import type { PartedPoints } from './partition.ts'

/** Rows as points to be grouped, each column a number. */
export function pointsOf(data: Matrix): PartedPoints {
  const columns = Array.from({ length: data.columns }, (_, column) => ({
    ...{ name: `column ${column + 1}`, kind: 'number' as const },
    values: columnOf(data, column),
  }))
  return { data, table: table(columns), columnsOf: columns.map((_, column) => Int32Array.of(column)) }
}

/** Three round clouds, five deviations apart. */
export const threeClouds = (rows: number, random: Random): Matrix =>
  drawn(rows, 4, (row) => Array.from({ length: 4 }, (_, column) => random.normal() + (column === row % 3 ? 6 : 0)))

/** One long cloud with a tail: customers differ much, and by degrees only. */
export const oneCloud = (rows: number, random: Random): Matrix =>
  drawn(rows, 4, () => {
    const activity = random.normal()
    return [1, 0.5, 1, 0].map((loading) => Math.exp(0.4 * (loading * activity + random.normal())))
  })

function drawn(rows: number, columns: number, draw: (row: number) => readonly number[]): Matrix {
  const data = matrix(rows, columns)
  for (let row = 0; row < rows; row += 1) data.values.set(draw(row), row * columns)
  return data
}
