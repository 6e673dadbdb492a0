/** The function along a line: its value and slope after a step of `step` times the direction. */
export interface Probe {
  readonly step: number
  readonly value: number
  readonly slope: number
}

const decrease = 1e-4
const curvature = 0.9

/**
 * A step along a descent direction that satisfies the strong Wolfe conditions: enough decrease, and a slope that has
 * lost at least a tenth of its size.
 *
 * @param probe evaluates the function at a step; not finite is taken as too far
 * @param origin the function at step 0, its slope < 0
 * @param first the step tried first
 * @returns the accepted probe, which is also the last one evaluated; undefined when rounding leaves nothing to gain
 *
 * Source: Nocedal & Wright, Numerical Optimization, 2nd ed., algorithms 3.5 and 3.6.
 */
export function wolfeStep(probe: (step: number) => Probe, origin: Probe, first: number): Probe | undefined {
  let before = origin
  let step = first
  for (let round = 0; round < 40; round += 1) {
    const here = probe(step)
    if (!Number.isFinite(here.value) || !Number.isFinite(here.slope)) {
      // Outside of the domain: halve towards the last good step, and look no farther than here.
      step = before.step + (step - before.step) / 4
      if (step - before.step <= 1e-18 * first) return undefined
      continue
    }
    if (here.value > origin.value + decrease * here.step * origin.slope || (round > 0 && here.value >= before.value)) {
      return zoom(probe, origin, before, here)
    }
    if (Math.abs(here.slope) <= -curvature * origin.slope) return here
    if (here.slope >= 0) return zoom(probe, origin, here, before)
    before = here
    step *= 2.5
  }
  return before === origin ? undefined : probe(before.step)
}

/** Narrows a bracket whose `low` end has the smallest value so far and slopes towards `high`. */
function zoom(probe: (step: number) => Probe, origin: Probe, from: Probe, to: Probe): Probe | undefined {
  let low = from
  let high = to
  for (let round = 0; round < 40; round += 1) {
    const here = probe(cubicMinimum(low, high))
    const isTooHigh = !(here.value <= origin.value + decrease * here.step * origin.slope) || here.value >= low.value
    if (isTooHigh) {
      high = here
    } else {
      if (Math.abs(here.slope) <= -curvature * origin.slope) return here
      if (here.slope * (high.step - low.step) >= 0) high = low
      low = here
    }
    if (Math.abs(high.step - low.step) <= 1e-14 * Math.max(low.step, high.step)) break
  }
  return low === origin || !(low.value < origin.value) ? undefined : probe(low.step)
}

/** The minimum of the cubic through both ends, kept off the ends by a tenth of the bracket. */
function cubicMinimum(low: Probe, high: Probe): number {
  const width = high.step - low.step
  const middle = low.step + width / 2
  if (!Number.isFinite(high.value) || !Number.isFinite(high.slope)) return low.step + width / 4
  const d1 = low.slope + high.slope - (3 * (high.value - low.value)) / width
  const square = d1 * d1 - low.slope * high.slope
  if (!(square >= 0)) return middle
  const d2 = Math.sign(width) * Math.sqrt(square)
  const share = 1 - (high.slope + d2 - d1) / (high.slope - low.slope + 2 * d2)
  return Number.isFinite(share) ? low.step + width * Math.min(0.9, Math.max(0.1, share)) : middle
}
