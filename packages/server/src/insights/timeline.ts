import { consentEvent, decisionEvent, type Purpose } from '@rapport/protocol'
import { isoOf, RapportError } from '../base/index.ts'
import { preferencesOf } from '../consent/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./customers.sql', import.meta.url))

/** Something that a customer did, as a person reads it; null where the event does not say. */
export interface Occurrence {
  readonly call: string
  readonly name: string
  /** ISO 8601, UTC. */
  readonly occurredAt: string
  readonly productId: string | null
  readonly productName: string | null
  readonly quantity: number | null
  /** Of one piece, in `currency`. */
  readonly price: number | null
  readonly orderId: string | null
  /** What the order came to, returns as a negative amount; null for events about no order. */
  readonly amount: number | null
  readonly lines: number | null
  readonly currency: string | null
  readonly source: string | null
  /** What they wrote, its first 500 characters. */
  readonly text: string | null
  /** The earlier id of an alias, the group of a group call. */
  readonly otherId: string | null
  /** The campaign, subject, question or search that it is about. */
  readonly about: string | null
  readonly rating: string | null
  readonly score: string | null
  /** What a decision about consent granted (true) and refused; null of other events. */
  readonly decided: Partial<Record<Purpose, boolean>> | null
}

interface OccurrenceRow extends Omit<Occurrence, 'occurredAt' | 'decided'> {
  readonly key: string
  /** Microseconds. */
  readonly at: number
  /** The context of a decision about consent. */
  readonly consents: string | null
}

export interface TimelinePage {
  /** The latest first. */
  readonly occurrences: readonly Occurrence[]
  /** What `before` is for the next page, further back; null on the last. */
  readonly next: string | null
}

export interface TimelineRequest {
  /** What the page before this one gave as `next`; '' begins at the latest. */
  readonly before?: string
  /** Default 50. */
  readonly limit?: number
}

/**
 * What a customer did: events, and orders of imports that no event tells of.
 *
 * @throws RapportError `insights.timeline` when `before` is not what a page gave
 */
export async function timelineOf(
  warehouse: Warehouse,
  customerId: string,
  { before = '', limit = 50 }: TimelineRequest = {},
): Promise<TimelinePage> {
  const place = before === '' ? newest : placeOf(before)
  const rows = await warehouse.rows<OccurrenceRow>(query('customer_timeline'), {
    ...{ ...place, id: customerId, limit: limit + 1 },
    ...{ consent_event: consentEvent, decision_event: decisionEvent },
  })
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return {
    occurrences: shown.map(({ key: _, at, consents, ...row }) => ({
      ...{ ...row, occurredAt: isoOf(Math.floor(at / 1000)) },
      decided: consents === null ? null : Object.fromEntries(preferencesOf(consents)),
    })),
    next: last ? `${last.at}.${last.key}` : null,
  }
}

/** A moment in microseconds, and the place among what happened at it: an order of an import, or an event's key. */
interface Place {
  readonly at: number
  readonly is_order: boolean
  readonly key: string
}

/** After everything that a clock can say. */
const newest: Place = { at: Number.MAX_SAFE_INTEGER, is_order: false, key: '' }

/** `1719820800000000.3402823…` of an event, `1719820800000000.order o1` of an order. */
function placeOf(before: string): Place {
  const [, at, order, key = order] = /^(-?\d{1,16})\.(?:order (.{1,600})|(\d{1,39}))$/s.exec(before) ?? []
  if (at !== undefined && key !== undefined && Number.isSafeInteger(Number(at)))
    return { at: Number(at), is_order: order !== undefined, key }
  throw new RapportError('insights.timeline', 'before must be what an earlier page gave as next, it is not')
}
