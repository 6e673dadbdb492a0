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

/** A key of a program: secret, of which only a digest is kept. */
export interface ApiKeyTable {
  readonly key_id: string
  readonly name: string
  /** SHA-256 of the secret, hexadecimal. */
  readonly secret_hash: string
  /** JSON: what it may do. */
  readonly scopes: string
  readonly created_at: Instant
  readonly revoked_at: Instant | null
  readonly expires_at: Instant | null
  /** To the minute. */
  readonly used_at: Instant | null
  /** The secret before the last rotation, which holds until `previous_until`. */
  readonly previous_hash: string | null
  readonly previous_until: Instant | null
}

/** A person who works with rapport. */
export interface OperatorTable {
  readonly operator_id: string
  readonly name: string
  /** In lower case; null until they say one. */
  readonly email: string | null
  /** viewer, marketer, engineer, owner */
  readonly role: string
  /** scrypt with its parameters; null while they come by link only. */
  readonly password_hash: string | null
  readonly created_at: Instant
}

/** A link that works once. */
export interface InvitationTable {
  /** SHA-256 of the link's token, hexadecimal. */
  readonly token_hash: string
  readonly operator_id: string
  /** open: begins a session; join: lets an operator choose name and password. */
  readonly purpose: string
  readonly expires_at: Instant
}

/** What somebody did; only ever appended to. */
export interface AuditTable {
  /** Sorts by time. */
  readonly audit_id: string
  readonly recorded_at: Instant
  /** An operator's id, a key's id, or `command line`. */
  readonly actor: string
  /** `room.what` */
  readonly action: string
  /** Whom or what it was done to; persons as keyed pseudonyms. */
  readonly target: string | null
  /** JSON, without personal data. */
  readonly detail: string | null
}

/** A browser that an operator opened rapport in. */
export interface SessionTable {
  readonly session_id: string
  /** SHA-256 of the cookie's secret, hexadecimal. */
  readonly session_hash: string
  readonly operator_id: string
  readonly created_at: Instant
  /** The last request, to the minute. */
  readonly seen_at: Instant
  readonly expires_at: Instant
}

/** One identity, as received, and the customer that it belongs to. */
export interface IdentityTable {
  /** `user:42` */
  readonly identity: string
  readonly customer_id: string
  /** In words. */
  readonly why: string
  readonly first_seen_at: Instant
}

/** Two identities that an event showed together. */
export interface IdentityLinkTable {
  /** A digest of the link's content. */
  readonly link: string
  readonly from_identity: string
  readonly to_identity: string
  /** alias, together, email */
  readonly reason: string
  /** The event that showed it first. */
  readonly position: number
  readonly seen_at: Instant
  /** Set when somebody said that these two are not one person. */
  readonly severed_at: Instant | null
}

/** A customer who gained or lost identities that had belonged to somebody. */
export interface CustomerMoveTable {
  readonly customer_id: string
  /** The last time. */
  readonly moved_at: Instant
}

