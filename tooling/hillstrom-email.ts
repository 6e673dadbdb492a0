import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { dataPath } from './test-data.ts'

/** One arm of the e-mail test hillstrom_email. */
export type HillstromArm = 'Mens E-Mail' | 'Womens E-Mail' | 'No E-Mail'

/** Customers of hillstrom_email, in the file's order. */
export interface HillstromRows {
  readonly arm: readonly HillstromArm[]
  /** Months since the last purchase, spend of the past year, and whether men's or women's goods were bought: 0 or 1. */
  readonly recency: Float64Array
  readonly history: Float64Array
  readonly mens: Float64Array
  readonly womens: Float64Array
  readonly newbie: Float64Array
  readonly segment: readonly string[]
  readonly zip: readonly string[]
  readonly channel: readonly string[]
  /** Within two weeks of the e-mail: visited, bought (0 or 1), and for how much. */
  readonly visit: Float64Array
  readonly conversion: Float64Array
  readonly spend: Float64Array
}

/** Loads all three arms of hillstrom_email, 64,000 customers. */
export function loadHillstrom(): HillstromRows {
  const text = gunzipSync(readFileSync(dataPath('hillstrom_email', 'hillstrom.csv.gz'))).toString('utf8')
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line !== '')
  const names = header!.split(',')
  // One name, "7) $1,000 +", is quoted for its comma.
  const records = lines.map((line) => line.match(/"[^"]*"|[^,]+/g)!)
  const words = (name: string): string[] => records.map((record) => record[names.indexOf(name)]!)
  const numbers = (name: string): Float64Array => Float64Array.from(words(name), Number)
  return {
    arm: words('segment') as HillstromArm[],
    recency: numbers('recency'),
    history: numbers('history'),
    mens: numbers('mens'),
    womens: numbers('womens'),
    newbie: numbers('newbie'),
    segment: words('history_segment'),
    zip: words('zip_code'),
    channel: words('channel'),
    visit: numbers('visit'),
    conversion: numbers('conversion'),
    spend: numbers('spend'),
  }
}

/** The customers of one e-mail and those without, in the file's order: numbers of rows, and 1 where the e-mail was sent. */
export function hillstromTrial(
  { arm }: HillstromRows,
  email: 'Mens E-Mail' | 'Womens E-Mail',
): { readonly rows: Int32Array; readonly treated: Uint8Array } {
  const rows = Int32Array.from(arm.keys()).filter((row) => arm[row] === email || arm[row] === 'No E-Mail')
  return { rows, treated: Uint8Array.from(rows, (row) => (arm[row] === email ? 1 : 0)) }
}
