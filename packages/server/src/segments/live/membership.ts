import type { Instant } from '../../base/index.ts'
import type { CustomerSlots } from './customer-slots.ts'
import { type DayOf, type DaySize, DaySizes } from './day-sizes.ts'
import { MemberBits } from './member-bits.ts'
import type { Movement } from './movement.ts'

/** Who is in one segment, and how that came. */
export class Membership {
  readonly segment: string
  readonly version: number
  readonly form: string
  readonly bits: MemberBits
  /** Of the latest movement. */
  sequence: number
  private readonly daySizes: DaySizes

  constructor(segment: string, version: number, form: string, before?: MembershipSnapshot) {
    this.segment = segment
    this.version = version
    this.form = form
    this.bits = new MemberBits(before ? Buffer.from(before.bits, 'base64') : undefined)
    this.sequence = before?.sequence ?? 0
    this.daySizes = new DaySizes(before?.days)
  }

  get days(): readonly DaySize[] {
    return this.daySizes.all
  }

  move(slot: number, isEntry: boolean, at: Instant, days: DayOf): void {
    this.bits.set(slot, isEntry)
    this.daySizes.record(days.at(at), isEntry, this.bits.size)
  }

  /** Takes in a movement that was told before the last stop. */
  retell({ customer, isEntry, at, sequence }: Movement, slots: CustomerSlots, days: DayOf): void {
    if (sequence <= this.sequence) return
    // Of somebody who was erased only the number is left.
    if (customer !== '') this.move(slots.add(customer), isEntry, at, days)
    this.sequence = sequence
  }

  snapshot(): MembershipSnapshot {
    const { segment, version, form, sequence } = this
    return {
      segment,
      version,
      form,
      sequence,
      bits: Buffer.from(this.bits.bytes()).toString('base64'),
      days: this.days,
    }
  }
}

export interface MembershipSnapshot {
  readonly segment: string
  readonly version: number
  readonly form: string
  readonly sequence: number
  /** A bit for each customer by their number, base64. */
  readonly bits: string
  readonly days: readonly DaySize[]
}