/** An event that somebody who follows the log could not take in. */
export interface FailedEventTable {
  readonly follower: string
  readonly position: number
  readonly reason: string
  readonly failed_at: Instant
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

/** One version of what events of a name must be. */
export interface EventSchemaTable {
  readonly call: string
  /** `*` for every name of the call that has no schema of its own. */
  readonly name: string
  /** 1, 2, 3, … of this call and name; the latest holds. */
  readonly version: number
  /** JSON Schema; null when nothing is declared any more. */
  readonly schema: string | null
  /** mark, quarantine */
  readonly on_violation: string
  readonly declared_at: Instant
  /** Events of the log that were checked against it. */
  readonly checked: number
  /** How many of them break it. */
  readonly violating: number
}

/** A rule of a schema version that events break. */
export interface BrokenRuleTable {
  readonly call: string
  readonly name: string
  readonly version: number
  /** JSON pointer into the schema. */
  readonly rule: string
  readonly must: string
  readonly events: number
  readonly first_at: Instant
  readonly last_at: Instant
}

/** One of the latest events that break a schema version. */
export interface PlanViolationTable {
  /** Of the event in the log. */
  readonly position: number
  /** Which of the event's violations, from 0. */
  readonly ordinal: number
  readonly call: string
  /** Of the schema: `*` where it is about every name. */
  readonly name: string
  readonly version: number
  /** JSON pointer into the call. */
  readonly pointer: string
  readonly rule: string
  readonly must: string
  readonly received_at: Instant
}

/** One version of a feature's definition. */
export interface FeatureVersionTable {
  readonly name: string
  /** 1, 2, 3, … of this name; the latest holds. */
  readonly version: number
  /** JSON: `FeatureDefinition`; null when the feature was removed. */
  readonly definition: string | null
  readonly declared_at: Instant
}

/** A feature that something else than a feature is made of. */
export interface FeatureUserTable {
  /** `segment rule.cart-abandoners` */
  readonly used_by: string
  readonly feature: string
}

/** One version of a live segment's definition. */
export interface SegmentVersionTable {
  readonly segment_id: string
  /** 1, 2, 3, … of this id; the latest holds. */
  readonly version: number
  /** JSON: `SegmentDefinition`; null when the segment was removed. */
  readonly definition: string | null
  readonly declared_at: Instant
}

/** Somebody whom a list holds. */
export interface SegmentListTable {
  readonly segment_id: string
  readonly customer_id: string
}

/** An incoming webhook. */
export interface WebhookTable {
  /** Nobody can guess it: it is in the address that the sender posts to. */
  readonly webhook_id: string
  readonly name: string
  /** One of the two is there. */
  readonly preset: string | null
  /** JSON: the user's own. */
  readonly mapping: string | null
  readonly signature: string
  /** As it is: to check a signature takes the secret itself. */
  readonly secret: string | null
  /** Goes on to count until then. */
  readonly previous_secret: string | null
  readonly previous_until: Instant | null
  /** email, id */
  readonly customers_by: string
  readonly takes_tests: Flag
  readonly created_at: Instant
  readonly last_at: Instant | null
  readonly accepted: number
  readonly ignored: number
  readonly quarantined: number
  readonly refused: number
}

/** An address of another system that is told who comes into segments and leaves them. */
export interface ReceiverTable {
  readonly receiver_id: string
  readonly name: string
  readonly url: string
  /** As it is: to sign takes the secret itself. */
  readonly secret: string
  /** Signs too until then. */
  readonly previous_secret: string | null
  readonly previous_until: Instant | null
  /** JSON: ids of segments; null for all. */
  readonly segments: string | null
  readonly takes_definitions: Flag
  /** The number of the last movement that it was told of, or was not to be; null before the first look. */
  readonly through: number | null
  readonly created_at: Instant
  readonly delivered: number
  readonly last_at: Instant | null
  readonly failure: string | null
  readonly failing_since: Instant | null
  readonly paused_at: Instant | null
}

/** A person's data removed, or on the way there. */
export interface ErasureTable {
  readonly erasure_id: string
  /** Keyed pseudonym of the customer's id. */
  readonly pseudonym: string
  /** JSON: what the person is known by, until nothing of them can be read any more; null from then on. */
  readonly person: string | null
  readonly is_suppressed: Flag
  /** What happened later belongs to a new customer. */
  readonly asked_at: Instant
  /** Since when nothing of them can be read. */
  readonly removed_at: Instant | null
  /** By when the files must be rewritten. */
  readonly due_at: Instant
  /** Since when nothing of them is in the files. */
  readonly finished_at: Instant | null
  /** JSON: records removed, by store and table. */
  readonly removed: string
  /** JSON: models that were trained with the customer. */
  readonly models: string
  /** Records that came again and were refused. */
  readonly refused: number
}

/** Something that records are fetched from, and how that went. */
export interface SourceTable {
  readonly source_id: string
  /** JSON: `SourceDefinition` */
  readonly definition: string
  readonly created_at: Instant
  /** The other side asked not to be asked before. */
  readonly wait_until: Instant | null
  readonly ran_at: Instant | null
  /** JSON: what the last run took. */
  readonly result: string | null
  /** What kept the last run from its end, since its last success. */
  readonly failure: string | null
  readonly failed_at: Instant | null
}

/** What proves to another side who asks; never shown again. */
export interface SecretTable {
  readonly name: string
  /** Where it may be sent: `https://api.example` */
  readonly origin: string
  readonly value: string
  readonly created_at: Instant
}

/** Every table of the state store. */
export interface StateTables {
  readonly cursors: CursorTable
  readonly settings: SettingTable
  readonly write_keys: WriteKeyTable
  readonly api_keys: ApiKeyTable
  readonly sessions: SessionTable
  readonly operators: OperatorTable
  readonly invitations: InvitationTable
  readonly audit: AuditTable
  readonly identities: IdentityTable
  readonly identity_links: IdentityLinkTable
  readonly customer_moves: CustomerMoveTable
  readonly failed_events: FailedEventTable
  readonly consents: ConsentTable
  readonly erasures: ErasureTable
  readonly jobs: JobTable
  readonly schedules: ScheduleTable
  readonly event_schemas: EventSchemaTable
  readonly broken_rules: BrokenRuleTable
  readonly plan_violations: PlanViolationTable
  readonly feature_versions: FeatureVersionTable
  readonly feature_users: FeatureUserTable
  readonly segment_versions: SegmentVersionTable
  readonly segment_lists: SegmentListTable
  readonly webhooks: WebhookTable
  readonly receivers: ReceiverTable
  readonly sources: SourceTable
  readonly secrets: SecretTable
}
