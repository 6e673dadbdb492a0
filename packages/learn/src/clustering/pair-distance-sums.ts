import type { Kernels, Matrix, Work } from '@rapport/numerics'

/** Tasks between two sums: enough for many threads, and few enough that what they give back stays small. */
const tasksAtOnce = 32
/** Quads of a task and pairs of quads in it, at most: a few milliseconds, whatever the number of rows. */
const taskQuadsMax = 16
const taskPairsMax = 2 ** 17

/**
 * The sum of each row's distances to the rows of each cluster, from each pair of rows once.
 *
 * @param labels `[n]` clusters 0 … k − 1
 * @param sizes `[k]` rows in each
 * @returns `[n × k]`
 *
 * Cost: n² / 2 distances, spread over the workers; 8 · n · (d + k) bytes and some buffers of 8 · n.
 */
export async function pairDistanceSums(
  kernels: Kernels,
  data: Matrix,
  labels: Int32Array,
  sizes: Int32Array,
  work: Work | undefined,
): Promise<Float64Array> {
  const { arena } = kernels
  const { rows, columns } = data
  const k = sizes.length
  const mark = arena.mark()
  const { places, starts } = placesInQuads(labels, sizes)
  const n = starts.at(-1)!
  const quads = arena.float64(n * columns * 4)
  const holes = arena.float64(n * 4)
  const startsSpan = arena.int32(k + 1)
  startsSpan.view.set(starts)
  fillQuads(data, places, quads.view, holes.view)
  const back = arena.float64(tasksAtOnce * n * 4)
  const sums = arena.float64(n * 4 * k)
  const totals = sums.view
  const returned = back.view
  const cuts = cutByCluster(starts, Math.max(1, Math.min(taskQuadsMax, Math.floor(taskPairsMax / n))))
  for (let first = 0; first < cuts.length; first += tasksAtOnce) {
    const some = cuts.slice(first, first + tasksAtOnce)
    const tasks = some.map(({ from, to, cluster }, task) => [
      quads.at,
      columns,
      n,
      from,
      to,
      cluster,
      k,
      startsSpan.at,
      holes.at,
      back.at + task * n * 32,
      sums.at,
    ])
    await kernels.run('pairDistances', tasks)
    // In the order of the tasks, so that the number of workers never shows.
    some.forEach(({ from, cluster }, task) => {
      for (let place = 4 * from; place < 4 * n; place += 1) {
        totals[place * k + cluster]! += returned[task * n * 4 + place]!
      }
    })
    work?.onProgress?.({ stage: 'silhouette', done: some.at(-1)!.to, total: n })
  }
  const byRow = new Float64Array(rows * k)
  places.forEach((place, row) => {
    byRow.set(totals.subarray(place * k, (place + 1) * k), row * k)
  })
  arena.release(mark)
  return byRow
}

/** Where each row goes so that clusters lie together, each beginning a quad; `starts` are the quads. */
function placesInQuads(labels: Int32Array, sizes: Int32Array): { places: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(sizes.length + 1)
  sizes.forEach((size, cluster) => {
    starts[cluster + 1] = starts[cluster]! + Math.ceil(size / 4)
  })
  const next = starts.map((quad) => 4 * quad)
  return { places: labels.map((label) => next[label]!++), starts }
}

function fillQuads(
  { rows, columns, values }: Matrix,
  places: Int32Array,
  quads: Float64Array,
  holes: Float64Array,
): void {
  for (let row = 0, from = 0; row < rows; row += 1) {
    const place = places[row]!
    holes[place] = 1
    let at = (place >> 2) * 4 * columns + (place & 3)
    for (let column = 0; column < columns; column += 1, from += 1, at += 4) quads[at] = values[from]!
  }
}

function cutByCluster(starts: Int32Array, size: number): { from: number; to: number; cluster: number }[] {
  const cuts: { from: number; to: number; cluster: number }[] = []
  for (let cluster = 0; cluster + 1 < starts.length; cluster += 1) {
    const end = starts[cluster + 1]!
    for (let from = starts[cluster]!; from < end; from += size) {
      cuts.push({ from, to: Math.min(end, from + size), cluster })
    }
  }
  return cuts
}
