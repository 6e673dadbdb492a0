import type { Instant } from '../../../base/index.ts'

/** How much of what came was of one value. */
export interface Share {
  /** Null where the events do not say. */
  readonly value: string | null
  readonly count: number
  /** Of all, in [0, 1]. */
  readonly share: number
}

/** Values told apart in one bucket; further ones are counted together as other. */
export const valuesMax = 500

interface Bucket {
  start: Instant
  readonly counts: Map<string | null, number>
  other: number
}

/** How often each value came of late: in a ring of buckets, each with so many values at most. */
export class Mix {
  private readonly bucketMs: number
  private readonly buckets: Bucket[]
  private current: Bucket | undefined

  constructor(bucketMs: number, buckets: number) {
    this.bucketMs = bucketMs
    this.buckets = Array.from({ length: buckets }, () => ({ start: -1, counts: new Map(), other: 0 }))
  }

  add(value: string | null, at: Instant, n = 1): void {
    const bucket = this.bucketAt(at)
    if (bucket === undefined) return
    const { counts } = bucket
    const before = counts.get(value)
    if (before === undefined && counts.size >= valuesMax) bucket.other += n
    else counts.set(value, (before ?? 0) + n)
  }

  /** The values that came most in the buckets up to `at`, and how much all others were. */
  top(n: number, at: Instant): { readonly shares: readonly Share[]; readonly other: number; readonly all: number } {
    const oldest = Math.floor(at / this.bucketMs) * this.bucketMs - (this.buckets.length - 1) * this.bucketMs
    const sums = new Map<string | null, number>()
    let other = 0
    for (const bucket of this.buckets) {
      if (bucket.start < oldest) continue
      other += bucket.other
      for (const [value, count] of bucket.counts) sums.set(value, (sums.get(value) ?? 0) + count)
    }
    const counted = [...sums].sort(([a, many], [b, more]) => more - many || ((a ?? '') < (b ?? '') ? -1 : 1))
    const all = counted.reduce((sum, [, count]) => sum + count, other)
    return {
      shares: counted.slice(0, n).map(([value, count]) => ({ value, count, share: count / all })),
      other: counted.slice(n).reduce((sum, [, count]) => sum + count, other),
      all,
    }
  }

  /** Undefined for what is older than all buckets. */
  private bucketAt(at: Instant): Bucket | undefined {
    const start = Math.floor(at / this.bucketMs) * this.bucketMs
    if (this.current?.start === start) return this.current
    const bucket = this.buckets[(start / this.bucketMs) % this.buckets.length]!
    if (bucket.start > start) return undefined
    if (bucket.start < start) {
      bucket.start = start
      bucket.counts.clear()
      bucket.other = 0
    }
    this.current = bucket
    return bucket
  }
}
