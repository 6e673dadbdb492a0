import { elapsedMs } from '../base/index.ts'
import { TooSoonError } from './attempts.ts'

export interface Rate {
  /** How many may come at once after a pause. */
  readonly burst: number
  readonly perSecond: number
}

const mostBuckets = 10_000

/** A bucket of tokens for each who asks: a request takes one, and they come back at the rate. */
export class TokenBuckets {
  readonly #rate: Rate
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  constructor(rate: Rate) {
    this.#rate = rate
  }

  /** @throws TooSoonError `access.rate` when none is left */
  take(who: string): void {
    const { burst, perSecond } = this.#rate
    const held = this.#buckets.get(who)
    const grown = held ? held.tokens + ((elapsedMs() - held.at) * perSecond) / 1000 : burst
    const tokens = Math.min(burst, grown)
    if (tokens < 1) {
      const waitMs = ((1 - tokens) / perSecond) * 1000
      throw new TooSoonError('access.rate', `at most ${perSecond} requests a second may come, more did`, waitMs)
    }
    // Who asked last stands last, so that the first is the one to forget.
    this.#buckets.delete(who)
    this.#buckets.set(who, { tokens: tokens - 1, at: elapsedMs() })
    const [oldest] = this.#buckets.keys()
    if (this.#buckets.size > mostBuckets) this.#buckets.delete(oldest!)
  }
}
