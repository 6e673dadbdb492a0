import { type Dendrogram, takeTableRows } from '@rapport/learn'
import { takeRows } from '@rapport/numerics'
import { type Work, within } from '../../base/index.ts'
import { sampledRows } from '../group-facts.ts'
import { type Agreement, resampledAgreement } from './agreement.ts'
import { centresOf, nearestCentres } from './centres.ts'
import { compareNumbers } from './compare-numbers.ts'
import { alongDirections, directionsOf, mixtureDirections } from './directions.ts'
import { productsMin } from './factor-points.ts'
import type { Compared, FindOptions, FoundGroups, NoGroups } from './found-groups.ts'
import { methodWords, type PartitionMethod } from './methods.ts'
import { type PartedPoints, type Partition, partingOf, takePoints } from './partition.ts'
import type { Exemplars } from './placing.ts'
import type { Points } from './points.ts'
import { type PutGroups, putEverybody } from './put-everybody.ts'
import { type TasteEvidence, tasteEvidence, tasteVerdict } from './taste-evidence.ts'
import { treePicture } from './tree-picture.ts'

/** Customers in a tree of merges: more of them take minutes, and say the same. */
const treeRowsMax = 20_000
const agreementRowsMax = 1500

/** Groups into which everybody is parted, of a number that is given or chosen. */
export async function groupsByPartition(
  method: PartitionMethod,
  compared: Compared,
  { k: asked, seed }: FindOptions,
  work?: Work,
): Promise<FoundGroups | NoGroups> {
  const { points, customerIds } = compared
  const directions = method === 'gmm' ? directionsOf(takeRows(points.data, points.known), mixtureDirections) : null
  const known = takePoints(points, points.known)
  const own = { ...known, data: alongDirections(directions, known.data) }
  const number = await compareNumbers(method, known, { seed, ...(asked !== undefined && { asked }) }, work)
  const { k, verdict, candidates } = number
  if (k === null) return { found: false, reason: verdict, candidates }
  const { partition, notes } = await partedAll(method, own, k, seed, within(work, methodWords[method]))
  if (new Set(partition.labels).size < k) {
    const reason = `${methodWords[method]} fills fewer than ${k} groups: too many customers are equal by what they are compared by`
    return { found: false, reason, candidates }
  }
  const tastes = await tastesOf(compared, partition.labels, k, seed, work)
  if (tastes && !tastes.isReliable && asked === undefined) {
    const reason = `there are no groups to rely on here: ${k} seemed to be there, but ${tastes.words}`
    return { found: false, reason, candidates }
  }
  const agreement = tastes?.agreement ?? (await ownAgreement(method, own, partition.labels, k, seed, work))
  const put = await putEverybody(method, compared, partition, directions, work)
  const tree =
    partition.model.kind === 'dendrogram' && partition.model.rows === own.data.rows
      ? treePicture(
          partition.model,
          k,
          partition.labels.map((label) => put.segmentOf[label]!),
        )
      : null
  return {
    ...{ found: true, k: put.k, verdict, candidates, tree },
    notes: [...notes, ...(tastes ? [tastes.words, seldomNote] : []), ...ruleNotes(method, put)],
    ...{ labels: put.labels, centers: put.centers, distances: put.distances },
    ...{ placing: put.placing, seldom: put.seldom, agreement: put.agreement },
    overlaps: put.began.map((cluster) => agreement.jaccard[cluster]!),
    exemplars: exemplarsOf(partition.model, points, customerIds, put.segmentOf),
  }
}

/** Why some are in none. */
const seldomNote = `customers who bought fewer than ${productsMin} different products are in no group: their taste is not known`

/** Groups of tastes are judged by factors that are learned anew; those of other methods by the points as they are. */
async function tastesOf(
  { baskets, points: { known } }: Compared,
  labels: Int32Array,
  k: number,
  seed: number,
  work?: Work,
): Promise<(TasteEvidence & ReturnType<typeof tasteVerdict>) | undefined> {
  if (!baskets) return undefined
  const evidence = await tasteEvidence(baskets, known, labels, k, seed, work)
  return { ...evidence, ...tasteVerdict(evidence) }
}

function ownAgreement(
  method: PartitionMethod,
  own: PartedPoints,
  labels: Int32Array,
  k: number,
  seed: number,
  work?: Work,
): Promise<Agreement> {
  const sample = sampledRows(own.data.rows, agreementRowsMax, seed)
  return resampledAgreement(
    sample.map((row) => labels[row]!),
    async (rows) => {
      const again = takePoints(
        own,
        rows.map((at) => sample[at]!),
      )
      return (await partingOf(method, again, { seed, isQuick: true }, signalOf(work))(k)).labels
    },
    { resamples: 5, seed },
    work,
  )
}

const signalOf = (work: Work | undefined): Work => (work?.signal ? { signal: work.signal } : {})

/** All who are known; of very many a tree takes some, and the others go to the nearest middle. */
async function partedAll(method: PartitionMethod, own: PartedPoints, k: number, seed: number, work?: Work) {
  if (method !== 'hierarchical' || own.data.rows <= treeRowsMax) {
    return { partition: await partingOf(method, own, { seed }, work)(k), notes: [] }
  }
  const rows = sampledRows(own.data.rows, treeRowsMax, seed)
  const sample = takePoints(own, rows)
  const { labels, model } = await partingOf(method, sample, { seed }, work)(k)
  const all = nearestCentres(centresOf(sample.data, labels, k), own.data)
  rows.forEach((row, at) => {
    all[row] = labels[at]!
  })
  const count = treeRowsMax.toLocaleString('en')
  return {
    partition: { labels: all, model },
    notes: [`the tree holds ${count} customers drawn at random; the others went to the group whose middle is nearest`],
  }
}

/** By which rule customers get into the groups, where that is not by how the groups were made. */
function ruleNotes(method: PartitionMethod, { placing, seldom, agreement }: PutGroups): readonly string[] {
  const percent = `${(100 * agreement).toFixed(1)} %`
  return [
    ...(placing.kind === 'classes'
      ? [
          `customers are in the group in which what was seen of them is likeliest, which for ${percent} of those who are known well is where k-means had put them`,
        ]
      : []),
    ...(method === 'hierarchical'
      ? [
          `customers are in the group whose middle is nearest, so that others can be put there too; for ${percent} of those in the tree that is where the tree has them`,
        ]
      : []),
    ...(seldom
      ? [
          'customers who were seen too rarely to lie near any group are in the one in which what was seen of them is likeliest',
        ]
      : []),
  ]
}

function exemplarsOf(
  model: Partition['model'] | Dendrogram,
  { table, known }: Points,
  customerIds: readonly string[],
  segmentOf: readonly number[],
): Exemplars | null {
  if (model.kind !== 'k-medoids') return null
  const rows = model.medoidRows.map((at) => known[at]!)
  return {
    customerIds: Array.from(rows, (row) => customerIds[row]!),
    segments: Int32Array.from(rows.keys(), (cluster) => segmentOf[cluster]!),
    data: null,
    table: takeTableRows(table, rows),
  }
}
