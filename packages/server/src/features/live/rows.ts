import type { Instant } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import type { Accumulator, Outcome } from './accumulator.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { emptyNumbers, isEmptyAt } from './cells/number-cell.ts'
import { addToColumns, type Columns } from './columns.ts'
import type { Store, StoreLeaf } from './plan-stores.ts'

/** More numbers than any cell has: where those of several buckets are put together to be read. */
const together = emptyNumbers(8)

/** `push` makes place for more rows than come where there are fewer than this. */
const fewRows = 8

/**
 * What numbers remember of the facts of one pattern, in those buckets of a grid that have any: rows of one array, in order,
 * each with its bucket before its cells.
 */
export class Rows implements Accumulator {
  private readonly columns: Columns
  private rows: number[] = []

  constructor(columns: Columns) {
    this.columns = columns
  }

  static load(columns: Columns, from: ByteReader): Rows {
    const loaded = new Rows(columns)
    let bucket = 0
    for (let left = from.whole(); left > 0; left -= 1) {
      bucket += from.whole()
      const place = loaded.append(bucket)
      columns.load(loaded.rows, place + 1, from)
    }
    return loaded
  }

  /** The place of the first row whose bucket is not before this one; one after the last where there is none. */
  private placeOf(bucket: number): number {
    const { rows } = this
    const stride = this.columns.width + 1
    let [low, high] = [0, rows.length / stride]
    while (low < high) {
      const middle = (low + high) >> 1
      if (rows[middle * stride]! < bucket) low = middle + 1
      else high = middle
    }
    return low * stride
  }

  /** @returns the place of the row of the bucket, made where there is none */
  private rowOf(bucket: number): number {
    const { rows } = this
    const stride = this.columns.width + 1
    const last = rows.length - stride
    if (last >= 0 && rows[last] === bucket) return last
    if (last < 0 || rows[last]! < bucket) return this.append(bucket)
    const place = this.placeOf(bucket)
    if (rows[place] === bucket) return place
    rows.splice(place, 0, ...this.columns.empty)
    rows[place] = bucket
    return place
  }

  private append(bucket: number): number {
    const { empty } = this.columns
    const place = this.rows.length
    if (place < fewRows * empty.length) this.rows = place === 0 ? empty.slice() : this.rows.concat(empty)
    else for (const none of empty) this.rows.push(none)
    this.rows[place] = bucket
    return place
  }

  add({ group }: Store, bucket: number, oldest: number, fact: Fact): Outcome {
    if (this.rows.length > 0 && this.rows[0]! < oldest) this.rows.splice(0, this.placeOf(oldest))
    const place = this.rowOf(bucket)
    addToColumns(group, this.rows, place + 1, fact)
    return 'folded'
  }

  value({ numbers, empty }: StoreLeaf, first: number, last: number, asOf: Instant): FeatureValue {
    const { rows } = this
    const { at, cell, result } = numbers!
    const stride = this.columns.width + 1
    // Most have their facts in one bucket: it is read where it lies.
    let found = -1
    let isTogether = false
    for (let place = this.placeOf(first); place < rows.length && rows[place]! <= last; place += stride) {
      const one = place + 1 + at
      if (isEmptyAt(rows, one)) continue
      if (found < 0) {
        found = one
        continue
      }
      if (!isTogether) {
        for (let number = 0; number < cell.width; number += 1) together[number] = rows[found + number]!
        isTogether = true
      }
      cell.addCell(together, 0, rows, one)
    }
    if (found < 0) return empty
    return isTogether ? result(together, 0, asOf) : result(rows, found, asOf)
  }

  changesAt({ store: { grid }, window, numbers }: StoreLeaf, asOf: Instant): Instant {
    const { rows } = this
    const stride = this.columns.width + 1
    let soonest = Infinity
    for (let place = 0; place < rows.length; place += stride)
      if (!isEmptyAt(rows, place + 1 + numbers!.at))
        soonest = Math.min(soonest, grid.nextMove(window, rows[place]!, asOf))
    return soonest
  }

  forget(bucket: number): void {
    const place = this.placeOf(bucket)
    if (this.rows[place] === bucket) this.rows.splice(place, this.columns.width + 1)
  }

  bytes(): number {
    return 88 + 8 * this.rows.length
  }

  save(to: ByteWriter): void {
    const { rows } = this
    const stride = this.columns.width + 1
    to.whole(rows.length / stride)
    let before = 0
    for (let place = 0; place < rows.length; place += stride) {
      to.whole(rows[place]! - before)
      before = rows[place]!
      this.columns.save(rows, place + 1, to)
    }
  }
}
