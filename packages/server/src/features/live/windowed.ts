import type { Instant } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import type { Accumulator, Outcome } from './accumulator.ts'
import { Buckets } from './buckets.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { CellKind, FieldValue } from './cells/cell.ts'
import type { Store, StoreLeaf } from './plan-stores.ts'

/** Facts for buckets farther from the newest are rare: they may cost a rebuild. */
const openBuckets = 4

/** Cells of one kind in those buckets of a grid that have facts. */
export class Windowed<C> extends Buckets<C> implements Accumulator {
  private readonly kind: CellKind<C>
  /** Kept only where there is a bound. */
  private cellBytes = 0

  constructor(kind: CellKind<C>) {
    super()
    this.kind = kind
  }

  static load<C>(kind: CellKind<C>, from: ByteReader): Windowed<C> {
    const windowed = new Windowed(kind)
    windowed.loadCells(from, () => kind.load(from))
    if (kind.bytesMax !== undefined) windowed.cellBytes = windowed.countCellBytes()
    return windowed
  }

  add(_store: Store, bucket: number, oldest: number, fact: Fact, value: FieldValue): Outcome {
    const { kind } = this
    const isBounded = kind.bytesMax !== undefined
    if (this.isBehind(oldest)) {
      this.dropBefore(oldest)
      if (isBounded) this.cellBytes = this.countCellBytes()
    }
    const known = this.get(bucket)
    const before = isBounded && known !== undefined ? kind.bytes(known) : 0
    const cell = kind.add(known, fact, value)
    if (cell === undefined) return 'late'
    if (cell !== known) this.set(bucket, cell)
    if (known === undefined && kind.close !== undefined) this.closeOld(kind.close)
    if (!isBounded) return 'folded'
    this.cellBytes += kind.bytes(cell) - before
    return this.cellBytes > kind.bytesMax ? 'full' : 'folded'
  }

  private closeOld(close: (cell: C) => void): void {
    const cell = this.before(openBuckets)
    if (cell !== undefined) close(cell)
  }

  private countCellBytes(): number {
    return this.sum(this.kind.bytes)
  }

  value({ result }: StoreLeaf, first: number, last: number, asOf: Instant): FeatureValue {
    return result(this.merge(first, last, this.kind.merge) as never, asOf)
  }

  forget(bucket: number): void {
    if (this.delete(bucket) && this.kind.bytesMax !== undefined) this.cellBytes = this.countCellBytes()
  }

  bytes(): number {
    return 40 + this.bucketBytes + this.countCellBytes()
  }

  save(to: ByteWriter): void {
    this.saveCells(to, (cell) => this.kind.save(cell, to))
  }
}
