const firstMs = 1000
const longestMs = 300_000
/** A server's mistake must not silence a page for good. */
const askedLongestMs = 3_600_000

/**
 * How long to wait after a failed request: twice as long each time, up to five minutes, and a random half of it,
 * so that the browsers which one outage cut off do not return at the same moment.
 *
 * @param failures requests that failed in a row, ≥ 1
 * @param random a number in [0, 1)
 * @returns milliseconds
 */
export function backoffMs(failures: number, random: number = Math.random()): number {
  const full = Math.min(longestMs, firstMs * 2 ** (failures - 1))
  return full / 2 + (full / 2) * random
}

/**
 * What the server asked for in `Retry-After`: seconds or an HTTP date.
 *
 * @param now milliseconds since 1970, by which a date is understood
 * @returns milliseconds in [0, 1 hour]; 0 when the header is missing or says nothing
 */
export function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0
  const asked = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return asked > 0 ? Math.min(asked, askedLongestMs) : 0
}
