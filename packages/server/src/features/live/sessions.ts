import type { Instant } from '../../base/index.ts'
import { inOrder } from '../defined/fact.ts'
import { append } from './append.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { Grid } from './grid.ts'

/** Sessions that may be the current one, should facts come late or a session come back. */
const keptMax = 4

/** Sessions of which only a number is remembered, to know one that comes back. */
const pastMax = 1024

interface Session {
  readonly id: string
  readonly bucket: number
  at: Instant
  key: bigint
}

/** A bucket is a session, numbered by its customer's `Sessions`; time alone ends none. */
export const sessionGrid: Grid = {
  bucketOf: () => Number.NaN,
  first: () => Number.NaN,
  last: () => Number.NaN,
  nextMove: () => Infinity,
  nextStep: () => Infinity,
  oldest: () => -Infinity,
}

/** A customer's latest sessions, by their latest event. */
export class Sessions {
  private kept: Session[] = []
  private past: number[] = []
  private isPastFull = false
  private next = 0
  /** While an entity is rebuilt those that will be kept are known, and no other one is. */
  private isChosen = false

  /** @param chosen ids, of those that have the latest events */
  static of(chosen: readonly string[]): Sessions {
    const sessions = new Sessions()
    for (const id of chosen) sessions.begin(id, -Infinity, 0n)
    sessions.isChosen = true
    return sessions
  }

  /** From here on sessions come and go as their events do. */
  open(): void {
    this.isChosen = false
  }

  private begin(id: string, at: Instant, key: bigint): number {
    const bucket = this.next
    this.kept = append(this.kept, { id, bucket, at, key })
    this.next += 1
    return bucket
  }

  /**
   * The bucket of an event.
   *
   * @param letGo is told of a session that makes room
   * @returns NaN where it counts in no session that is kept; undefined where the session may have been let go before
   */
  note(id: string, at: Instant, key: bigint, letGo: (bucket: number) => void): number | undefined {
    for (const known of this.kept) {
      if (known.id !== id) continue
      if (at > known.at || (at === known.at && key > known.key)) {
        known.at = at
        known.key = key
      }
      return known.bucket
    }
    if (this.isChosen) {
      this.forgo(id)
      return Number.NaN
    }
    if (this.past.includes(hashOf(id)) || this.isPastFull) return undefined
    if (this.kept.length >= keptMax) {
      const oldest = this.kept.reduce((least, one) => (inOrder(one, least) < 0 ? one : least))
      if (inOrder({ at, key }, oldest) < 0) {
        this.forgo(id)
        return Number.NaN
      }
      this.kept.splice(this.kept.indexOf(oldest), 1)
      this.forgo(oldest.id)
      letGo(oldest.bucket)
    }
    return this.begin(id, at, key)
  }

  private forgo(id: string): void {
    if (this.past.length < pastMax) this.past = append(this.past, hashOf(id))
    else this.isPastFull = true
  }

  /** The bucket of the session of the latest event; NaN where there is none. */
  get current(): number {
    let latest: Session | undefined
    for (const session of this.kept) if (latest === undefined || inOrder(session, latest) > 0) latest = session
    return latest === undefined ? Number.NaN : latest.bucket
  }

  bytes(): number {
    return 120 + 120 * this.kept.length + 8 * this.past.length
  }

  save(to: ByteWriter): void {
    to.whole(this.kept.length)
    for (const { id, bucket, at, key } of this.kept) {
      to.text(id)
      to.whole(bucket)
      to.number(at)
      to.key(key)
    }
    to.whole(this.past.length)
    for (const hash of this.past) to.whole(hash)
    to.whole(this.isPastFull ? 1 : 0)
    to.whole(this.next)
  }

  static load(from: ByteReader): Sessions {
    const sessions = new Sessions()
    for (let left = from.whole(); left > 0; left -= 1) {
      const [id, bucket, at, key] = [from.text(), from.whole(), from.number(), from.key()]
      sessions.kept = append(sessions.kept, { id, bucket, at, key })
    }
    for (let left = from.whole(); left > 0; left -= 1) sessions.past = append(sessions.past, from.whole())
    sessions.isPastFull = from.whole() === 1
    sessions.next = from.whole()
    return sessions
  }
}

/** FNV-1a, 31 bits. One that two sessions share costs a rebuild that was not needed. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  // Signed and of 31 bits, which is stored in place.
  return hash >> 1
}

/** The sessions to keep while an entity is rebuilt: those with the latest events. */
export class LatestSessions {
  private readonly latest = new Map<string, { at: Instant; key: bigint }>()

  note(id: string, at: Instant, key: bigint): void {
    const known = this.latest.get(id)
    if (known !== undefined && inOrder(known, { at, key }) >= 0) return
    this.latest.set(id, { at, key })
    if (this.latest.size <= 4 * keptMax) return
    for (const [one] of this.inOrder().slice(0, -keptMax)) this.latest.delete(one)
  }

  private inOrder(): [string, { at: Instant; key: bigint }][] {
    return [...this.latest].sort(([, left], [, right]) => inOrder(left, right))
  }

  chosen(): readonly string[] {
    return this.inOrder()
      .slice(-keptMax)
      .map(([id]) => id)
  }
}
