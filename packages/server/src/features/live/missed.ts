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
  batches: Batch[] = []
  /** Of the log, up to which something came; −1 where nothing did. */
  position: number
  private facts = 0

  /** @param position up to which something came before */
  constructor(position = -1) {
    this.position = position
  }

  /** Whether nothing had to be let go. */
  get isWhole(): boolean {
    return this.facts <= factsMax
  }

  add(batch: Batch): void {
    this.position = batch.position
    this.facts += batch.facts.length
    if (this.isWhole) this.batches.push(batch)
    else this.batches.length = 0
  }

  /** Lets what customers did go: by now they are others, or may not be profiled. */
  forget(customerIds: ReadonlySet<string>): void {
    const isKept = ({ customerId }: Fact): boolean => customerId === null || !customerIds.has(customerId)
    this.batches = this.batches.map(({ facts, position }) => ({ facts: facts.filter(isKept), position }))
  }
}
