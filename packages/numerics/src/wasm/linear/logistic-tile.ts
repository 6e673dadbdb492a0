import { exponential, logOnePlus } from '../exponential.ts'
import type { TwinMemory } from '../twin.ts'

/** Twin of `logisticTile` in assembly/linear/logistic-tile.ts: the same lane order, the same bits. */
export function logisticTile(
  { float64, bytes }: TwinMemory,
  tile: number,
  rows: number,
  columns: number,
  labels: number,
  weights: number,
  coefficients: number,
  scores: number,
  curvatures: number,
  gradient: number,
  scratch: number,
): number {
  const own = float64.subarray(coefficients >> 3, (coefficients >> 3) + columns + 1)
  const residuals = float64.subarray(scratch >> 3, (scratch >> 3) + rows)
  const lanes = [0, 0]
  for (let row = 0; row < rows; row += 1) {
    const score = scoreOf(float64, (tile >> 3) + row * columns, columns, own)
    const weight = float64[(weights >> 3) + row]!
    const label = bytes[labels + row]!
    const small = exponential(-Math.abs(score))
    const total = 1 + small
    lanes[row & 1]! += weight * (logOnePlus(small) + (Math.max(score, 0) - label * score))
    float64[(scores >> 3) + row] = score
    float64[(curvatures >> 3) + row] = (weight * small) / (total * total)
    residuals[row] = weight * ((score >= 0 ? 1 : small) / total - label)
  }
  for (let place = 0; place <= columns; place += 1) {
    let sum = 0
    for (let row = 0; row < rows; row += 4) {
      const product = (four: number): number =>
        residuals[row + four]! * (place === 0 ? 1 : float64[(tile >> 3) + (row + four) * columns + place - 1]!)
      sum += product(0) + product(1) + (product(2) + product(3))
    }
    float64[(scratch >> 3) + rows + place] = sum
    float64[(gradient >> 3) + place]! += sum
  }
  return lanes[0]! + lanes[1]!
}

/** Even columns and odd ones are summed apart; a column without a partner comes last. */
function scoreOf(values: Float64Array, at: number, columns: number, coefficients: Float64Array): number {
  let [even, odd] = [0, 0]
  for (let column = 0; column + 1 < columns; column += 2) {
    even += values[at + column]! * coefficients[column + 1]!
    odd += values[at + column + 1]! * coefficients[column + 2]!
  }
  const last = columns % 2 === 1 ? coefficients[columns]! * values[at + columns - 1]! : 0
  return coefficients[0]! + (even + odd) + last
}
