import { type Dendrogram, type PcaModel, takeTableRows } from '@rapport/learn'
import { takeRows } from '@rapport/numerics'
import { type Work, within } from '../../base/index.ts'
import { sampledRows } from '../group-facts.ts'
import { resampledAgreement } from './agreement.ts'
import { centresOf, nearestCentres } from './centres.ts'
import { compareNumbers } from './compare-numbers.ts'
import { alongDirections, directionsOf } from './directions.ts'
import type { Compared, FindOptions, FoundGroups, NoGroups } from './found-groups.ts'
import { methodWords, type PartitionMethod } from './methods.ts'
import { type PartedPoints, type Partition, partingOf, takePoints } from './partition.ts'
import type { Exemplars } from './placing.ts'
import type { Points } from './points.ts'
import { putEverybody } from './put-everybody.ts'
import { treePicture } from './tree-picture.ts'

/** Directions in which the shapes of groups can be told from as many customers as shops have. */
const mixtureDirections = 8
/** Customers in a tree of merges: more of them take minutes, and say the same. */
const treeRowsMax = 20_000
const agreementRowsMax = 1500

/** Groups into which everybody is parted, of a number that is given or chosen. */
export async function groupsByPartition(
  method: PartitionMethod,
  { points, customerIds, habits }: Compared,
  { k: asked, seed }: FindOptions,
  work?: Work,
): Promise<FoundGroups | NoGroups> {
  const directions = method === 'gmm' ? directionsOf(takeRows(points.data, points.known), mixtureDirections) : null
  const own = ownPoints(points, directions)
  const number = await compareNumbers(method, own, { seed, ...(asked !== undefined && { asked }) }, work)
  const { k, verdict, candidates } = number
  if (k === null) return { found: false, reason: verdict, candidates }
  const { partition, notes } = await partedAll(method, own, k, seed, within(work, methodWords[method]))
  if (new Set(partition.labels).size < k) {
    const reason = `${methodWords[method]} fills fewer than ${k} groups: too many customers are equal by what they are compared by`
    return { found: false, reason, candidates }
  }
  const sample = sampledRows(own.data.rows, agreementRowsMax, seed)
  const agreement = await resampledAgreement(
    sample.map((row) => partition.labels[row]!),
    async (rows) => {
      const again = takePoints(
        own,
        rows.map((at) => sample[at]!),
      )
      return (await partingOf(method, again, seed, signalOf(work))(k)).labels
    },
    { resamples: 5, seed },
    work,
  )
  const put = await putEverybody(method, points, habits, partition, directions, work)
  const tree =
    partition.model.kind === 'dendrogram' && partition.model.rows === own.data.rows
      ? treePicture(
          partition.model,
          k,
          partition.labels.map((label) => put.segmentOf[label]!),
        )
      : null
  return {
    ...{ found: true, k: put.k, verdict, candidates, notes, tree },
    ...{ labels: put.labels, centers: put.centers, distances: put.distances, placing: put.placing },
    overlaps: put.began.map((cluster) => agreement.jaccard[cluster]!),
    exemplars: exemplarsOf(partition.model, points, customerIds, put.segmentOf),
  }
}

const signalOf = (work: Work | undefined): Work => (work?.signal ? { signal: work.signal } : {})

function ownPoints({ data, table, columnWeights, known }: Points, directions: PcaModel | null): PartedPoints {
  const own = takePoints({ data, table, ...(columnWeights && { columnWeights }) }, known)
  return { ...own, data: alongDirections(directions, own.data) }
}

/** All who are known; of very many a tree takes some, and the others go to the nearest middle. */
async function partedAll(method: PartitionMethod, own: PartedPoints, k: number, seed: number, work?: Work) {
  if (method !== 'hierarchical' || own.data.rows <= treeRowsMax) {
    return { partition: await partingOf(method, own, seed, work)(k), notes: [] }
  }
  const rows = sampledRows(own.data.rows, treeRowsMax, seed)
  const sample = takePoints(own, rows)
  const { labels, model } = await partingOf(method, sample, seed, work)(k)
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

function exemplarsOf(
  model: Partition['model'] | Dendrogram,
  { table, known, scale }: Points,
  customerIds: readonly string[],
  segmentOf: readonly number[],
): Exemplars | null {
  // Habits have a mixture of their own, that needs nobody to compare with.
  if (model.kind !== 'k-medoids' || scale.kind === 'habits') return null
  const rows = model.medoidRows.map((at) => known[at]!)
  return {
    customerIds: Array.from(rows, (row) => customerIds[row]!),
    segments: Int32Array.from(rows.keys(), (cluster) => segmentOf[cluster]!),
    data: null,
    table: takeTableRows(table, rows),
  }
}
