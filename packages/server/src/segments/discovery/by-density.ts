import type { PcaModel } from '@rapport/learn'
import { type Matrix, takeRows } from '@rapport/numerics'
import { type Work, within } from '../../base/index.ts'
import { distancesOf } from '../placement.ts'
import { resampledAgreement } from './agreement.ts'
import { centresOf } from './centres.ts'
import { type DensityGroups, densityGroups } from './density.ts'
import { alongDirections, directionsOf } from './directions.ts'
import type { Compared, FindOptions, FoundGroups, NoGroups } from './found-groups.ts'
import { type DensityMethod, methodWords } from './methods.ts'
import { ofKnown } from './placing.ts'
import type { Points } from './points.ts'

/** Directions in which density still differs from place to place; in thirty every customer is far from every other. */
const densityDirections = 5
/** Below this agreement groups are not there to be relied on, as in `chooseK`. */
const agreementMin = 0.6

/** Groups where customers lie densely; the others are in none. */
export async function groupsByDensity(
  method: DensityMethod,
  { points, customerIds }: Compared,
  options: FindOptions,
  work?: Work,
): Promise<FoundGroups | NoGroups> {
  const own = takeRows(points.data, points.known)
  const directions = directionsOf(own, densityDirections)
  const data = alongDirections(directions, own)
  const groups = await densityGroups(method, data, options, within(work, methodWords[method]))
  const { groups: k, labels, regroup, tried, words } = groups
  if (k < 2) {
    const got = k === 0 ? 'no place is dense enough' : 'all dense places hang together'
    return {
      found: false,
      reason: `there are no groups here by ${methodWords[method]}: ${got} (${words})`,
      candidates: tried,
    }
  }
  const agreement = await resampledAgreement(labels, regroup, { resamples: 5, seed: options.seed }, work)
  const stability = agreement.adjustedRand
  const candidates = tried.map((one) => (one.k === k && tried.length === 1 ? { ...one, stability } : one))
  if (stability < agreementMin) {
    const reason = `there are no groups to rely on here: ${methodWords[method]} does not find the same ones again when a fifth of the customers is left out (adjusted Rand index ${stability.toFixed(2)}, needed ${agreementMin})`
    return { found: false, reason, candidates }
  }
  const all = ofKnown(points, labels)
  const none = all.reduce((count, label) => count + (label < 0 ? 1 : 0), 0)
  const share = Math.round((100 * none) / all.length)
  const centers = centresOf(points.data, all, k)
  return {
    ...{ found: true, k, candidates, labels: all, overlaps: agreement.jaccard, tree: null },
    verdict: `There are ${k} groups where customers lie densely, by ${methodWords[method]} (${words}); ${none.toLocaleString('en')} customers (${share} %) are in none. The groups come back when a fifth of the customers is left out (adjusted Rand index ${stability.toFixed(2)}).`,
    ...{ centers, distances: distancesOf(points.data, centers, all) },
    ...placedByDensity(groups, data, directions, points, customerIds),
    notes:
      directions === null
        ? []
        : [
            `density was measured along the ${directions.components.rows} directions in which customers differ most, ${Math.round(100 * directions.varianceShares.reduce((sum, part) => sum + part, 0))} % of all differences`,
          ],
  }
}

function placedByDensity(
  { model }: DensityGroups,
  data: Matrix,
  directions: PcaModel | null,
  { known }: Points,
  customerIds: readonly string[],
): Pick<FoundGroups, 'placing' | 'exemplars'> {
  if (model === null) {
    const because = 'HDBSCAN says of nobody but those who were in the data which group is theirs'
    return { placing: { kind: 'fixed', because }, exemplars: null }
  }
  const { coreRows, labels, radius } = model
  return {
    placing: { kind: 'cores', radius, directions },
    exemplars: {
      customerIds: Array.from(coreRows, (row) => customerIds[known[row]!]!),
      segments: coreRows.map((row) => labels[row]!),
      data: takeRows(data, coreRows),
      table: null,
    },
  }
}
