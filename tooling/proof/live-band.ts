import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importFiles } from '../../packages/server/src/ingestion/index.ts'
import { anomaliesOfDay } from '../../packages/server/src/insights/live/anomalies/anomalies-of-day.ts'
import { localDay, stepsOfDay } from '../../packages/server/src/insights/live/usual/local-day.ts'
import { daysUpTo, hoursUpTo, readStepCounts } from '../../packages/server/src/insights/live/usual/step-counts.ts'
import { learnUsualDay } from '../../packages/server/src/insights/live/usual/usual.ts'
import { openWarehouse } from '../../packages/server/src/warehouse/index.ts'
import { dataPath } from '../test-data.ts'
import { count, type Measured } from './record.ts'

const zone = 'Europe/London'
const currency = 'GBP'
const file = dataPath('online_retail_ii_2009', 'online_retail_II_2009_2010.parquet')
/** Its last day that is whole, and the first with bands that have all of their history before them. */
const lastDay = Date.parse('2010-12-08T12:00:00Z')
const heldOut = 240

const kinds = ['revenue so far', 'orders so far', 'revenue by the hour', 'orders by the hour'] as const

/** Bands of each of the last days of a real shop, of what was known the day before, beside what came. */
export async function measureBand(): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-band-'))
  const warehouse = await openWarehouse(folder)
  try {
    await importFiles(warehouse, { kind: 'orders', files: [file], preset: 'online-retail-ii', timezone: zone })
    const inside: Record<(typeof kinds)[number], number> = Object.fromEntries(kinds.map((kind) => [kind, 0])) as never
    const judged = { ...inside }
    let [days, alarms] = [0, 0]
    for (let ago = heldOut - 1; ago >= 0; ago -= 1) {
      const at = localDay(zone, lastDay, ago).until - 1
      const usual = await learnUsualDay(warehouse, { zone, currency, at, simulatedUntil: null })
      const from = localDay(zone, at, 1).from
      const { counts, isClockChange } = await readStepCounts(warehouse, { zone, currency, from, until: at + 1 })
      const lines = {
        'revenue so far': [usual.soFar.revenue, daysUpTo(counts.revenue)],
        'orders so far': [usual.soFar.orders, daysUpTo(counts.orders)],
        'revenue by the hour': [usual.hour.revenue, hoursUpTo(counts.revenue, isClockChange)],
        'orders by the hour': [usual.hour.orders, hoursUpTo(counts.orders, isClockChange)],
      } as const
      for (const kind of kinds) {
        const [bands, values] = lines[kind]
        if (bands.kind === 'too-short') throw new Error(`${kind}, ${ago} days before the last: ${bands.message}`)
        bands.expected.forEach((expected, step) => {
          const value = values[stepsOfDay + step]!
          // At night and on Saturdays nothing is expected and nothing comes: that holds by itself.
          if (!(expected > 0) || Number.isNaN(value)) return
          judged[kind] += 1
          inside[kind] += Number(value >= bands.low[step]! - 1e-6 && value <= bands.high[step]! + 1e-6)
        })
      }
      days += 1
      alarms += (await anomaliesOfDay(warehouse, { zone, currency, at, usual, before: [] })).length
    }
    const shares = kinds.map((kind) => inside[kind] / judged[kind])
    return {
      figure: `${days} days; within their bands: ${kinds.map((kind, at) => `${kind} ${(100 * shares[at]!).toFixed(1)} % of ${count(judged[kind])}`).join(', ')}; ${alarms} anomalies told in two measures`,
      isMet: shares.every((share) => share > 0.85 && share < 0.95) && alarms <= 0.1 * days,
    }
  } finally {
    await warehouse.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
