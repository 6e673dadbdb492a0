import { type Matrix, matrix } from '@rapport/numerics'

/** `[groups × d]` means. */
export function centresOf(data: Matrix, labels: Int32Array, groups: number): Matrix {
  const { columns, values } = data
  const centers = matrix(groups, columns)
  const sizes = new Float64Array(groups)
  labels.forEach((label, row) => {
    if (label < 0) return
    sizes[label]! += 1
    for (let column = 0; column < columns; column += 1) {
      centers.values[label * columns + column]! += values[row * columns + column]!
    }
  })
  sizes.forEach((size, group) => {
    for (let column = 0; column < columns; column += 1) centers.values[group * columns + column]! /= size
  })
  return centers
}

/** `[n]` the centre nearest to each row; the first of equals. */
export function nearestCentres(centers: Matrix, { rows, columns, values }: Matrix): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    let [nearest, least] = [0, Infinity]
    for (let center = 0; center < centers.rows; center += 1) {
      let square = 0
      for (let column = 0; column < columns; column += 1) {
        square += (values[row * columns + column]! - centers.values[center * columns + column]!) ** 2
      }
      if (square < least) [nearest, least] = [center, square]
    }
    return nearest
  })
}
