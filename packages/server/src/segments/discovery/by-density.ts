import type { PcaModel } from '@rapport/learn'
import { type Matrix, matrix, rowOf, takeRows } from '@rapport/numerics'
import { countOf, type Work, within } from '../../base/index.ts'
import { distancesOf } from '../placement.ts'
import { resampledAgreement } from './agreement.ts'
import { centresOf } from './centres.ts'
import { chanceWords } from './chance-words.ts'
import { type DensityGroups, densityGroups } from './density.ts'
import { chanceOfDensity } from './density-null.ts'
import { alongDirections, densityDirections, directionsOf } from './directions.ts'
import type { Compared, FindOptions, FoundGroups, NoGroups } from './found-groups.ts'
import { type DensityMethod, methodWords } from './methods.ts'
import { takePoints } from './partition.ts'
import { ofKnown, placed } from './placing.ts'
import type { Points } from './points.ts'

/** Below this agreement groups are not there to be relied on, as in `chooseK`. */
const agreementMin = 0.6

/** Groups where customers lie densely; the others are in none. */
export async function groupsByDensity(
  method: DensityMethod,
  { points, customerIds }: Compared,
  options: FindOptions,
  work?: Work,
): Promise<FoundGroups | NoGroups> {
  const known = takePoints(points, points.known)
  const own = known.data
  const directions = directionsOf(own, densityDirections)
  const data = alongDirections(directions, own)
  const groups = await densityGroups(method, data, options, within(work, methodWords[method]))
  const { groups: k, labels, regroup, tried, chosen, words } = groups
  if (k < 2) {
    const got = k === 0 ? 'no place is dense enough' : 'all dense places hang together'
    return {
      found: false,
      reason: `There are no groups here by ${methodWords[method]}: ${got} (${words})`,
      candidates: tried,
    }
  }
  const chance = await chanceOfDensity(method, known, options, work)
  if (chance > 0.05) {
    const reason = `There are no groups here by ${methodWords[method]}: it finds as clear ones among customers of the same shape without groups (${chanceWords(chance)})`
    return { found: false, reason, candidates: tried }
  }
  const agreement = await resampledAgreement(labels, regroup, { resamples: 5, seed: options.seed }, work)
  const stability = agreement.adjustedRand
  const candidates = tried.map((one, at) => (at === chosen ? { ...one, stability } : one))
  if (stability < agreementMin) {
    const reason = `There are no groups to rely on here: ${methodWords[method]} does not find the same ones again when a fifth of the customers is left out (adjusted Rand index ${stability.toFixed(2)}, needed ${agreementMin})`
    return { found: false, reason, candidates }
  }
  const how = placedByDensity(groups, data, directions, points, customerIds)
  const again = await placed(how, { points, habits: [], exemplars: how.exemplars }, work)
  const all = ofKnown(points, labels)
  const none = all.reduce((count, label) => count + (label < 0 ? 1 : 0), 0)
  const percent = Math.round((100 * none) / all.length)
  const centers = centresOf(points.data, all, k)
  return {
    ...{ found: true, k, labels: all, overlaps: agreement.jaccard, tree: null },
    candidates: candidates.map((one, at) => (at === chosen ? { ...one, isMade: true } : one)),
    verdict: `There are ${k} groups where customers lie densely, by ${methodWords[method]} (${words}); ${countOf(none, 'customer')} (${percent} %) ${none === 1 ? 'is' : 'are'} in none. They part more clearly than what it finds among customers of the same shape without groups (${chanceWords(chance)}), and come back when a fifth of the customers is left out (adjusted Rand index ${stability.toFixed(2)}).`,
    ...{ centers, distances: distancesOf(points.data, centers, all) },
    ...{
      ...how,
      seldom: null,
      agreement: share(known.data.rows, (row) => again?.[points.known[row]!] === labels[row]),
    },
    notes:
      directions === null
        ? []
        : [
            `density was measured along the ${directions.components.rows} directions in which customers differ most, ${Math.round(100 * directions.varianceShares.reduce((sum, part) => sum + part, 0))} % of all differences`,
          ],
  }
}

function share(rows: number, is: (row: number) => boolean): number {
  let count = 0
  for (let row = 0; row < rows; row += 1) if (is(row)) count += 1
  return count / rows
}

/** Cores of DBSCAN; of HDBSCAN all who are known, since it asks how densely customers lie around. */
function placedByDensity(
  { model }: DensityGroups,
  data: Matrix,
  directions: PcaModel | null,
  { known }: Points,
  customerIds: readonly string[],
): Pick<FoundGroups, 'placing' | 'exemplars'> {
  const idOf = (row: number): string => customerIds[known[row]!]!
  if (model.kind === 'hdbscan') {
    const { labels, coreDistances, reaches, neighboursMin } = model
    const values = matrix(data.rows, data.columns + 1)
    coreDistances.forEach((distance, row) => {
      values.values.set(rowOf(data, row), row * values.columns)
      values.values[(row + 1) * values.columns - 1] = distance
    })
    return {
      placing: { kind: 'dense-places', reaches, neighboursMin, directions },
      exemplars: { customerIds: Array.from(labels.keys(), idOf), segments: labels, data: values, table: null },
    }
  }
  const { coreRows, labels, radius } = model
  return {
    placing: { kind: 'cores', radius, directions },
    exemplars: {
      customerIds: Array.from(coreRows, idOf),
      segments: coreRows.map((row) => labels[row]!),
      data: takeRows(data, coreRows),
      table: null,
    },
  }
}
