import { type ChoiceOfK, type CovarianceKind, type MeasuredK, pickClusters, shareBehindValleys } from '@rapport/learn'
import { type Matrix, seededRandom } from '@rapport/numerics'
import { stopIfAborted, type Work } from '../../base/index.ts'
import { resampledAgreement } from './agreement.ts'
import { alongDirections, directionsOf, mixtureDirections } from './directions.ts'
import { ofLengthOne } from './factor-points.ts'
import type { PartitionMethod } from './methods.ts'
import { type OwnGroups, ownGroups, unlessSingular } from './own-groups.ts'
import { mixtureShapes, type PartedPoints, type PartingOptions, partingOf, takePoints } from './partition.ts'
import { withoutGroups } from './without-groups.ts'

/** Chance of finding groups where there are none, at most; and the fewest draws of the null that can say so. */
const level = 0.05
const nullDraws = 19
/** Of factors: directions crowd at the ends of a taste that differs by degree, so that a chance gap is taken for one too often. */
const tasteValleyLevel = 0.02
const resamples = 3

/**
 * How many groups a method finds, if there are any: what `chooseK` does with k-means, done with the method's own groups and
 * its own index. Customers of the same shape without groups (`withoutGroups`) are grouped by the same method at each number;
 * the largest lead over them is tested, the numbers are ranked, and the best must come back and have gaps.
 *
 * @param points as `partingOf` takes them, few enough to be grouped some two hundred times
 */
export async function chooseOwn(
  method: PartitionMethod,
  points: PartedPoints,
  { seed, groupsMax }: { readonly seed: number; readonly groupsMax: number },
  work?: Work,
): Promise<ChoiceOfK> {
  const least = 10 * groupsMax
  const different = differentRows(points.data, least)
  if (different < least) {
    const verdict = `To try ${groupsMax} groups takes ${least} different customers, and there are ${different}.`
    return { found: false, because: 'too-few-rows', candidates: [], rows: points.data.rows, verdict }
  }
  const random = seededRandom(seed)
  const silent = work?.signal ? { signal: work.signal } : {}
  const seen = seenBy(method, points)
  const counts = Array.from({ length: groupsMax - 1 }, (_, at) => 2 + at)
  const options = { seed, ...(method === 'gmm' && { shapes: [await likeliestShape(seen, counts, seed, silent)] }) }
  const own = (await ownGroups(method, seen, counts, options, silent)).filter(
    ({ clusters, labels }) => new Set(labels).size === clusters,
  )
  const filled = own.map(({ clusters }) => clusters)
  if (filled.length === 0) {
    const verdict = 'There are no groups here: everybody falls into one, whatever number is tried.'
    return { found: false, because: 'like-the-null', pValue: 1, candidates: [], rows: seen.data.rows, verdict }
  }
  const draw = withoutGroups(points)
  const nulls: (readonly OwnGroups[])[] = []
  for (let at = 0; at < nullDraws; at += 1) {
    stopIfAborted(work)
    nulls.push(await ownGroups(method, seenBy(method, draw(random.fork(at))), filled, options, silent))
    work?.onProgress?.({ stage: 'customers without groups', done: at + 1, total: nullDraws })
  }
  const measured = await withStability(method, seen, own, options, work)
  const labelsOf = new Map(own.map(({ clusters, labels }) => [clusters, labels]))
  return pickClusters(measured, {
    parted: (clusters) =>
      shareBehindValleys(
        seen.data,
        labelsOf.get(clusters)!,
        clusters,
        method === 'factors' ? tasteValleyLevel : level,
        random.fork(nullDraws),
      ),
    merits: own.map(({ merit }) => merit),
    nullMerits: nulls.map((groups) => groups.map(({ merit }) => merit)),
    ...{ nulls, level, rows: seen.data.rows },
  })
}

/** A mixture looks along a few directions, and factors are compared by direction alone. */
function seenBy(method: PartitionMethod, points: PartedPoints): PartedPoints {
  const { data } = points
  if (method === 'factors') return { ...points, data: ofLengthOne(data) }
  if (method === 'gmm') return { ...points, data: alongDirections(directionsOf(data, mixtureDirections), data) }
  return points
}

/** Of all shapes that can be fitted, the one whose best number of parts is likeliest: one for all numbers, and for the null. */
async function likeliestShape(
  { data }: PartedPoints,
  counts: readonly number[],
  seed: number,
  work: Work,
): Promise<CovarianceKind> {
  let [best, least]: [CovarianceKind, number] = [mixtureShapes[0]!, Infinity]
  const part = partingOf('gmm', { data, table: { rows: 0, columns: [] }, columnsOf: [] }, { seed, isQuick: true }, work)
  for (const clusters of counts) {
    const { model } = await part(clusters)
    if (model.kind !== 'gaussian-mixture' || model.bic >= least) continue
    best = model.covariance
    least = model.bic
  }
  return best
}

async function withStability(
  method: PartitionMethod,
  seen: PartedPoints,
  own: readonly OwnGroups[],
  options: PartingOptions,
  work?: Work,
): Promise<readonly MeasuredK[]> {
  const again = partsAgain(method, seen, options, work?.signal ? { signal: work.signal } : {})
  const measured: MeasuredK[] = []
  for (const { labels, merit: _, ...indices } of own) {
    const agreement = await resampledAgreement(labels, again(indices.clusters), { resamples, seed: options.seed })
    measured.push({
      ...indices,
      ...{ stability: agreement.adjustedRand, stabilityError: agreement.standardError },
    })
    work?.onProgress?.({ stage: 'groups by this method', done: measured.length, total: own.length })
  }
  return measured
}

/** Of each resample the method's own work is done once, whatever number of groups is asked of it. */
function partsAgain(method: PartitionMethod, seen: PartedPoints, options: PartingOptions, work: Work) {
  const parts = new Map<string, ReturnType<typeof partingOf>>()
  return (groups: number) => async (rows: Int32Array) => {
    const key = rows.join()
    const known = parts.get(key)
    const part = known ?? partingOf(method, takePoints(seen, rows), { ...options, isQuick: true }, work)
    if (!known) parts.set(key, part)
    return (await unlessSingular(() => part(groups)))?.labels ?? new Int32Array(rows.length)
  }
}

/** Counted up to `enough`. */
function differentRows({ rows, columns, values }: Matrix, enough: number): number {
  const seen = new Set<string>()
  for (let row = 0; row < rows && seen.size < enough; row += 1) {
    seen.add(values.subarray(row * columns, (row + 1) * columns).join())
  }
  return seen.size
}
