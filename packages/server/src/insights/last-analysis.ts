import { isoOf } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import type { Clock } from './clock.ts'
import type { FirstLook } from './first-look.ts'
import type { PlanEntry } from './plan.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** When segments and scores were made, and up to which moment of the data. */
export interface AnalysisTimes {
  /** ISO 8601, as are the others. */
  readonly asOf: string
  readonly createdAt: string
  /** To the millisecond: what happened after this it may not have seen. */
  readonly startedAt: string
}

interface TimesRow {
  readonly asOf: number
  readonly createdAt: number
  /** How long it took. */
  readonly seconds: number
}

const timesOf = ({ asOf, createdAt, seconds }: TimesRow): AnalysisTimes => ({
  ...{ asOf: isoOf(asOf), createdAt: isoOf(createdAt) },
  startedAt: new Date(createdAt - Math.ceil(seconds * 1000)).toISOString(),
})

/** Null before the first analysis. */
export async function lastAnalysis(warehouse: Warehouse): Promise<AnalysisTimes | null> {
  const [row] = await warehouse.rows<TimesRow>(query('last_analysis_times'))
  return row ? timesOf(row) : null
}

/** What the last analysis found, in short. */
export interface LastNumbers {
  readonly times: AnalysisTimes
  readonly firstLook: FirstLook
  readonly plan: readonly PlanEntry[]
  readonly clock: Clock
}

type ClockRow = Pick<Clock, 'simulatedUntil' | 'lapseHorizonDays'>

/** Null before the first analysis. */
export async function lastNumbers(warehouse: Warehouse): Promise<LastNumbers | null> {
  const [row] = await warehouse.rows<TimesRow & ClockRow & { firstLook: string; plan: string }>(
    query('last_first_look'),
  )
  if (!row) return null
  const firstLook = JSON.parse(row.firstLook) as FirstLook
  const { asOf, simulatedUntil, lapseHorizonDays } = row
  return {
    ...{ times: timesOf(row), firstLook, plan: JSON.parse(row.plan) as PlanEntry[] },
    clock: { asOf, simulatedUntil, lastSaleAt: firstLook.to, lapseHorizonDays },
  }
}
