import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dayMs } from '../../base/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { calendarPeriod, calendarStarts, hourAt } from './calendar.ts'

let folder: string
let warehouse: Warehouse

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-calendar-'))
  warehouse = await openWarehouse(folder)
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

/** Zones whose clocks go round midnight in every way: skip it, repeat it, cross it, skip a whole day. */
const zones = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/Havana'],
  ...['America/Sao_Paulo', 'America/St_Johns', 'Asia/Beirut', 'Pacific/Apia', 'Africa/Cairo', 'America/Asuncion'],
]

it('begins each day with the first moment at which the clocks show it, as DuckDB’s time zones have it', async () => {
  const [first, last] = [Date.UTC(1985, 0, 1), Date.UTC(2024, 11, 31)]
  for (const zone of zones) {
    const starts = calendarStarts(zone, 'day', 0, first, last)
    await warehouse.stage('starts', { start: Float64Array.from(starts), n: Float64Array.from(starts.keys()) })
    const local = (ms: string): string => `(make_timestamptz((${ms})::bigint * 1000) at time zone '${zone}')::date`
    const [wrong] = await warehouse.rows<{ n: number; days: number }>(`
      with days as (select start, (select ${local('min(start)')} from starts) + n::integer as day from starts)
      select count(*) as days, count(*) filter (${local('start')} < day or ${local('start - 1')} >= day) as n from days`)
    await warehouse.run('drop table starts')
    expect([zone, wrong!.n]).toEqual([zone, 0])
    expect(wrong!.days).toBeGreaterThan(14_000)
  }
})

it('says the hour that clocks show as DuckDB’s time zones have it', async () => {
  const [first, last] = [Date.UTC(1985, 0, 1), Date.UTC(2024, 11, 31)]
  const moments = Float64Array.from({ length: 2000 }, (_, at) => first + at * ((last - first) / 2000 - 0.5))
  const rounded = moments.map(Math.floor)
  for (const zone of zones) {
    await warehouse.stage('said', { moment: rounded, hour: [...rounded].map((at) => hourAt(zone, at)) })
    const shown = `strftime(make_timestamptz(moment::bigint * 1000) at time zone '${zone}', '%H')`
    const [wrong] = await warehouse.rows<{ n: number }>(`select count(*) filter (hour <> ${shown}) as n from said`)
    await warehouse.run('drop table said')
    expect([zone, wrong!.n]).toEqual([zone, 0])
  }
})

it('says the hour in the one in which clocks are put, also in the middle of an hour of UTC', () => {
  const hourOf = (zone: string, at: string): string => hourAt(zone, Date.parse(at))
  const [spring, lordHowe] = ['2024-03-31', '2024-04-06']
  expect(hourOf('Europe/Berlin', `${spring}T00:59:59.999Z`)).toBe('01')
  expect(hourOf('Europe/Berlin', `${spring}T01:00:00Z`)).toBe('03')
  // Half an hour back at 02:00 of summer time, 15:00 UTC; and by 44 min 30 s forward at 00:44:30 UTC.
  expect(hourOf('Australia/Lord_Howe', `${lordHowe}T14:59:59Z`)).toBe('01')
  expect(hourOf('Australia/Lord_Howe', `${lordHowe}T15:00:00Z`)).toBe('01')
  expect(hourOf('Australia/Lord_Howe', `${lordHowe}T15:30:00Z`)).toBe('02')
  expect(hourOf('Africa/Monrovia', '1972-01-07T00:44:29Z')).toBe('23')
  expect(hourOf('Africa/Monrovia', '1972-01-07T00:44:30Z')).toBe('00')
})

it.each([
  ['skips midnight', 'America/Havana', '2024-03-10T05:00:00Z'],
  ['repeats midnight', 'America/Havana', '2023-11-05T04:00:00Z'],
  ['puts back from midnight', 'America/Sao_Paulo', '2018-02-18T03:00:00Z'],
  ['puts back over midnight', 'America/St_Johns', '2006-10-29T02:30:00Z'],
  ['skips a whole day', 'Pacific/Apia', '2011-12-30T10:00:00Z'],
])('begins a day where a zone %s', (_, zone, begins) => {
  const at = Date.parse(begins)
  expect(calendarPeriod(zone, 'day', 0, at).from).toBe(at)
  expect(calendarPeriod(zone, 'day', 0, at - 1).until).toBe(at)
})

const moments = fc.integer({ min: Date.UTC(1985, 0, 1), max: Date.UTC(2024, 11, 31) })
const units = fc.constantFrom('day', 'week', 'month', 'year')

it('puts every moment into exactly one period, and periods end to end', () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), units, moments, fc.nat(36), (zone, unit, asOf, ago) => {
      const own = calendarPeriod(zone, unit, 0, asOf)
      expect(own.from).toBeLessThanOrEqual(asOf)
      expect(own.until).toBeGreaterThan(asOf)
      const [one, before] = [calendarPeriod(zone, unit, ago, asOf), calendarPeriod(zone, unit, ago + 1, asOf)]
      expect(before.until).toBe(one.from)
      expect(calendarPeriod(zone, unit, 0, own.until).from).toBe(own.until)
    }),
    { numRuns: 300 },
  )
})

it('lists the same starts as periods have', () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), units, moments, fc.nat(400), (zone, unit, first, days) => {
      const starts = calendarStarts(zone, unit, 2, first, first + days * dayMs)
      expect(starts.slice(0, 3)).toEqual([2, 1, 0].map((ago) => calendarPeriod(zone, unit, ago, first).from))
      expect(starts.at(-1)).toBe(calendarPeriod(zone, unit, 0, first + days * dayMs).until)
    }),
    { numRuns: 100 },
  )
})
