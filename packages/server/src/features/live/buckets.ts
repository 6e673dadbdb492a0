import type { Instant } from '../../base/index.ts'
import { append } from './append.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { StoreLeaf } from './plan-stores.ts'

/** `append` copies it, so that all who have none can share it. */
const none: never[] = []

/**
 * Cells of the buckets that have any, in order. Facts mostly go to the newest one, and most have no other: it is held apart
 * from the lists of those before it, which are not there until they are needed. A customer has dozens of these: whoever
 * keeps cells in buckets is one, rather than has one, which is an object less each.
 */
export abstract class Buckets<C> {
  private newest = 0
  /** Undefined where there is no bucket. */
  private newestCell: C | undefined
  private ids: number[] = none
  private cells: C[] = none

  protected get bucketBytes(): number {
    return 64 + (this.ids === none ? 0 : 96 + 16 * this.ids.length)
  }

  private get size(): number {
    return this.newestCell === undefined ? 0 : this.ids.length + 1
  }

  /** The place among the older ones of the first that is not before this one. */
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

  protected get(bucket: number): C | undefined {
    if (this.newestCell === undefined || bucket === this.newest) return this.newestCell
    if (bucket > this.newest) return undefined
    const place = this.placeOf(bucket)
    return this.ids[place] === bucket ? this.cells[place] : undefined
  }

  protected set(bucket: number, cell: C): void {
    if (this.newestCell === undefined || bucket === this.newest) {
      this.newest = bucket
      this.newestCell = cell
      return
    }
    if (bucket > this.newest) {
      this.ids = append(this.ids, this.newest)
      this.cells = append(this.cells, this.newestCell)
      this.newest = bucket
      this.newestCell = cell
      return
    }
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

  /** @returns whether there was one */
  protected delete(bucket: number): boolean {
    if (this.newestCell === undefined) return false
    if (bucket === this.newest) {
      this.newestCell = this.cells.pop()
      this.newest = this.ids.pop() ?? 0
      return true
    }
    const place = this.placeOf(bucket)
    if (this.ids[place] !== bucket) return false
    this.ids.splice(place, 1)
    this.cells.splice(place, 1)
    return true
  }

  protected isBehind(oldest: number): boolean {
    return this.newestCell !== undefined && (this.ids.length > 0 ? this.ids[0]! : this.newest) < oldest
  }

  protected dropBefore(oldest: number): void {
    if (this.newestCell !== undefined && this.newest < oldest) {
      this.newestCell = undefined
      this.ids = none
      this.cells = none
      return
    }
    const count = this.placeOf(oldest)
    if (count === 0) return
    this.ids.splice(0, count)
    this.cells.splice(0, count)
  }

  /** The cell so many buckets before the newest; undefined where there are fewer. */
  protected before(buckets: number): C | undefined {
    return buckets === 0 ? this.newestCell : this.cells.at(-buckets)
  }

  /** What all cells come to. */
  protected sum(of: (cell: C) => number): number {
    if (this.newestCell === undefined) return 0
    return this.cells.reduce((sum, cell) => sum + of(cell), of(this.newestCell))
  }

  /** Of the buckets first … last, both included; undefined where none has a cell. */
  protected merge(first: number, last: number, merge: (earlier: C, later: C) => C): C | undefined {
    const { ids, newest, newestCell } = this
    let merged: C | undefined
    if (ids.length > 0)
      for (let place = this.placeOf(first); place < ids.length && ids[place]! <= last; place += 1) {
        const cell = this.cells[place]!
        merged = merged === undefined ? cell : merge(merged, cell)
      }
    if (newestCell === undefined || !(newest >= first && newest <= last)) return merged
    return merged === undefined ? newestCell : merge(merged, newestCell)
  }

  /** When a bucket with a cell next comes into the window of a leaf or goes out of it. */
  changesAt({ store: { grid }, window }: StoreLeaf, asOf: Instant): Instant {
    if (this.newestCell === undefined) return Infinity
    let soonest = grid.nextMove(window, this.newest, asOf)
    for (const id of this.ids) soonest = Math.min(soonest, grid.nextMove(window, id, asOf))
    return soonest
  }

  protected saveCells(to: ByteWriter, cell: (cell: C) => void): void {
    to.whole(this.size)
    let before = 0
    this.ids.forEach((id, place) => {
      to.whole(id - before)
      before = id
      cell(this.cells[place]!)
    })
    if (this.newestCell === undefined) return
    to.whole(this.newest - before)
    cell(this.newestCell)
  }

  protected loadCells(from: ByteReader, cell: () => C): void {
    const length = from.whole()
    if (length === 0) return
    if (length > 1) {
      this.ids = new Array(length - 1)
      this.cells = new Array(length - 1)
    }
    let id = 0
    for (let place = 0; place < length - 1; place += 1) {
      id += from.whole()
      this.ids[place] = id
      this.cells[place] = cell()
    }
    this.newest = id + from.whole()
    this.newestCell = cell()
  }
}
