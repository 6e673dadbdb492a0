import { type Instant, isoOf, now, RapportError } from '../../base/index.ts'

/** The other side asks not to be asked before a moment. */
export class SourceWait extends RapportError {
  readonly until: Instant

  constructor(origin: string, until: Instant) {
    super('sources.wait', `${origin} asks to wait until ${isoOf(until)}`)
    this.until = until
  }
}

const minuteMs = 60_000
const mostMs = 24 * 60 * minuteMs

/**
 * The moment of a Retry-After header: seconds, or a date; a minute from now where it says nothing, a day at most.
 */
export function waitUntil(header: string | undefined): Instant {
  const at = now()
  const seconds = /^\d+$/.test(header?.trim() ?? '') ? Number(header) * 1000 : Number.NaN
  const wait = Number.isNaN(seconds) ? Date.parse(header ?? '') - at : seconds
  return at + Math.min(Math.max(Number.isNaN(wait) ? minuteMs : wait, 1000), mostMs)
}
