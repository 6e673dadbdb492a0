/** Whatever describes an event or a person; must be what JSON can hold. */
export type Properties = { readonly [name: string]: unknown }

/** What a single call may set beside its own arguments, after Segment's options. */
export interface CallOptions {
  /** When it happened, if not now. */
  readonly timestamp?: Date | string | number
  /** The server takes the same id once. Default: a new UUID. */
  readonly messageId?: string
  /** Added to what the SDK finds out about the circumstances. */
  readonly context?: Properties
  readonly integrations?: Properties
}

/** A page as it was when a call was made, which for a queued call is not the page as it is. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly url: string
  readonly title: string
  readonly referrer: string
}

/** A call before anybody's id and consent are put on it. */
export interface Draft {
  readonly type: 'track' | 'identify' | 'page' | 'group' | 'alias'
  /** The fields of this call alone. */
  readonly fields: Properties
  readonly options: CallOptions
}

/** An event as it goes over the wire, after the Segment spec; `@rapport/protocol` has the schemas. */
export interface TrackedEvent {
  readonly type: string
  readonly messageId: string
  readonly anonymousId: string
  readonly userId?: string
  /** ISO 8601, UTC, by this browser's clock. */
  readonly timestamp: string
  readonly context: Properties
  readonly integrations?: Properties
  readonly [field: string]: unknown
}
