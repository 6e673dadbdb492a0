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
  private cellBytes = 0

  constructor(kind: CellKind<C>) {
    this.kind = kind
  }

  static load<C>(kind: CellKind<C>, from: ByteReader): Windowed<C> {
    const windowed = new Windowed(kind)
    windowed.buckets.load(from, () => kind.load(from))
    for (const cell of windowed.buckets.cells) windowed.cellBytes += kind.bytes(cell)
    return windowed
  }

  add(bucket: number, oldest: number, fact: Fact, value: FieldValue): Outcome {
    const { buckets, kind } = this
    if (buckets.isBehind(oldest)) {
      for (const cell of buckets.dropBefore(oldest)) this.cellBytes -= kind.bytes(cell)
    }
    const known = buckets.get(bucket)
    const before = known === undefined ? 0 : kind.bytes(known)
    const cell = kind.add(known, fact, value)
    if (cell === undefined) return 'late'
    this.cellBytes += kind.bytes(cell) - before
    buckets.set(bucket, cell)
    if (known === undefined && kind.close !== undefined) this.closeOld()
    return kind.bytesMax !== undefined && this.cellBytes > kind.bytesMax ? 'full' : 'folded'
  }

  private closeOld(): void {
    const cell = this.buckets.cells.at(-1 - openBuckets)
    if (cell === undefined) return
    this.cellBytes -= this.kind.bytes(cell)
    this.kind.close!(cell)
    this.cellBytes += this.kind.bytes(cell)
  }

  value(first: number, last: number, asOf: Instant, result: Result): FeatureValue {
    return result(this.buckets.merge(first, last, this.kind.merge) as never, asOf)
  }

  changesAt(grid: Grid, window: Window, asOf: Instant): Instant {
    return this.buckets.changesAt(grid, window, asOf)
  }

  forget(bucket: number): void {
    const cell = this.buckets.delete(bucket)
    if (cell !== undefined) this.cellBytes -= this.kind.bytes(cell)
  }

  bytes(): number {
    return 72 + this.buckets.bytes + this.cellBytes
  }

  save(to: ByteWriter): void {
    this.buckets.save(to, (cell) => this.kind.save(cell, to))
  }
}
