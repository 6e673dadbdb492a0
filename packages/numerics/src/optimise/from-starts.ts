import { RapportError } from '../error.ts'
import type { Work } from '../work/work.ts'
import { type LbfgsOptions, minimise } from './l-bfgs.ts'
import type { Minimum, Objective } from './objective.ts'

/**
 * The smallest of the minima found from several starts. Starts outside of the function's domain are passed over.
 *
 * @param starts one point `[d]` each, at least one inside of the domain; the first of equals wins
 * @throws RapportError `minimise.start` when the function is finite at none of them, `work.aborted` when stopped
 */
export function minimiseFromStarts(
  objective: Objective,
  starts: readonly Float64Array[],
  options: LbfgsOptions = {},
  work?: Work,
): Minimum {
  const usable = starts.filter((start) => Number.isFinite(objective(start, new Float64Array(start.length))))
  let best: Minimum | undefined
  for (const [index, start] of usable.entries()) {
    // Progress is told per start: rounds within one say nothing about how many are to come.
    const found = minimise(objective, start, options, work?.signal === undefined ? undefined : { signal: work.signal })
    if (best === undefined || found.value < best.value) best = found
    work?.onProgress?.({ stage: 'fitting', done: index + 1, total: usable.length })
  }
  if (best === undefined) {
    throw new RapportError('minimise.start', `the function must be finite at one of ${starts.length} starts, got none`)
  }
  return best
}
