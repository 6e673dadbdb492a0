import type { Instant } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import type { Accumulator, Outcome } from './accumulator.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { CellKind, FieldValue } from './cells/cell.ts'
import type { Store, StoreLeaf } from './plan-stores.ts'

/** One cell for all of history. */
export class Whole<C> implements Accumulator {
  private readonly kind: CellKind<C>
  private cell: C | undefined

  constructor(kind: CellKind<C>, cell?: C) {
    this.kind = kind
    this.cell = cell
  }

  static load<C>(kind: CellKind<C>, from: ByteReader): Whole<C> {
    return new Whole(kind, kind.load(from))
  }

  add(_store: Store, _bucket: number, _oldest: number, fact: Fact, value: FieldValue): Outcome {
    const cell = this.kind.add(this.cell, fact, value)
    if (cell === undefined) return 'late'
    this.cell = cell
    const { bytesMax } = this.kind
    return bytesMax !== undefined && this.kind.bytes(cell) > bytesMax ? 'full' : 'folded'
  }

  value({ result }: StoreLeaf, _first: number, _last: number, asOf: Instant): FeatureValue {
    return result(this.cell as never, asOf)
  }

  changesAt(): Instant {
    return Infinity
  }

  forget(): void {}

  bytes(): number {
    return 48 + (this.cell === undefined ? 0 : this.kind.bytes(this.cell))
  }

  save(to: ByteWriter): void {
    this.kind.save(this.cell!, to)
  }
}
