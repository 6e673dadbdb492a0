import { type Interval, wilsonInterval } from '../stats/index.ts'

/** A share of a group's rows, with what is known of it. */
export type Rate =
  | {
      readonly defined: true
      readonly value: number
      /** Ends of Wilson's interval. */
      readonly low: number
      readonly high: number
      /** Rows that it rests on; with weights, as many equal ones as would tell as much (Kish). */
      readonly n: number
    }
  /** The group has no rows of which this is a share. */
  | { readonly defined: false; readonly because: 'no-rows' }

/** Ones among rows, counted by weight. */
export class Tally {
  #weight = 0
  #squares = 0
  #ones = 0

  add(isOne: boolean, weight: number): void {
    this.#weight += weight
    this.#squares += weight * weight
    if (isOne) this.#ones += weight
  }

  /** Rows, or as many equally weighted ones as tell as much. */
  get n(): number {
    return this.#squares > 0 ? this.#weight ** 2 / this.#squares : 0
  }

  get value(): number {
    return this.#ones / this.#weight
  }

  limits(confidence: number): Interval {
    // A sum of weights may miss its end by rounding.
    return wilsonInterval(Math.min(this.n, this.value * this.n), this.n, confidence)
  }

  rate(confidence: number): Rate {
    if (this.n === 0) return { defined: false, because: 'no-rows' }
    return { defined: true, value: this.value, ...this.limits(confidence), n: this.n }
  }
}
