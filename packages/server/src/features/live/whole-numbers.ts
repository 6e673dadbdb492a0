import type { Instant } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import type { Accumulator, Outcome } from './accumulator.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { isEmptyAt } from './cells/number-cell.ts'
import { addToColumns, type Columns } from './columns.ts'
import type { Store, StoreLeaf } from './plan-stores.ts'

/** What numbers remember of all of an entity's history, whatever facts they are of: one array. */
export class WholeNumbers implements Accumulator {
  private readonly columns: Columns
  private readonly numbers: number[]

  constructor(columns: Columns) {
    this.columns = columns
    this.numbers = columns.empty.slice()
  }

  static load(columns: Columns, from: ByteReader): WholeNumbers {
    const loaded = new WholeNumbers(columns)
    columns.load(loaded.numbers, 0, from)
    return loaded
  }

  add({ group }: Store, _bucket: number, _oldest: number, fact: Fact): Outcome {
    addToColumns(group, this.numbers, 0, fact)
    return 'folded'
  }

  value({ numbers, empty }: StoreLeaf, _first: number, _last: number, asOf: Instant): FeatureValue {
    const { at } = numbers!
    return isEmptyAt(this.numbers, at) ? empty : numbers!.result(this.numbers, at, asOf)
  }

  changesAt(): Instant {
    return Infinity
  }

  forget(): void {}

  bytes(): number {
    return 88 + 8 * this.numbers.length
  }

  save(to: ByteWriter): void {
    this.columns.save(this.numbers, 0, to)
  }
}
