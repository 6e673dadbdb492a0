import { isIPv4, isIPv6 } from 'node:net'

/** A format of text: how it is told, and its name in a sentence. */
export interface Format {
  readonly words: string
  test(text: string): boolean
}

/** Longer texts have none of these formats. */
const longest = 2048

const short = (words: string, test: (text: string) => boolean): Format => ({
  words,
  test: (text) => text.length <= longest && test(text),
})

/** A day of the calendar, in four, two and two digits. */
function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (!parts) return false
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month)
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** RFC 3339; a leap second only at the end of a day in UTC is beyond what this checks: 60 is taken as it comes. */
const isTime = (text: string): boolean =>
  /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i.test(text)

/** The formats that are checked, by their names in JSON Schema. */
export const formats: Readonly<Record<string, Format>> = {
  date: short('a date like 2026-03-14', isDate),
  time: short('a time like 09:30:00Z', isTime),
  'date-time': short('a moment like 2026-03-14T09:30:00Z', (text) => {
    const [date, time, ...more] = text.split(/t/i)
    return more.length === 0 && time !== undefined && isDate(date!) && isTime(time)
  }),
  email: short('an email address', (text) => /^[^\s@"]{1,64}@[^\s@.]+(\.[^\s@.]+)*$/.test(text)),
  uri: short(
    'an address like https://example.org/a',
    (text) => /^[a-z][a-z\d+.-]*:\S+$/i.test(text) && URL.canParse(text),
  ),
  uuid: short('a UUID', (text) => /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text)),
  ipv4: short('an IPv4 address', isIPv4),
  ipv6: short('an IPv6 address', isIPv6),
}
