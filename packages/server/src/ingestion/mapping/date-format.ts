import { duckdbDialect, type FileReader } from '../../warehouse/index.ts'

/** How a column writes moments. */
export interface DateFormat {
  readonly style: 'iso' | 'patterns' | 'epoch-seconds' | 'epoch-millis' | 'spreadsheet'
  /** For `patterns`: in the words of strptime, tried in this order. */
  readonly patterns: readonly string[]
  /** True when day and month cannot be told apart by any value. */
  readonly isAmbiguous: boolean
  /** True when values carry their own offset from UTC. */
  readonly hasOffsets: boolean
  /** Share of the values that read as a moment. */
  readonly share: number
}

/** How many values of a column are written in each way. */
type DateCounts = Record<
  'n' | 'iso' | 'offsets' | 'numeric' | 'compact' | 'stamps' | 'seconds' | 'millis' | 'named' | 'days',
  number
>

export type DayOrder = 'dmy' | 'mdy'

const times = ['', ' %H:%M', ' %H:%M:%S', ' %H:%M:%S.%f', ' %I:%M %p', ' %I:%M:%S %p', 'T%H:%M', 'T%H:%M:%S'] as const
const withNames = ['%d %b %Y', '%d %B %Y', '%b %d, %Y', '%B %d, %Y', '%b %d %Y', '%d-%b-%y', '%d-%b-%Y', '%d-%B-%Y']

/**
 * Tells how a column writes moments, from every value that it has; null when it writes none.
 *
 * Of `03/04/2010` only a value beyond 12 somewhere in the column tells which is the month.
 *
 * @param table a view or table with the column
 * @param order the order when the user has said it
 */
export async function decideDateFormat(
  reader: FileReader,
  table: string,
  column: string,
  order?: DayOrder,
): Promise<DateFormat | null> {
  const c = `trim(${column})`
  const weigh = (condition: string): string => `coalesce(sum(times) filter (${condition}), 0)::integer`
  const [count] = await reader.rows<DateCounts>(
    `select coalesce(sum(times), 0)::integer as n,
      ${weigh(`regexp_matches(v, '^[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}') and ${isoSql('v', (local) => `make_timestamptz(epoch_us(${local}))`)} is not null`)} as iso,
      ${weigh(`regexp_matches(v, '${afterTime}')`)} as offsets,
      ${weigh(`regexp_matches(v, '^[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ]([0-9]{4}|[0-9]{2})([ T,]|$)')`)} as numeric,
      ${weigh(`regexp_matches(v, '^(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$')`)} as compact,
      ${weigh(`regexp_matches(v, '^(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{6}$')`)} as stamps,
      ${weigh(`regexp_matches(v, '^1[0-9]{9}([.][0-9]*)?$')`)} as seconds,
      ${weigh(`regexp_matches(v, '^1[0-9]{12}$')`)} as millis,
      ${weigh(`regexp_matches(v, '(?i)[0-9].*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec).*[0-9]{4}')`)} as named,
      ${weigh(`try_cast(v as double) between 25569 and 73050`)} as days
    from ${distinctValues(table, c)} where v <> ''`,
  )
  const { n, iso, offsets, numeric, compact, stamps, seconds, millis, named, days } = count!
  if (n === 0) return null
  const found = (style: DateFormat['style'], hits: number, patterns: readonly string[] = []): DateFormat => ({
    style,
    patterns,
    isAmbiguous: false,
    hasOffsets: offsets > 0,
    share: hits / n,
  })
  const most = Math.max(iso, numeric, compact, stamps, seconds, millis)
  if (most < n / 2) {
    if (named > n / 2) return decidePatterns(reader, table, c, n, withNames)
    return days > 0.9 * n ? found('spreadsheet', days) : null
  }
  if (most === iso) return found('iso', iso)
  if (most === compact) return found('patterns', compact, ['%Y%m%d'])
  if (most === stamps) return found('patterns', stamps, ['%Y%m%d%H%M%S'])
  if (most === seconds) return found('epoch-seconds', seconds)
  if (most === millis) return found('epoch-millis', millis)
  return decideNumeric(reader, table, c, n, order)
}

async function decideNumeric(
  reader: FileReader,
  table: string,
  c: string,
  n: number,
  order: DayOrder | undefined,
): Promise<DateFormat | null> {
  const [row] = await reader.rows<{ firsts: number; seconds: number; mark: string; short: number }>(
    `select coalesce(sum(times) filter (parts.a::integer > 12), 0)::integer as firsts,
      coalesce(sum(times) filter (parts.b::integer > 12), 0)::integer as seconds,
      arg_max(parts.mark, marked) as mark, coalesce(sum(times) filter (length(parts.y) = 2), 0)::integer as short
    from (
      select times, parts, sum(times) over (partition by parts.mark) as marked
      from (
        select times,
          regexp_extract(v, '^([0-9]{1,2})([-/. ])([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})', ['a', 'mark', 'b', 'y']) as parts
        from ${distinctValues(table, c)}
      ) where parts.a <> ''
    )`,
  )
  const { firsts, seconds, mark, short } = row!
  // A point between the numbers is how the day comes first everywhere.
  const told = firsts !== seconds || mark === '.'
  const day = order ?? (firsts > seconds || mark === '.' ? 'dmy' : 'mdy')
  const m = mark === ' ' ? ' ' : mark
  const year = short > n / 2 ? '%y' : '%Y'
  const patterns = [day === 'dmy' ? `%d${m}%m${m}${year}` : `%m${m}%d${m}${year}`]
  const format = await decidePatterns(reader, table, c, n, patterns)
  return format && { ...format, isAmbiguous: !told && order === undefined }
}

