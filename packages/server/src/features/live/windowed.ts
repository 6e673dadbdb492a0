import type { Instant } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import type { Window } from '../defined/plan.ts'
import type { Accumulator, Outcome, Result } from './accumulator.ts'
import { Buckets } from './buckets.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { CellKind, FieldValue } from './cells/cell.ts'
import type { Grid } from './grid.ts'

/** Facts for buckets farther from the newest are rare: they may cost a rebuild. */
const openBuckets = 4

/** Cells of one kind in those buckets of a grid that have facts. */
export class Windowed<C> implements Accumulator {
  private readonly kind: CellKind<C>
  private readonly buckets = new Buckets<C>()
  /** Kept only where there is a bound. */
  private cellBytes = 0

  constructor(kind: CellKind<C>) {
    this.kind = kind
  }

  static load<C>(kind: CellKind<C>, from: ByteReader): Windowed<C> {
    const windowed = new Windowed(kind)
    windowed.buckets.load(from, () => kind.load(from))
    if (kind.bytesMax !== undefined) windowed.cellBytes = windowed.countCellBytes()
    return windowed
  }

  add(bucket: number, oldest: number, fact: Fact, value: FieldValue): Outcome {
    const { buckets, kind } = this
    const isBounded = kind.bytesMax !== undefined
    if (buckets.isBehind(oldest)) {
      buckets.dropBefore(oldest)
      if (isBounded) this.cellBytes = this.countCellBytes()
    }
    const known = buckets.get(bucket)
    const before = isBounded && known !== undefined ? kind.bytes(known) : 0
    const cell = kind.add(known, fact, value)
    if (cell === undefined) return 'late'
    if (cell !== known) buckets.set(bucket, cell)
    if (known === undefined && kind.close !== undefined) this.closeOld(kind.close)
    if (!isBounded) return 'folded'
    this.cellBytes += kind.bytes(cell) - before
    return this.cellBytes > kind.bytesMax ? 'full' : 'folded'
  }

  private closeOld(close: (cell: C) => void): void {
    const cell = this.buckets.before(openBuckets)
    if (cell !== undefined) close(cell)
  }

  private countCellBytes(): number {
    return this.buckets.sum(this.kind.bytes)
  }

  value(first: number, last: number, asOf: Instant, result: Result): FeatureValue {
    return result(this.buckets.merge(first, last, this.kind.merge) as never, asOf)
  }

  changesAt(grid: Grid, window: Window, asOf: Instant): Instant {
    return this.buckets.changesAt(grid, window, asOf)
  }

  forget(bucket: number): void {
    if (this.buckets.delete(bucket) && this.kind.bytesMax !== undefined) this.cellBytes = this.countCellBytes()
  }

  bytes(): number {
    return 72 + this.buckets.bytes + this.countCellBytes()
  }

  save(to: ByteWriter): void {
    this.buckets.save(to, (cell) => this.kind.save(cell, to))
  }
}
