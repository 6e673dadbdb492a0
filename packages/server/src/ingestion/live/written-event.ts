import { contentKey } from './event-key.ts'
import type { LiveEvent } from './live-event.ts'
import type { LiveOrderLine } from './order-rows.ts'

/** An event that is on disk, and what becomes of it in the warehouse a moment later. */
export interface WrittenEvent {
  readonly event: LiveEvent
  /** Its place in the log. */
  readonly position: number
  /** The log may hold its id from long before: the warehouse looks, and may leave it out. */
  readonly isSuspect: boolean
  /** Lines of the order it tells of; the warehouse leaves those out that it has already. */
  readonly lines: readonly LiveOrderLine[]
}

/** The key under which the warehouse has it: see `segment.sql`. */
export const keyOfWritten = ({ event: { messageId }, position }: WrittenEvent): bigint =>
  messageId === null ? contentKey(['events-place', String(position)]) : contentKey(['events-id', messageId])