/** Those of `dates`, with a time or without, that read something; null when they read less than half. */
async function decidePatterns(
  reader: FileReader,
  table: string,
  c: string,
  n: number,
  dates: readonly string[],
): Promise<DateFormat | null> {
  const patterns = dates.flatMap((day) => times.map((time) => `${day}${time}`))
  const [hits] = await reader.rows<Record<string, number>>(
    `select ${patterns.map((pattern, index) => `count(try_strptime(v, ${duckdbDialect.text(pattern)}))::integer as p${index}`).join(', ')}
    from (select distinct ${c} as v from ${table} where ${c} <> '' limit 2000)`,
  )
  const used = patterns
    .map((pattern, index) => ({ pattern, hits: hits![`p${index}`]! }))
    .filter((candidate) => candidate.hits > 0)
    .sort((one, other) => other.hits - one.hits)
    .map(({ pattern }) => pattern)
  if (used.length === 0) return null
  const [read] = await reader.rows<{ hits: number }>(
    `select coalesce(sum(times), 0)::integer as hits from ${distinctValues(table, c)}
    where try_strptime(v, [${used.map(duckdbDialect.text).join(', ')}]) is not null`,
  )
  const share = read!.hits / n
  return share < 0.5 ? null : { style: 'patterns', patterns: used, isAmbiguous: false, hasOffsets: false, share }
}

/** A shop has far fewer moments than lines, so each is looked at once (`v`) and counts as often as it comes (`times`). */
const distinctValues = (table: string, c: string): string =>
  `(select ${c} as v, count(*) as times from ${table} group by 1)`

/** Something beyond digits after a time of day: an offset, one that cannot be, or the name of a zone. */
const afterTime = ':[0-9]{2}.*[A-Za-z+-]'

/** UTC, or an offset of at most 14 hours, as far as clocks are set anywhere. */
const offset = '(Z|z|UTC|GMT|[+-](0[0-9]|1[0-3])(:?[0-5][0-9])?|[+-]14(:?00)?)'

const plainIsoSql = (c: string): string =>
  `case when substr(${c}, 5, 1) in ('-', '/', '.') then try_cast(${c} as timestamp) end`

/**
 * SQL for a moment written year first. DuckDB reads the usual ways by itself, but takes an offset of 99 hours too, and none
 * that stands apart from the time: what does it looks up among the names of all zones, for a quarter of a millisecond each.
 *
 * @param zoned SQL for the moment of a TIMESTAMP without an offset
 */
function isoSql(c: string, zoned: (local: string) => string): string {
  const apart = `regexp_replace(${c}, ' +([+-])', '\\1')`
  const named = `regexp_replace(${apart}, ' *(z|UTC|GMT)$', 'Z')`
  const whole = `regexp_replace(${named}, '^([^:]*:[0-9]{2})(Z|[+-])', '\\1:00\\2')`
  // Not `coalesce`: DuckDB would run the patterns for every value, also where the cast has read it.
  return `case when not regexp_matches(${c}, '${afterTime}') then ${zoned(plainIsoSql(c))}
    when not regexp_matches(${c}, ':[0-9]{2}([.][0-9]+)? *${offset}$') then null
    when try_cast(${named} as timestamptz) is not null then try_cast(${named} as timestamptz)
    else try_cast(${whole} as timestamptz) end`
}

/**
 * SQL that reads a moment out of text as TIMESTAMPTZ; null where it is none.
 *
 * @param timezone IANA name, for values without an offset of their own
 */
export function instantSql(column: string, format: DateFormat, timezone: string): string {
  const c = `trim(${column})`
  const zoned = (local: string): string =>
    timezone === 'UTC' ? `make_timestamptz(epoch_us(${local}))` : `timezone(${duckdbDialect.text(timezone)}, ${local})`
  switch (format.style) {
    case 'iso':
      return format.hasOffsets ? isoSql(c, zoned) : zoned(plainIsoSql(c))
    case 'patterns':
      return zoned(`try_strptime(${c}, [${format.patterns.map(duckdbDialect.text).join(', ')}])`)
    case 'epoch-seconds':
      return `make_timestamptz((try_cast(${c} as decimal(18, 6))::decimal(38, 6) * 1000000)::bigint)`
    case 'epoch-millis':
      return `make_timestamptz(try_cast(${c} as bigint) * 1000)`
    case 'spreadsheet':
      // Day 25569 of spreadsheets is 1970-01-01; whole seconds, because their fractions are floats.
      return zoned(`make_timestamp(round((try_cast(${c} as double) - 25569) * 86400)::bigint * 1000000)`)
  }
}
