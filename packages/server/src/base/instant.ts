/** A moment: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

export const dayMs = 86_400_000

/** The moment as ISO 8601 in UTC, to the second: `2010-12-09T20:01:00Z`. */
export const isoOf = (moment: Instant): string => new Date(moment).toISOString().replace(/\.\d{3}Z$/, 'Z')

/** The current moment; the only reader of the clock. */
export const now = (): Instant => Date.now()
