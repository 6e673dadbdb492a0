import { elapsedMs, RapportError } from '../base/index.ts'

/** Somebody must wait before they may try again. */
export class TooSoonError extends RapportError {
  /** How long, s. */
  readonly waitSeconds: number

  constructor(code: string, message: string, waitMs: number) {
    super(code, message)
    this.waitSeconds = Math.max(1, Math.ceil(waitMs / 1000))
  }
}

interface Tries {
  failures: number
  lastAt: number
}

const longestMs = 15 * 60 * 1000
const forgottenMs = 60 * 60 * 1000
const mostRemembered = 10_000

/**
 * Makes guessing slow: after some failures each further try of an account, and from an address, must wait, twice as long
 * each time, up to a quarter of an hour. In memory: a restart forgets, and nobody is locked out for good.
 */
export class LoginAttempts {
  readonly #tries = new Map<string, Tries>()

  /**
   * Counts a try as failed until `succeeded` says otherwise, so that tries at the same time count too.
   *
   * @param free failures without a wait
   * @throws TooSoonError `access.too-many-attempts`
   */
  begin(key: string, free: number): void {
    const held = this.#tries.get(key)
    const isFresh = held === undefined || held.lastAt + forgottenMs < elapsedMs()
    const tries = isFresh ? { failures: 0, lastAt: 0 } : held
    const waitMs = tries.failures < free ? 0 : Math.min(longestMs, 1000 * 2 ** (tries.failures - free))
    const leftMs = tries.lastAt + waitMs - elapsedMs()
    if (waitMs > 0 && leftMs > 0) {
      throw new TooSoonError(
        'access.too-many-attempts',
        `after ${tries.failures} failed logins the next must wait ${Math.ceil(leftMs / 1000)} s`,
        leftMs,
      )
    }
    this.#tries.delete(key)
    this.#tries.set(key, { failures: tries.failures + 1, lastAt: elapsedMs() })
    const [oldest] = this.#tries.keys()
    if (this.#tries.size > mostRemembered) this.#tries.delete(oldest!)
  }

  succeeded(key: string): void {
    this.#tries.delete(key)
  }
}
