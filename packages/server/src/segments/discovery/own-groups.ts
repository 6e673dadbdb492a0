import {
  assignKMedoids,
  type ClusterIndices,
  calinskiHarabasz,
  daviesBouldin,
  type KMedoidsModel,
  sampledSilhouette,
  type Table,
  takeTableRows,
} from '@rapport/learn'
import { RapportError } from '@rapport/numerics'
import { stopIfAborted, type Work } from '../../base/index.ts'
import type { PartitionMethod } from './methods.ts'
import { type PartedPoints, type PartingOptions, type Partition, partingOf } from './partition.ts'

/** A method's own groups at one number of them, and what they are worth. */
export interface OwnGroups extends ClusterIndices {
  readonly clusters: number
  /** `[rows]` 0 … clusters − 1, or fewer where some stayed empty */
  readonly labels: Int32Array
  /**
   * By the method's own index, higher is better: of a mixture the information criterion's lead over one part, of medoids how
   * much nearer they are than the next ones, else the silhouette.
   */
  readonly merit: number
}

/** Rows whose silhouettes are computed, each against all. */
const silhouetteRows = 300

/**
 * Groups at each number that the method can fill; of a mixture those of no merit where it cannot be fitted.
 *
 * @param points as the method sees them
 */
export async function ownGroups(
  method: PartitionMethod,
  points: PartedPoints,
  counts: readonly number[],
  options: PartingOptions,
  work?: Work,
): Promise<readonly OwnGroups[]> {
  const part = partingOf(method, points, { ...options, isQuick: true }, work)
  const alone = method === 'gmm' ? await part(1) : undefined
  const own: OwnGroups[] = []
  for (const clusters of counts) {
    stopIfAborted(work)
    const partition = await unlessSingular(() => part(clusters))
    if (partition === undefined) own.push({ clusters, labels: new Int32Array(points.data.rows), ...worthless })
    else own.push({ clusters, ...(await measured(points, partition, alone, options.seed, work)) })
  }
  return own
}

/** What one group is worth, or none: no index is defined, and no lead is left. */
const worthless = { merit: 0, silhouette: 0, daviesBouldin: 0, calinskiHarabasz: 0 } as const

/** What parts, or undefined where a mixture of this shape cannot be fitted. */
export async function unlessSingular(part: () => Promise<Partition>): Promise<Partition | undefined> {
  try {
    return await part()
  } catch (error) {
    if (error instanceof RapportError && error.code === 'gaussian-mixture.singular') return undefined
    throw error
  }
}

async function measured(
  { data, table }: PartedPoints,
  { labels, model }: Partition,
  alone: Partition | undefined,
  seed: number,
  work?: Work,
): Promise<Omit<OwnGroups, 'clusters'>> {
  const filled = [...new Set(labels)].sort((a, b) => a - b)
  if (filled.length < 2) return { labels, ...worthless }
  const groups = labels.map((label) => filled.indexOf(label))
  const sampling = { sampleRows: Math.min(silhouetteRows, data.rows), seed, workers: 0 }
  const silhouette = (await sampledSilhouette(data, groups, sampling, work)).mean
  return {
    labels,
    silhouette,
    daviesBouldin: daviesBouldin(data, groups),
    calinskiHarabasz: calinskiHarabasz(data, groups),
    merit: await meritOf(model, alone?.model, table, silhouette, work),
  }
}

async function meritOf(
  model: Partition['model'],
  alone: Partition['model'] | undefined,
  table: Table,
  silhouette: number,
  work?: Work,
): Promise<number> {
  if (model.kind === 'k-medoids') return medoidSilhouette(model, table, work)
  if (model.kind === 'gaussian-mixture' && alone?.kind === 'gaussian-mixture') {
    return (alone.bic - model.bic) / table.rows
  }
  return silhouette
}

/**
 * Mean over rows of 1 − distance to the nearest medoid / distance to the second: 0 where two are equally near.
 *
 * Source: van der Laan, Pollard & Bryan, "A new partitioning around medoids algorithm", J. Stat. Comput. Simul. 73, 2003.
 */
async function medoidSilhouette({ columns, medoids }: KMedoidsModel, table: Table, work?: Work): Promise<number> {
  const [nearest, second] = [0, 1].map(() => new Float64Array(table.rows).fill(Infinity))
  for (let medoid = 0; medoid < medoids.rows; medoid += 1) {
    const one = takeTableRows(medoids, Int32Array.of(medoid))
    const { distances } = await assignKMedoids({ columns, medoids: one }, table, work)
    distances.forEach((distance, row) => {
      if (distance < nearest![row]!) {
        second![row] = nearest![row]!
        nearest![row] = distance
      } else if (distance < second![row]!) second![row] = distance
    })
  }
  const sum = nearest!.reduce((total, near, row) => total + (second![row]! > 0 ? 1 - near / second![row]! : 0), 0)
  return sum / table.rows
}
