import { inTurns, servingMs } from '../../base/index.ts'

const buckets = 65_536

/**
 * Tells whether it holds of customers what held before, without their names: each is in one of many buckets, and of who is
 * in a bucket that is another by now something else may hold.
 */
export class WhoseDigest {
  private readonly isProfiledByDefault: boolean
  private readonly sums: Uint32Array

  /** @param text as `text` gave it */
  constructor(isProfiledByDefault: boolean, text = '') {
    this.isProfiledByDefault = isProfiledByDefault
    const bytes = Buffer.from(text, 'base64')
    this.sums = new Uint32Array(buckets)
    new Uint8Array(this.sums.buffer).set(bytes.subarray(0, 4 * buckets))
  }

  /** @param ids whom it is about */
  add(ids: readonly string[], what: string): void {
    // By their places: two that share a bucket must not take each other out of it.
    ids.forEach((id, place) => {
      const bucket = bucketOf(id)
      this.sums[bucket] = (this.sums[bucket]! ^ hashOf(`${place} ${what}`)) >>> 0
    })
  }

  /** Of some ids those of whom something else may hold than before; null when that is everybody. In turns. */
  async changed(before: WhoseDigest, ids: Iterable<string>): Promise<readonly string[] | null> {
    if (this.isProfiledByDefault !== before.isProfiledByDefault) return null
    if (this.sums.every((sum, bucket) => sum === before.sums[bucket])) return []
    return [...(await inTurns(this.changedAmong(before, ids), servingMs))]
  }

  private *changedAmong(before: WhoseDigest, ids: Iterable<string>): Generator<void, ReadonlySet<string>> {
    const changed = new Set<string>()
    for (const id of ids) {
      const bucket = bucketOf(id)
      if (this.sums[bucket] !== before.sums[bucket]) changed.add(id)
      yield
    }
    return changed
  }

  toJSON(): { readonly isProfiledByDefault: boolean; readonly text: string } {
    return {
      isProfiledByDefault: this.isProfiledByDefault,
      text: Buffer.from(this.sums.buffer).toString('base64'),
    }
  }
}

const bucketOf = (id: string): number => hashOf(`in ${id}`) % buckets

/** FNV-1a, finished as MurmurHash3 does, so that small differences reach every bit. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
