import type { Fact } from '../defined/fact.ts'

/** Facts as the log has them, with the log's position after them. */
export interface Batch {
  readonly facts: readonly Fact[]
  readonly position: number
}

/** As many are taken in at one go; where more come while the log is read, it is read again. */
const factsMax = 2000

/** What came while the log was read. */
export class Missed {
  readonly batches: Batch[] = []
  private facts = 0

  /** Whether nothing had to be let go. */
  get isWhole(): boolean {
    return this.facts <= factsMax
  }

  add(batch: Batch): void {
    this.facts += batch.facts.length
    if (this.isWhole) this.batches.push(batch)
    else this.batches.length = 0
  }
}
