import { backoffMs, retryAfterMs } from './backoff.ts'
import type { Report } from './fault.ts'
import type { Queue, Waiting } from './queue.ts'

/** Segment's limit of a request is 500 kB; a little is left for what stands around the events. */
const requestBytes = 500_000
/** Browsers give all requests that may outlive a page 64 KiB together: one under way and a last one must fit. */
const outlivingBytes = 30_000
const batchMax = 100
const answerMsMax = 30_000

/** For waiting: a clock that is set while the page is open must not silence it. */
const clock = (): number => performance.now()

interface Answer {
  /** 0 when there was none. */
  readonly status: number
  readonly retryAfterMs: number
}

export interface DeliveryOptions {
  readonly url: string
  readonly writeKey: string
  /** Events that come within so many milliseconds go together. */
  readonly delayMs: number
}

/**
 * Sends what waits in the queue, one request at a time, until the server has it.
 *
 * An event leaves the queue when it was acknowledged. So one whose request outlived its page is sent again on the next
 * page: the server takes a `messageId` once, while nobody could bring back an event that was given up too early.
 */
export class Delivery {
  readonly #options: DeliveryOptions
  readonly #queue: Queue
  readonly #report: Report
  #timer: ReturnType<typeof setTimeout> | undefined
  #sending: Promise<void> | undefined
  #failures = 0
  /** No request before this by our own caution, and by the server's word. */
  #cautiousUntil = 0
  #askedUntil = 0

  constructor(options: DeliveryOptions, queue: Queue, report: Report) {
    this.#options = options
    this.#queue = queue
    this.#report = report
  }

  /** Something waits: it is sent soon, or when the server wants to be asked again. */
  wake(): void {
    if (this.#timer !== undefined || !this.#queue.isReady) return
    const wait = Math.max(this.#options.delayMs, this.#cautiousUntil - clock(), this.#askedUntil - clock())
    this.#timer = setTimeout(() => this.flush(), wait)
  }

  /** The network is back: there is no point in waiting longer, unless the server asked for it. */
  retryNow(): void {
    this.#cautiousUntil = 0
    this.#failures = 0
    this.flush()
  }

  /** Sends everything that waits, now. Settles when it is sent, or when it has to wait after all. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined
      this.wake()
    })
    return this.#sending
  }

  /** The page may be going: what fits into a request that outlives it is sent at once, beside one under way. */
  leave(): void {
    if (clock() < this.#askedUntil) return
    const taken = this.#queue.take(batchMax, outlivingBytes)
    if (taken.length === 0) return
    if ('keepalive' in Request.prototype) this.#send(taken)
    // A beacon tells nothing about its fate; where it is all there is, the browser's promise to send must do.
    else if (navigator.sendBeacon(this.#options.url, this.#body(taken))) this.#queue.remove(taken)
    else this.#queue.putBack(taken)
  }

  async #sendAll(): Promise<void> {
    await this.#queue.adopt()
    while (clock() >= Math.max(this.#cautiousUntil, this.#askedUntil)) {
      const taken = this.#queue.take(batchMax, requestBytes)
      if (taken.length === 0) return
      await this.#send(taken)
    }
  }

  async #send(taken: readonly Waiting[]): Promise<void> {
    const bytes = taken.reduce((sum, waiting) => sum + waiting.bytes, 0)
    const answer = await this.#post(this.#body(taken), bytes <= outlivingBytes)
    const { status } = answer
    if (status >= 200 && status < 300) {
      this.#failures = 0
      this.#queue.remove(taken)
    } else if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      this.#queue.remove(taken)
      this.#report({
        code: 'browser.rejected',
        message: `the server must take the events, got status ${status}`,
        status,
        events: taken.map(({ json }) => JSON.parse(json)),
      })
    } else {
      this.#queue.putBack(taken)
      this.#failures += 1
      this.#cautiousUntil = clock() + backoffMs(this.#failures)
      this.#askedUntil = clock() + answer.retryAfterMs
      this.wake()
    }
  }

  #body(taken: readonly Waiting[]): string {
    const events = taken.map(({ json }) => json).join(',')
    const sentAt = new Date().toISOString()
    return `{"batch":[${events}],"sentAt":"${sentAt}","writeKey":${JSON.stringify(this.#options.writeKey)}}`
  }

  /** As plain text with the key inside, so that the browser need not ask the other origin first. */
  async #post(body: string, keepalive: boolean): Promise<Answer> {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), answerMsMax)
    try {
      const response = await fetch(this.#options.url, {
        method: 'POST',
        body,
        credentials: 'omit',
        keepalive,
        signal: abort.signal,
      })
      return { status: response.status, retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()) }
    } catch {
      return { status: 0, retryAfterMs: 0 } // no network, no such host, refused by the page's policy, or too slow
    } finally {
      clearTimeout(timer)
    }
  }
}
