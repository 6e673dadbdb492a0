import { type Instant, RapportError } from '../../base/index.ts'

/** When a call happened, as its sender wrote it. */
export interface SenderClock {
  readonly timestamp?: string | number | null | undefined
  readonly originalTimestamp?: string | number | null | undefined
}

/** When it happened by the sender's clock; undefined when it does not say. @throws RapportError `ingestion.time` */
export const claimedMoment = ({ timestamp, originalTimestamp }: SenderClock): Instant | undefined =>
  momentOf(timestamp ?? originalTimestamp)

/**
 * When an event happened, by our clock: its age when it was sent, taken off the moment it was received. A sender whose
 * clock is wrong is wrong in both of its moments, so that their difference is right. Without `sentAt` the event's own
 * moment counts; nothing happened after it was received.
 *
 * @param happened by the sender's clock, where that was read already
 * @throws RapportError `ingestion.time` when the moment is before 1970
 */
export function occurredAt(
  { timestamp, originalTimestamp }: SenderClock,
  sentAt: string | number | null | undefined,
  receivedAt: Instant,
  happened = claimedMoment({ timestamp, originalTimestamp }),
): Instant {
  if (happened === undefined) return receivedAt
  const sent = sentMoment(sentAt)
  const moment = sent === undefined ? happened : receivedAt - Math.max(0, sent - happened)
  if (moment < 0) {
    throw new RapportError(
      'ingestion.time',
      `/timestamp must not be before 1970, got ${timestamp ?? originalTimestamp}`,
    )
  }
  return Math.min(moment, receivedAt)
}

let lastSentAt: string | number | null | undefined
let lastSent: Instant | undefined

/** The same for all events of a batch, and read once. */
function sentMoment(sentAt: string | number | null | undefined): Instant | undefined {
  if (sentAt !== lastSentAt) {
    lastSent = momentOf(sentAt)
    lastSentAt = sentAt
  }
  return lastSent
}

/** A moment without an offset is UTC, as Segment has it. */
function momentOf(written: string | number | null | undefined): Instant | undefined {
  if (written === null || written === undefined) return undefined
  if (typeof written === 'number') return Math.round(written)
  const hasOffset = written.endsWith('Z') || /(z|[+-]\d\d:?\d\d)$/.test(written)
  const moment = Date.parse(hasOffset ? written : `${written}Z`)
  if (Number.isNaN(moment)) throw new RapportError('ingestion.time', `/timestamp must be a moment, got ${written}`)
  return moment
}
