import { applyIsotonic, fitIsotonic } from '../../selection/isotonic.ts'

/**
 * Root mean squared errors by step ahead, pooled with their neighbours wherever they would fall: what is known of a
 * further step is never more.
 *
 * @param errors of each origin `[horizon]`; NaN where nothing was seen
 * @returns `[horizon]`, `undefined` where no error was seen at all
 */
export function risingDeviations(errors: readonly Float64Array[], horizon: number): Float64Array | undefined {
  const counts = new Float64Array(horizon)
  const means = new Float64Array(horizon)
  for (const row of errors) {
    row.forEach((error, step) => {
      if (Number.isNaN(error)) return
      counts[step]! += 1
      means[step]! += (error * error - means[step]!) / counts[step]!
    })
  }
  if (!counts.some((count) => count > 0)) return undefined
  const steps = counts.map((_, step) => step)
  return applyIsotonic(fitIsotonic(steps, means, { weights: counts }), steps).map(Math.sqrt)
}
