import { type Dialect, duckdbDialect } from '../warehouse/index.ts'

/** What features need of an engine beyond the warehouse's `Dialect`: time zones, and the nearest row in time. */
export interface FeatureDialect extends Dialect {
  /** The moment of a number of milliseconds since 1970. */
  instantOf(millisExpression: string): string
  /** The moment as a wall clock in the zone shows it, a timestamp without zone. */
  localTime(instant: string, zone: string): string
  /** Hour of a local time, 0 … 23. */
  hourOf(local: string): string
  /** Day of the week of a local time, 1 is Monday. */
  weekdayOf(local: string): string
  dateOf(local: string): string
  /** Whole days between two dates. */
  daysBetween(earlier: string, later: string): string
  /** Joins the one row of `right` that comes next to the left row by the last comparison of `on`. */
  nearestJoin(right: string, on: string): string
  /** The value at the row where the tuple `by` is smallest or largest, among rows where the value is known. */
  valueAtSmallest(value: string, by: string): string
  valueAtLargest(value: string, by: string): string
  /** Full years from a date to a moment. */
  yearsBetween(date: string, instant: string): string
  /** What a path of keys leads to in a text of JSON: a text as it is, a number or boolean as JSON writes it, else null. */
  jsonScalar(json: string, path: readonly string[]): string
  /** A number below `parts`, as good as drawn, that is the same for the same values. */
  shareOf(values: readonly string[], parts: number): string
  /** A sum of whole numbers as the double that is nearest to it. */
  exactDouble(sum: string): string
  /** A sum of doubles whose order hardly shows. */
  sumOfReals(value: string): string
  /** How often a group has each text, for `mostFrequentOf`. */
  countsOfTexts(value: string): string
  /** The text that most have, of equally many the smallest by code points. */
  mostFrequentOf(counts: string): string
  /** The different whole numbers of a group, for `gapDeviation`. */
  distinctList(value: string): string
  /** The sample standard deviation of the gaps between them; null with fewer than two gaps. */
  gapDeviation(list: string): string
  /** A moment as ISO 8601 in UTC, to the millisecond. */
  isoText(instant: string): string
  /** Whether the whole text is of this form, an expression that all engines understand. */
  matches(text: string, form: string): string
}

/** DuckDB rounds negative HUGEINTs, and those beyond 2⁶⁴, twice: not so a BIGINT and a text. */
const exactDouble = (sum: string): string =>
  `case when ${sum} between -9223372036854775807 and 9223372036854775807 then ${sum}::bigint::double else ${sum}::varchar::double end`

export const duckdbFeatureDialect: FeatureDialect = {
  ...duckdbDialect,
  instantOf: (millis) => `make_timestamptz(round(${millis})::bigint * 1000)`,
  localTime: (instant, zone) => `(${instant} at time zone ${duckdbDialect.text(zone)})`,
  hourOf: (local) => `hour(${local})`,
  weekdayOf: (local) => `isodow(${local})`,
  dateOf: (local) => `${local}::date`,
  daysBetween: (earlier, later) => `datediff('day', ${earlier}, ${later})`,
  nearestJoin: (right, on) => `asof left join ${right} on ${on}`,
  valueAtSmallest: (value, by) => `arg_min(${value}, ${by})`,
  valueAtLargest: (value, by) => `arg_max(${value}, ${by})`,
  yearsBetween: (date, instant) => `datesub('year', ${date}, (${instant} at time zone 'UTC')::date)`,
  jsonScalar: (json, path) => {
    // Keys of definitions hold no quotes. An empty key, which DuckDB's paths cannot say, is none that an event has.
    if (path.includes('')) return 'null::varchar'
    const at = duckdbDialect.text(`$${path.map((key) => `."${key}"`).join('')}`)
    const text = `json_extract_string(${json}, ${at})`
    return `case when left(${text}, 1) not in ('{', '[') then ${text} when json_type(${json}, ${at}) = 'VARCHAR' then ${text} end`
  },
  shareOf: (values, parts) => `hash(${values.join(', ')}) % ${parts}`,
  exactDouble,
  sumOfReals: (value) => `fsum(${value})`,
  countsOfTexts: (value) => `histogram(${value})`,
  // The keys of a histogram are ascending, and of equal counts the first is found.
  mostFrequentOf: (counts) =>
    `map_keys(${counts})[list_position(map_values(${counts}), list_max(map_values(${counts})))]`,
  distinctList: (value) => `list(distinct ${value})`,
  gapDeviation: (list) => {
    const gap = `(sorted[place + 1] - sorted[place])::hugeint`
    const squares = `list_sum(list_transform(range(1, len(sorted)), lambda place: ${gap} * ${gap}))`
    const total = `(sorted[-1] - sorted[1])::hugeint`
    const spread = exactDouble(`((len(sorted) - 1) * ${squares} - ${total} * ${total})`)
    const deviation = `sqrt(${spread} / ((len(sorted) - 1) * (len(sorted) - 2))::double)`
    // The list is named once by a list of it.
    return `list_transform([list_sort(${list})], lambda sorted: case when len(sorted) > 2 then ${deviation} end)[1]`
  },
  isoText: (instant) => `strftime(${instant} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ')`,
  matches: (text, form) => `regexp_full_match(${text}, ${duckdbDialect.text(form)})`,
}
