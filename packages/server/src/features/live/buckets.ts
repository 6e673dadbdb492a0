import type { Instant } from '../../base/index.ts'
import type { Window } from '../defined/plan.ts'
import { append } from './append.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { Grid } from './grid.ts'

/** Cells of the buckets that have any, in order. Facts mostly go to the newest one. */
export class Buckets<C> {
  ids: number[] = []
  cells: C[] = []

  get bytes(): number {
    return 112 + 16 * this.ids.length
  }

  /** The place of the first bucket that is not before this one. */
  private placeOf(bucket: number): number {
    const { ids } = this
    const last = ids.length - 1
    if (last < 0 || ids[last]! < bucket) return last + 1
    if (ids[last] === bucket) return last
    let [low, high] = [0, last]
    while (low < high) {
      const middle = (low + high) >> 1
      if (ids[middle]! < bucket) low = middle + 1
      else high = middle
    }
    return low
  }

  get(bucket: number): C | undefined {
    const place = this.placeOf(bucket)
    return this.ids[place] === bucket ? this.cells[place] : undefined
  }

  set(bucket: number, cell: C): void {
    const place = this.placeOf(bucket)
    if (this.ids[place] === bucket) this.cells[place] = cell
    else if (place === this.ids.length) {
      this.ids = append(this.ids, bucket)
      this.cells = append(this.cells, cell)
    } else {
      this.ids.splice(place, 0, bucket)
      this.cells.splice(place, 0, cell)
    }
  }

  delete(bucket: number): C | undefined {
    const place = this.placeOf(bucket)
    if (this.ids[place] !== bucket) return undefined
    this.ids.splice(place, 1)
    return this.cells.splice(place, 1)[0]
  }

  isBehind(oldest: number): boolean {
    return this.ids.length > 0 && this.ids[0]! < oldest
  }

  dropBefore(oldest: number): readonly C[] {
    const count = this.placeOf(oldest)
    this.ids.splice(0, count)
    return this.cells.splice(0, count)
  }

  /** Of the buckets first … last, both included; undefined where none has a cell. */
  merge(first: number, last: number, merge: (earlier: C, later: C) => C): C | undefined {
    let merged: C | undefined
    for (let place = this.placeOf(first); place < this.ids.length && this.ids[place]! <= last; place += 1) {
      const cell = this.cells[place]!
      merged = merged === undefined ? cell : merge(merged, cell)
    }
    return merged
  }

  /** When a bucket with a cell next comes into the window or goes out of it. */
  changesAt(grid: Grid, window: Window, asOf: Instant): Instant {
    let soonest = Infinity
    for (const id of this.ids) soonest = Math.min(soonest, grid.nextMove(window, id, asOf))
    return soonest
  }

  save(to: ByteWriter, cell: (cell: C) => void): void {
    to.whole(this.ids.length)
    let before = 0
    this.ids.forEach((id, place) => {
      to.whole(id - before)
      before = id
      cell(this.cells[place]!)
    })
  }

  load(from: ByteReader, cell: () => C): void {
    const length = from.whole()
    this.ids = new Array(length)
    this.cells = new Array(length)
    let id = 0
    for (let place = 0; place < length; place += 1) {
      id += from.whole()
      this.ids[place] = id
      this.cells[place] = cell()
    }
  }
}
