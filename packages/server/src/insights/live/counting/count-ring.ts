import type { Instant } from '../../../base/index.ts'

/**
 * Counts of what came, in buckets of one length, the latest so many of them: room and time of an addition do not depend on
 * how much comes.
 */
export class CountRing {
  /** ms */
  readonly bucketMs: number
  private readonly counts: Float64Array
  /** The number of the latest bucket: moments since 1970 in `bucketMs`. */
  private latest = 0

  /** @param buckets at least 2: the latest is not full yet */
  constructor(bucketMs: number, buckets: number) {
    this.bucketMs = bucketMs
    this.counts = new Float64Array(buckets)
  }

  /** What is older than all buckets is not counted. */
  add(at: Instant, n = 1): void {
    const bucket = Math.floor(at / this.bucketMs)
    if (bucket > this.latest) this.passTo(bucket)
    else if (bucket <= this.latest - this.counts.length) return
    this.counts[bucket % this.counts.length]! += n
  }

  /**
   * The counts of the last buckets, the oldest first; that of `at` itself is the last.
   *
   * @param n at most as many as there are
   */
  last(n: number, at: Instant): number[] {
    const until = Math.floor(at / this.bucketMs)
    if (until > this.latest) this.passTo(until)
    return Array.from({ length: n }, (_, index) => this.countOf(until - n + 1 + index))
  }

  /** What came in the last `n` buckets, that of `at` included. */
  sum(n: number, at: Instant): number {
    return this.last(n, at).reduce((total, count) => total + count, 0)
  }

  private countOf(bucket: number): number {
    return bucket > this.latest - this.counts.length ? this.counts[bucket % this.counts.length]! : 0
  }

  private passTo(bucket: number): void {
    const passed = Math.min(bucket - this.latest, this.counts.length)
    for (let step = 0; step < passed; step += 1) this.counts[(bucket - step) % this.counts.length] = 0
    this.latest = bucket
  }
}
