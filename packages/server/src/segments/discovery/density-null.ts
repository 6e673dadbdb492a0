import { neighbourDistances } from '@rapport/learn'
import { seededRandom } from '@rapport/numerics'
import { stopIfAborted, type Work } from '../../base/index.ts'
import { type DensityOptions, densityGroups, neighboursOf } from './density.ts'
import { alongDirections, densityDirections, directionsOf } from './directions.ts'
import type { DensityMethod } from './methods.ts'
import { type PartedPoints, samplePoints } from './partition.ts'
import { withoutGroups } from './without-groups.ts'

/** The fewest that can say that groups come by chance in one of twenty shops. */
const nullDraws = 19

/**
 * The chance that customers of the same shape without groups fall into dense places that part as clearly: by the method's
 * own fit, and by what it is chosen by, the silhouette of those in a group times their share.
 *
 * @param points those who are known, as customers are compared
 * @returns 0.05 … 1
 */
export async function chanceOfDensity(
  method: DensityMethod,
  points: PartedPoints,
  options: DensityOptions,
  work?: Work,
): Promise<number> {
  const sample = samplePoints(points, options.seed)
  const own = await ofSample(options, points, sample.data.rows)
  const silent = work?.signal ? { signal: work.signal } : {}
  const meritOf = async ({ data }: PartedPoints): Promise<number> =>
    (await densityGroups(method, alongDirections(directionsOf(data, densityDirections), data), own, silent)).merit
  const merit = await meritOf(sample)
  const draw = withoutGroups(sample)
  const random = seededRandom(options.seed)
  let asClear = 1
  for (let at = 0; at < nullDraws; at += 1) {
    stopIfAborted(work)
    if ((await meritOf(draw(random.fork(at)))) >= merit) asClear += 1
    work?.onProgress?.({ stage: 'customers without groups', done: at + 1, total: nullDraws })
  }
  return asClear / (nullDraws + 1)
}

/** What was asked of all, of a sample: as many cores, and groups of as large a share. */
async function ofSample(options: DensityOptions, { data }: PartedPoints, rows: number): Promise<DensityOptions> {
  const { radius, sizeMin, seed } = options
  if (sizeMin !== undefined) return { seed, sizeMin: Math.max(2, Math.round((sizeMin * rows) / data.rows)) }
  if (radius === undefined) return { seed }
  const seen = alongDirections(directionsOf(data, densityDirections), data)
  const reach = await neighbourDistances(seen, neighboursOf(seen))
  return { seed, coreShare: reach.filter((distance) => distance <= radius).length / reach.length }
}
