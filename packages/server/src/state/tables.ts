import type { Instant } from '../base/index.ts'

/** A flag in both databases: SQLite has no booleans. */
export type Flag = 0 | 1

/** How far something that follows the event log has come. */
export interface CursorTable {
  readonly follower: string
  /** The position of the last event that it has taken in. */
  readonly position: number
}

export interface SettingTable {
  readonly name: string
  readonly value: string
}

/** A key that lets a page or an app send events, and nothing else; it is public by nature. */
export interface WriteKeyTable {
  readonly write_key: string
  readonly name: string
  readonly created_at: Instant
  readonly revoked_at: Instant | null
}

/** One identity, as received, and the customer that it was joined to. */
export interface IdentityTable {
  /** user, anonymous, email, phone, device */
  readonly kind: string
  readonly value: string
  readonly customer_id: string
  /** The event that brought it. */
  readonly position: number
  readonly first_seen_at: Instant
}

/** One decision about a purpose; the latest of a customer and purpose holds. */
export interface ConsentTable {
  readonly consent_id: string
  readonly customer_id: string
  readonly purpose: string
  /** granted, denied, withdrawn */
  readonly decision: string
  /** consent, contract, legitimate-interest */
  readonly basis: string
  /** Where it came from: api, browser, import, operator. */
  readonly source: string
  /** The text that they agreed to. */
  readonly text_version: string | null
  /** JSON: what proves it. */
  readonly proof: string | null
  readonly decided_at: Instant
  readonly recorded_at: Instant
}

export interface JobTable {
  readonly job_id: string
  readonly kind: string
  /** JSON */
  readonly input: string
  /** queued, running, cancelling, done, cancelled, dead */
  readonly status: string
  readonly run_at: Instant
  readonly attempts: number
  readonly most_attempts: number
  /** Who runs it, until when without a sign of life. */
  readonly runner: string | null
  readonly lease_until: Instant | null
  /** JSON: {stage, done, total} */
  readonly progress: string | null
  /** JSON: what it gave. */
  readonly result: string | null
  readonly failure: string | null
  readonly created_at: Instant
  readonly finished_at: Instant | null
  /** At most one job of a key waits or runs. */
  readonly unique_key: string | null
}

export interface ScheduleTable {
  readonly schedule_id: string
  readonly kind: string
  readonly input: string
  readonly every_ms: number
  readonly next_at: Instant
}

/** Every table of the state store. */
export interface StateTables {
  readonly cursors: CursorTable
  readonly settings: SettingTable
  readonly write_keys: WriteKeyTable
  readonly identities: IdentityTable
  readonly consents: ConsentTable
  readonly jobs: JobTable
  readonly schedules: ScheduleTable
}
