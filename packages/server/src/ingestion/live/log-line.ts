import type { BadCall } from './check-call.ts'
import type { LiveEvent } from './live-event.ts'
import type { LiveOrderLine } from './order-rows.ts'

/** What is known of an event before it is written. */
export interface Placement {
  /** The log may hold its id already: to be looked up when it is taken into the warehouse. */
  readonly isSuspect: boolean
  /** An event before it shows the same ids. */
  readonly repeatsIds: boolean
}

/**
 * The line of an event: JSON, without what is missing. `properties` and `context` are JSON already, and stand in it as
 * they are; `segment.sql` reads it.
 */
export function eventLine(position: number, event: LiveEvent, { isSuspect, repeatsIds }: Placement): string {
  return (
    `{"p":${position},"e":{"call":"${event.call}","name":${quoted(event.name)}` +
    `,"at":${event.occurredAt},"received":${event.receivedAt},"suspect":${isSuspect},"repeats":${repeatsIds}` +
    text('id', event.messageId) +
    text('user', event.userId) +
    text('anonymous', event.anonymousId) +
    text('other', event.otherId) +
    text('session', event.sessionId) +
    text('product', event.productId) +
    number('quantity', event.quantity) +
    number('price', event.priceMicros) +
    text('currency', event.currency) +
    text('source', event.source) +
    text('about', event.aboutMessageId) +
    text('body', event.body) +
    (event.properties === null ? '' : `,"properties":${event.properties}`) +
    (event.context === null ? '' : `,"context":${event.context}`) +
    '}}\n'
  )
}

/** The line of an order's line. */
export const orderLine = (position: number, line: LiveOrderLine): string =>
  `${JSON.stringify({ p: position, l: { ...line, key: String(line.key) } })}\n`

/** The line of a call that goes into quarantine. */
export const badLine = (
  position: number,
  { id, index, pointer, code, reason, raw, receivedAt, sentAt }: BadCall,
): string =>
  `${JSON.stringify({
    p: position,
    q: {
      ...{ id, row: index + 1, pointer, code, reason, raw: JSON.stringify(raw) ?? 'null', received: receivedAt },
      sent: sentAt === null ? null : String(sentAt),
    },
  })}\n`

const text = (name: string, value: string | null): string => (value === null ? '' : `,"${name}":${quoted(value)}`)

/** Nearly every id and name is plain, and seen to be in a third of the time that it takes to write it as JSON. */
const quoted = (value: string): string => (/^[ !#-[\]-~]*$/.test(value) ? `"${value}"` : JSON.stringify(value))

const number = (name: string, value: number | null): string => (value === null ? '' : `,"${name}":${value}`)
