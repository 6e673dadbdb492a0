import type { LogRows } from '../../warehouse/index.ts'
import type { BadCall } from './check-call.ts'
import type { LiveEvent } from './live-event.ts'

/** An event that was found new, with its place in the log. */
export interface PlacedEvent {
  readonly key: bigint
  /** 1, 2, 3, … over everything that came over the wire, across restarts. */
  readonly position: number
  readonly event: LiveEvent
}

/** Rows of the table `events`, every column in its order. */
export function eventRows(placed: readonly PlacedEvent[], batchId: number): LogRows {
  const text = (pick: (event: LiveEvent) => string | null) =>
    ({ type: 'text', values: placed.map(({ event }) => pick(event)) }) as const
  const instant = (pick: (event: LiveEvent) => number) =>
    ({ type: 'instant', values: placed.map(({ event }) => pick(event)) }) as const
  return {
    event_key: { type: 'key', values: placed.map(({ key }) => key) },
    batch_id: { type: 'integer', values: placed.map(() => batchId) },
    customer_id: text((event) => event.userId),
    call: text((event) => event.call),
    name: text((event) => event.name),
    occurred_at: instant((event) => event.occurredAt),
    received_at: instant((event) => event.receivedAt),
    session_id: text((event) => event.sessionId),
    product_id: text((event) => event.productId),
    quantity: { type: 'double', values: placed.map(({ event }) => event.quantity) },
    price_micros: { type: 'bigint', values: placed.map(({ event }) => event.priceMicros) },
    currency: text((event) => event.currency),
    source: text((event) => event.source),
    message_id: text((event) => event.aboutMessageId),
    body: text((event) => event.body),
    properties: text((event) => event.properties),
    position: { type: 'bigint', values: placed.map(({ position }) => position) },
    anonymous_id: text((event) => event.anonymousId),
    other_id: text((event) => event.otherId),
    context: text((event) => event.context),
  }
}

/** Rows of the table `quarantine`, every column in its order. */
export function quarantineRows(bad: readonly BadCall[], batchId: number): LogRows {
  const text = (pick: (call: BadCall) => string | null) => ({ type: 'text', values: bad.map(pick) }) as const
  return {
    batch_id: { type: 'integer', values: bad.map(() => batchId) },
    kind: text(() => 'events'),
    file: text(() => 'the wire'),
    row_number: { type: 'bigint', values: bad.map(({ index }) => index + 1) },
    column_name: text(({ pointer }) => pointer),
    code: text(({ code }) => code),
    reason: text(({ reason }) => reason),
    raw: text(({ raw }) => JSON.stringify(raw) ?? 'null'),
    retried_batch_id: { type: 'integer', values: bad.map(() => null) },
    call_id: text(({ id }) => id),
    received_at: { type: 'instant', values: bad.map(({ receivedAt }) => receivedAt) },
    sent_at: text(({ sentAt }) => (sentAt === null ? null : String(sentAt))),
  }
}
