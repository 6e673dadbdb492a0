import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import type { CalendarUnit } from '../defined/calendar.ts'
import { calendarPeriod } from '../defined/calendar.ts'
import type { Window } from '../defined/plan.ts'
import type { FeatureDialect } from '../feature-dialect.ts'

/** As of when entities are looked at. */
export type Moments =
  /**
   * One for all of whom anything is known; or for the rows of a relation of the entity's columns; or for those of whom
   * something is known that counts (`isMeant`), for a share of whom where one is given.
   */
  | {
      readonly kind: 'one'
      readonly asOf: Instant
      readonly of?: string
      readonly isMeant?: boolean
      readonly share?: MomentBlock
    }
  /** A table of the entity's columns and `as_of` in ms, a row for each that is wanted, and the calendars of its moments. */
  | {
      readonly kind: 'listed'
      readonly table: string
      readonly calendars: readonly StagedCalendar[]
      readonly block?: MomentBlock
    }

/** One of so many parts of a list: entities are in one whole. */
export interface MomentBlock {
  readonly index: number
  readonly of: number
}

/**
 * A table of the periods of a unit of the calendar: `start` (ms), and `from_n` and `until_n` of the period n before it for
 * each n that is needed.
 */
export interface StagedCalendar {
  readonly unit: CalendarUnit
  readonly table: string
  readonly agos: readonly number[]
}

/** What an entity is called by. */
export const entityColumns: Readonly<Record<FeatureEntity, readonly string[]>> = {
  customer: ['customer_id'],
  product: ['product_id'],
  category: ['category'],
  'customer-product': ['customer_id', 'product_id'],
  'customer-category': ['customer_id', 'category'],
}

/** How what depends on the moment is written: one moment for all, or one a row of `moments`. */
export interface MomentSql {
  readonly isListed: boolean
  /** Whether whoever has any fact is in the result. */
  readonly isEverybody: boolean
  /** What facts are grouped by. */
  readonly group: readonly string[]
  /** The moment, ms, over a relation of known facts. */
  readonly asOf: string
  /** Columns that each known fact gets from its moment, as a select list over `moments`. */
  readonly carried: readonly string[]
  /** Lengths of buckets, ms, by which windows move. */
  readonly grains: readonly number[]
  /** Whether a known fact lies in the window, null where all do. */
  inWindow(window: Window): string | null
  /** When the window begins, where that is the same for all; null where it does not, or has no beginning. */
  beginning(window: Window): Instant | null
  /** Of how many parts of the entities which one is asked for; null where all are. */
  readonly share: MomentBlock | null
}

/** @param windows all that are asked for */
export function momentSql(
  moments: Moments,
  entity: FeatureEntity,
  windows: readonly Window[],
  timezone: string,
): MomentSql {
  if (moments.kind === 'one') return oneMoment(moments, entity, timezone)
  const grains = [...new Set(windows.flatMap((window) => (window.kind === 'rolling' ? window.grainMs : [])))]
  const carried = new Set(
    windows.flatMap((window) => (window.kind === 'calendar' ? Object.values(calendarColumns(window)) : [])),
  )
  return {
    isListed: true,
    isEverybody: false,
    group: ['moment'],
    asOf: 'as_of',
    carried: [...carried],
    grains,
    share: moments.block ?? null,
    beginning: () => null,
    inWindow: (window) => {
      if (window.kind === 'rolling') {
        const age = ageColumn(window.grainMs)
        const oldest = window.skip + window.buckets - 1
        return window.skip === 0 ? `${age} <= ${oldest}` : `${age} between ${window.skip} and ${oldest}`
      }
      if (window.kind !== 'calendar') return null
      const { from, until } = calendarColumns(window)
      return window.ago === 0 ? `occurred_at >= ${from}` : `occurred_at >= ${from} and occurred_at < ${until}`
    },
  }
}

function oneMoment(
  { asOf, of, isMeant = false, share }: Extract<Moments, { kind: 'one' }>,
  entity: FeatureEntity,
  timezone: string,
): MomentSql {
  const between = (from: Instant, until: Instant): string =>
    until > asOf ? `occurred_at >= ${from}` : `occurred_at >= ${from} and occurred_at < ${until}`
  return {
    ...{ isListed: false, isEverybody: of === undefined && !isMeant, group: entityColumns[entity] },
    ...{ asOf: `${asOf}::bigint`, carried: [], grains: [], share: share ?? null },
    beginning: (window) => {
      if (window.kind === 'calendar') return calendarPeriod(timezone, window.unit, window.ago, asOf).from
      if (window.kind !== 'rolling') return null
      return (Math.floor(asOf / window.grainMs) - window.skip + 1 - window.buckets) * window.grainMs
    },
    inWindow: (window) => {
      if (window.kind === 'rolling') {
        const end = Math.floor(asOf / window.grainMs) - window.skip + 1
        return between((end - window.buckets) * window.grainMs, end * window.grainMs)
      }
      if (window.kind !== 'calendar') return null
      const { from, until } = calendarPeriod(timezone, window.unit, window.ago, asOf)
      return between(from, until)
    },
  }
}

/** How many buckets of this length lie between a fact and its moment. */
export const ageColumn = (grainMs: number): string => `age_${grainMs}`
/** The bucket of this length that something lies in. */
export const bucketColumn = (grainMs: number): string => `bucket_${grainMs}`
export const bucketOf = (moment: string, grainMs: number): string => `floor(${moment} / ${grainMs})::bigint`

const calendarColumns = ({ unit, ago }: Extract<Window, { kind: 'calendar' }>) => ({
  from: `${unit}_from_${ago}`,
  until: `${unit}_until_${ago}`,
})

/** The relation `moments`: numbered, with their buckets and periods. */
export function listedMoments(
  { table, calendars, block }: Extract<Moments, { kind: 'listed' }>,
  { grains }: MomentSql,
  entity: FeatureEntity,
  dialect: FeatureDialect,
): string {
  const columns = [
    ...entityColumns[entity].map((column) => `listed.${column}`),
    'listed.as_of::bigint as as_of',
    ...grains.map((grain) => `${bucketOf('listed.as_of', grain)} as ${bucketColumn(grain)}`),
    ...calendars.flatMap(({ unit, agos }) =>
      agos.flatMap((ago) =>
        ['from', 'until'].map((end) => `of_${unit}.${end}_${ago}::bigint as ${unit}_${end}_${ago}`),
      ),
    ),
  ]
  const periods = calendars.map((calendar) =>
    dialect.nearestJoin(`${calendar.table} as of_${calendar.unit}`, `listed.as_of >= of_${calendar.unit}.start`),
  )
  const keys = entityColumns[entity].map((column) => `listed.${column}`)
  const inBlock = block === undefined ? '' : ` where ${dialect.shareOf(keys, block.of)} = ${block.index}`
  return `moments as materialized (
    select row_number() over () as moment, ${columns.join(', ')} from ${table} as listed ${periods.join(' ')}${inBlock})`
}
