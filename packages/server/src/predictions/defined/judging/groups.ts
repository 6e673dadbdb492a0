import { rocAucInterval } from '@rapport/learn'
import { dayMs, type Instant } from '../../../base/index.ts'
import { readQueries, type Warehouse } from '../../../warehouse/index.ts'
import { meanOf } from '../../choose-by-loss.ts'
import type { Interval } from '../../result.ts'
import { withStaged } from '../asking/cohort.ts'

const query = readQueries(new URL('../asking/cohort.sql', import.meta.url))

/** How a model treats one group of the hold-out's customers. */
export interface GroupQuality {
  readonly trait: string
  readonly group: string
  readonly customers: number
  /** Means over the group. */
  readonly predicted: number
  readonly seen: number
  /** 95 %, of what was seen. */
  readonly interval: Interval
  /** Null where the group holds one kind of outcome only, or outcomes are amounts. */
  readonly rocAuc: { readonly value: number; readonly interval: Interval } | null
  /** Whether what is predicted of the group lies outside what was seen of it. */
  readonly isOff: boolean
}

const groupMin = 50
const groupsMax = 6

/**
 * The hold-out by gender, country and age band, where these are known: whether the model is right about each group on
 * average, and tells its customers apart. Traits that it does not know are looked at too.
 */
export async function readGroups(
  warehouse: Warehouse,
  customerIds: readonly string[],
  cut: Instant,
  predicted: Float64Array,
  outcomes: Float64Array,
): Promise<readonly GroupQuality[]> {
  const traits = await withStaged(warehouse, customerIds, async () => {
    const read = await warehouse.columns(query('group_traits'))
    return {
      ids: read.keys('customer_id'),
      ...{ gender: read.texts('gender'), country: read.texts('country'), born: read.texts('birth_date') },
    }
  })
  const rowOf = new Map(traits.ids.map((id, row) => [id, row]))
  const of = (values: readonly (string | null)[]) =>
    customerIds.map((id) => {
      const row = rowOf.get(id)
      return row === undefined ? null : values[row]!
    })
  const ages = of(traits.born).map((born) => (born === null ? null : bandOf((cut - Date.parse(born)) / dayMs / 365.25)))
  const isBinary = outcomes.every((value) => value === 0 || value === 1)
  return [
    ...groupsOf('gender', of(traits.gender)),
    ...groupsOf('age', ages),
    ...groupsOf('country', of(traits.country)),
  ].map(({ trait, group, rows }) => {
    const own = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!)
    const [said, came] = [own(predicted), own(outcomes)]
    const seen = meanOf(came)
    const error = Math.sqrt(meanOf(came.map((value) => (value - seen) ** 2)) / rows.length)
    const interval = { low: seen - 1.96 * error, high: seen + 1.96 * error }
    const auc = isBinary ? rocAucInterval(said, came) : undefined
    const mean = meanOf(said)
    return {
      ...{ trait, group, customers: rows.length, predicted: mean, seen, interval },
      rocAuc: auc?.defined ? { value: auc.value, interval: { low: auc.low, high: auc.high } } : null,
      isOff: mean < interval.low || mean > interval.high,
    }
  })
}

/** Groups large enough to say something of, largest first; none where there is only one to compare. */
function groupsOf(trait: string, values: readonly (string | null)[]) {
  const rows = new Map<string, number[]>()
  values.forEach((value, row) => {
    if (value === null) return
    const own = rows.get(value)
    if (own) own.push(row)
    else rows.set(value, [row])
  })
  const large = [...rows]
    .filter(([, own]) => own.length >= groupMin)
    .sort(([left, a], [right, b]) => b.length - a.length || (left < right ? -1 : 1))
    .slice(0, groupsMax)
  return large.length < 2 ? [] : large.map(([group, own]) => ({ trait, group, rows: own }))
}

function bandOf(age: number): string {
  const bands = [18, 25, 35, 45, 55, 65]
  const next = bands.findIndex((band) => age < band)
  if (next === 0) return 'under 18'
  return next < 0 ? '65 and older' : `${bands[next - 1]} to ${bands[next]! - 1}`
}
