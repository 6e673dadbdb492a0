import type { CallName } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'

/** An event of the wire as the log keeps it. */
export interface LiveEvent {
  readonly call: CallName
  /** `Product Viewed`; the page's name, or the call where there is none. */
  readonly name: string
  /** The id that the sender gave, for which it is taken once; null when it gave none. */
  readonly messageId: string | null
  readonly userId: string | null
  readonly anonymousId: string | null
  readonly occurredAt: Instant
  /** When it happened by the sender's clock, which may be wrong; null when it did not say. */
  readonly claimedAt: Instant | null
  readonly receivedAt: Instant
  readonly deviceId: string | null
  readonly sessionId: string | null
  readonly productId: string | null
  readonly quantity: number | null
  readonly priceMicros: number | null
  readonly currency: string | null
  /** Of its product, as the properties have it. */
  readonly category: string | null
  readonly source: string | null
  /** The message (email, push) that it is about. */
  readonly aboutMessageId: string | null
  /** Text that a customer wrote. */
  readonly body: string | null
  /** JSON: the properties of a track, page or screen call, the traits of an identify or group call. */
  readonly properties: string | null
  /** JSON: the circumstances, without the traits. */
  readonly context: string | null
  /** The other id of an alias, the group of a group call. */
  readonly otherId: string | null
}
