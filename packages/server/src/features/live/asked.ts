import type { Instant } from '../../base/index.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import type { Accumulator, Outcome } from './accumulator.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { StoreLeaf } from './plan-stores.ts'

const minuteMs = 60_000

/**
 * Stands for what grew beyond its bound: the values of its leaves, as the warehouse said last. They are asked again after a
 * fact or where time may have changed them, at most once a second for an entity, and are as old as that meanwhile.
 */
export class Asked implements Accumulator {
  private readonly isNever: boolean
  private readonly values = new Map<number, FeatureValue>()

  /** @param isNever of a sequence that comes true by time: looked at each minute */
  constructor(isNever: boolean) {
    this.isNever = isNever
  }

  static load(isNever: boolean, from: ByteReader): Asked {
    const asked = new Asked(isNever)
    for (let left = from.whole(); left > 0; left -= 1) {
      const [leaf, kind] = [from.whole(), from.whole()]
      asked.values.set(leaf, kind === 0 ? null : kind === 1 ? from.number() : from.text())
    }
    return asked
  }

  /** Of a leaf, by its place in the plan. */
  answer(leaf: number): FeatureValue | undefined {
    return this.values.get(leaf)
  }

  get leaves(): readonly number[] {
    return [...this.values.keys()]
  }

  set(leaf: number, value: FeatureValue): void {
    this.values.set(leaf, value)
  }

  add(): Outcome {
    return 'folded'
  }

  value(): FeatureValue {
    throw new RangeError('what is asked from the warehouse has an answer for a leaf, not for a window')
  }

  changesAt({ store: { grid }, window }: StoreLeaf, asOf: Instant): Instant {
    const minute = this.isNever ? (Math.floor(asOf / minuteMs) + 1) * minuteMs : Infinity
    return Math.min(minute, grid.nextStep(window, asOf))
  }

  forget(): void {}

  bytes(): number {
    return 120 + 80 * this.values.size
  }

  save(to: ByteWriter): void {
    to.whole(this.values.size)
    for (const [leaf, value] of this.values) {
      to.whole(leaf)
      to.whole(value === null ? 0 : typeof value === 'number' ? 1 : 2)
      if (typeof value === 'number') to.number(value)
      else if (value !== null) to.text(value)
    }
  }
}
