import { checkFinite, type Matrix, matrix, RapportError, takeRows, type Work } from '@rapport/numerics'
import type { HdbscanModel } from './hdbscan.ts'
import { buildKdTree, type KdTree, squaredPointDistance } from './kd-tree.ts'
import { NearestWithin, NeighbourCount } from './neighbour-search.ts'
import { toUnitScale } from './unit-scale.ts'
import { WorkPace } from './work-pace.ts'

/** What rows are compared with: the training rows, all or those that are still there, and what the model knows of them. */
export interface HdbscanPlaces extends Pick<HdbscanModel, 'labels' | 'coreDistances' | 'reaches' | 'neighboursMin'> {
  /** `[n × d]` */
  readonly rows: Matrix
}

/** Rows at the very distance at which a cluster parted from its surroundings belong to these. */
const within = 1 - 1e-9

/**
 * The cluster of rows that may be new, −1 for those in none: a row is in a cluster when it lies as densely as the cluster
 * does where it parted from what was around it, and nearer than that to one of its rows that does so too. That is how the
 * tree gathers its clusters, so training rows get the labels that they have.
 *
 * @param places `[n]` as fitted, `[clusters]` reaches
 * @param data `[m × d]`, finite, columns as at the fit
 * @returns `[m]` of several clusters within reach that of the nearest row
 * @throws RapportError `hdbscan.columns` when the data have other columns than the model, `hdbscan.missing`, `work.aborted`
 *
 * Cost: about O((n + m) · clusters · log n) for few columns.
 * Source: the definition of a cluster at a density in Campello, Moulavi & Sander, PAKDD 2013 (definitions 4 and 5).
 */
export async function assignHdbscan(places: HdbscanPlaces, data: Matrix, work?: Work): Promise<Int32Array> {
  checkFinite('hdbscan', data)
  const { rows, reaches, neighboursMin } = places
  if (data.columns !== rows.columns) {
    throw new RapportError('hdbscan.columns', `data must have ${rows.columns} columns, got ${data.columns}`)
  }
  const labels = new Int32Array(data.rows).fill(-1)
  if (rows.rows < neighboursMin) return labels
  const pace = new WorkPace(work)
  const scaled = toUnitScale(rows)
  const values = Float64Array.from(data.values, (value) => value / scaled.unit)
  const all = buildKdTree(scaled.data)
  const nearest = new Float64Array(data.rows).fill(Infinity)
  for (const [cluster, reach] of reaches.entries()) {
    const radius = (within * reach) / scaled.unit
    const members = denseMembers(places, scaled.data, cluster)
    if (members === undefined) continue
    const count = new NeighbourCount(all, radius, neighboursMin, undefined)
    const search = new NearestWithin(members, radius)
    for (let row = 0; row < data.rows; row += 1) {
      const at = row * data.columns
      const place = search.place(values, at)
      if (pace.isDue(search.steps)) await pace.turn('assigning rows', row, data.rows)
      if (place < 0 || !count.isEnough(values, at)) continue
      const square = squaredPointDistance(members.points, place * data.columns, values, at, data.columns)
      if (square >= nearest[row]!) continue
      nearest[row] = square
      labels[row] = cluster
    }
  }
  return labels
}

/** The rows of a cluster that lie densely enough to have been in it when it parted; undefined where there is none left. */
function denseMembers(
  { labels, coreDistances, reaches }: HdbscanPlaces,
  scaled: Matrix,
  cluster: number,
): KdTree | undefined {
  const rows = Int32Array.from(labels.keys()).filter(
    (row) => labels[row] === cluster && coreDistances[row]! <= within * reaches[cluster]!,
  )
  if (rows.length === 0) return undefined
  const { columns, values } = takeRows(scaled, rows)
  return buildKdTree(matrix(rows.length, columns, Float64Array.from(values)))
}
