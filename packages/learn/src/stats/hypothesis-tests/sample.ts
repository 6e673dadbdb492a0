import { RapportError } from '@rapport/numerics'
import type { SampleMoments } from '../mean-lift.ts'

/** @throws RapportError `<method>.values` unless every value is finite */
export function checkedSample(method: string, values: ArrayLike<number>): Float64Array {
  const checked = Float64Array.from(values)
  const wrong = checked.findIndex((value) => !Number.isFinite(value))
  if (wrong < 0) return checked
  throw new RapportError(`${method}.values`, `every value must be finite, got ${checked[wrong]} at place ${wrong}`)
}

/**
 * Rows, mean and variance of a sample.
 *
 * @throws RapportError `<method>.values` unless every value is finite
 */
export function momentsOf(method: string, values: ArrayLike<number>): SampleMoments {
  const checked = checkedSample(method, values)
  const n = checked.length
  let mean = 0
  for (const value of checked) mean += value / n
  let squares = 0
  for (const value of checked) squares += (value - mean) ** 2
  return { n, mean: n > 0 ? mean : Number.NaN, variance: n > 1 ? squares / (n - 1) : 0 }
}

/** @throws RapportError `<method>.confidence` */
export function checkConfidence(method: string, confidence: number): void {
  if (confidence > 0 && confidence < 1) return
  throw new RapportError(`${method}.confidence`, `confidence must be between 0 and 1, got ${confidence}`)
}
