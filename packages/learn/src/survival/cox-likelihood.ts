import type { Matrix } from '@rapport/numerics'
import { type CheckedDurations, timesOf } from './durations.ts'

/** Efron's partial likelihood at one point, with its slope and curvature. */
export interface PartialLikelihood {
  readonly value: number
  /** `[d]` */
  readonly gradient: Float64Array
  /** `[d × d]` minus the second derivatives. */
  readonly information: Float64Array
}

/**
 * Evaluates the logarithm of the partial likelihood, ties by Efron: customers to whom it happened at one time are taken as
 * leaving one after the other, in an order that is averaged over.
 *
 * A weight multiplies its row's risk and its row's own term, as in R's `coxph`.
 *
 * @param data `[n × d]`
 * @returns undefined when a risk overflows
 *
 * Cost: n d² / 2 multiplications, and d² for every tied event.
 * Source: Efron, JASA 72, 1977; Therneau & Grambsch, "Modeling survival data", 2000, §3.3.
 */
export function partialLikelihood(
  data: Matrix,
  rows: CheckedDurations,
  coefficients: Float64Array,
): PartialLikelihood | undefined {
  const d = data.columns
  const { weights, events, order } = rows
  const gradient = new Float64Array(d)
  const information = new Float64Array(d * d)
  // Sums over those at risk, and over those to whom it happens at this time: of risk, risk · x, risk · x xᵀ.
  const [all, tied] = [new RiskSums(d), new RiskSums(d)]
  const mean = new Float64Array(d)
  let value = 0
  for (const { first, after } of timesOf(rows).reverse()) {
    tied.clear()
    let [happened, weight] = [0, 0]
    for (const row of order.subarray(first, after)) {
      const x = data.values.subarray(row * d, (row + 1) * d)
      let score = 0
      for (let column = 0; column < d; column += 1) score += x[column]! * coefficients[column]!
      const risk = weights[row]! * Math.exp(score)
      all.add(x, risk)
      if (events[row] === 0 || weights[row] === 0) continue
      tied.add(x, risk)
      happened += 1
      weight += weights[row]!
      value += weights[row]! * score
      for (let column = 0; column < d; column += 1) gradient[column]! += weights[row]! * x[column]!
    }
    for (let left = 0; left < happened; left += 1) {
      const share = left / happened
      const each = weight / happened
      const risk = all.risk - share * tied.risk
      value -= each * Math.log(risk)
      for (let column = 0; column < d; column += 1) {
        mean[column] = (all.first[column]! - share * tied.first[column]!) / risk
        gradient[column]! -= each * mean[column]!
      }
      for (let row = 0; row < d; row += 1) {
        for (let column = 0; column <= row; column += 1) {
          const at = row * d + column
          const second = (all.second[at]! - share * tied.second[at]!) / risk
          information[at]! += each * (second - mean[row]! * mean[column]!)
        }
      }
    }
  }
  for (let row = 0; row < d; row += 1) {
    for (let column = row + 1; column < d; column += 1) information[row * d + column] = information[column * d + row]!
  }
  return Number.isFinite(value) ? { value, gradient, information } : undefined
}

class RiskSums {
  risk = 0
  readonly first: Float64Array
  /** The lower triangle. */
  readonly second: Float64Array

  constructor(d: number) {
    this.first = new Float64Array(d)
    this.second = new Float64Array(d * d)
  }

  clear(): void {
    this.risk = 0
    this.first.fill(0)
    this.second.fill(0)
  }

  add(x: Float64Array | Float32Array, risk: number): void {
    const d = x.length
    this.risk += risk
    for (let row = 0; row < d; row += 1) {
      const part = risk * x[row]!
      this.first[row]! += part
      for (let column = 0; column <= row; column += 1) this.second[row * d + column]! += part * x[column]!
    }
  }
}
