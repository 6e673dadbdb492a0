import { type Attribute, auditAmounts, auditFairness, type GroupGap, type Rate } from '@rapport/learn'
import { dayMs, type Instant } from '../../../base/index.ts'
import { readQueries, type Warehouse } from '../../../warehouse/index.ts'
import { meanOf } from '../../choose-by-loss.ts'
import type { Interval } from '../../result.ts'
import { withStaged } from '../asking/cohort.ts'

const query = readQueries(new URL('../asking/cohort.sql', import.meta.url))

/** A share or a mean, with its 95 % interval. */
export interface Told {
  readonly value: number
  readonly interval: Interval
}

/** How a model treats one group of the hold-out's customers. */
export interface GroupQuality {
  /** By each trait of the grouping; null where it is not known. */
  readonly values: readonly (string | null)[]
  readonly customers: number
  /** Means over the group. */
  readonly predicted: number
  readonly seen: Told
  /** The share that is chosen when as many are as it came true for; null for amounts. */
  readonly chosen: Told | null
  /** Of those it came true for, the share that is chosen; null for amounts, and where it came true for nobody. */
  readonly found: Told | null
}

/** How far two groups are apart in one respect: the two that are farthest. */
export interface Apart {
  readonly measure: 'seen less predicted' | 'chosen' | 'found' | 'found or wrongly chosen'
  readonly value: number
  /** 95 %, whichever two groups it lies between; chance alone may make a gap whose low is 0. */
  readonly interval: Interval
  readonly highest: readonly (string | null)[]
  readonly lowest: readonly (string | null)[]
}

/** The hold-out by one trait, or by two together. */
export interface Grouping {
  readonly traits: readonly string[]
  /** Largest first, those of at least 50 customers. */
  readonly groups: readonly GroupQuality[]
  /** Smaller groups: nothing is known about them. */
  readonly smaller: number
  readonly apart: readonly Apart[]
}

const rowsMin = 50

/**
 * The hold-out by gender, country and age band, and by any two of them, where these are known: whether the model is as right
 * about one group as about another, and finds those it comes true for as well. Traits that it does not know are looked at too.
 */
export async function readGroups(
  warehouse: Warehouse,
  customerIds: readonly string[],
  cut: Instant,
  predicted: Float64Array,
  outcomes: Float64Array,
): Promise<readonly Grouping[]> {
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
  return groupingsOf(
    [
      { name: 'gender', values: of(traits.gender) },
      { name: 'age', values: ages },
      { name: 'country', values: of(traits.country) },
    ],
    predicted,
    outcomes,
  )
}

/**
 * @param predicted `[n]` chances, or amounts
 * @param outcomes `[n]` 0 and 1 where chances are predicted
 */
export function groupingsOf(
  attributes: readonly Attribute[],
  predicted: Float64Array,
  outcomes: Float64Array,
): readonly Grouping[] {
  const compared = attributes.filter(({ values }) => groupsToCompare(values) > 1)
  if (compared.length === 0) return []
  const isChance =
    outcomes.every((value) => value === 0 || value === 1) && predicted.every((value) => value >= 0 && value <= 1)
  if (!isChance) {
    return auditAmounts(predicted, outcomes, compared, { rowsMin }).groupings.map(
      ({ attributes: traits, groups, calibration }) => ({
        ...{ traits, ...sorted(groups.map((group) => ({ ...group, chosen: null, found: null }))) },
        apart: apartIn('seen less predicted', calibration),
      }),
    )
  }
  const threshold = chosenFrom(predicted, meanOf(outcomes))
  return auditFairness(predicted, outcomes, compared, { rowsMin, threshold }).groupings.map((grouping) => ({
    traits: grouping.attributes,
    ...sorted(
      grouping.groups.map(({ selection, truePositive, ...group }) => ({
        ...{ ...group, chosen: selection, found: truePositive },
      })),
    ),
    apart: [
      ...apartIn('seen less predicted', grouping.calibration),
      ...apartIn('chosen', grouping.demographicParity),
      ...apartIn('found', grouping.equalOpportunity),
      ...apartIn('found or wrongly chosen', grouping.equalisedOdds),
    ],
  }))
}

/** Groups that are large enough to be compared; those of whom nothing is known are none. */
function groupsToCompare(values: readonly (string | null)[]): number {
  const sizes = new Map<string, number>()
  for (const value of values) if (value !== null) sizes.set(value, (sizes.get(value) ?? 0) + 1)
  return [...sizes.values()].filter((size) => size >= rowsMin).length
}

/** The score from which on as many are chosen as it came true for. */
const chosenFrom = (predicted: Float64Array, share: number): number => {
  const falling = predicted.slice().sort().reverse()
  return falling[Math.max(0, Math.round(share * falling.length) - 1)]!
}

interface Audited {
  readonly values: readonly (string | null)[]
  readonly rows: number
  readonly isSmall: boolean
  readonly predicted: number
  readonly observed: Rate | (Interval & { readonly value: number })
  readonly chosen: Rate | null
  readonly found: Rate | null
}

function sorted(groups: readonly Audited[]): Pick<Grouping, 'groups' | 'smaller'> {
  const large = groups.filter(({ isSmall }) => !isSmall)
  return {
    groups: large
      .map(({ values, rows, predicted, observed, chosen, found }) => ({
        ...{ values, customers: rows, predicted, seen: told(observed)! },
        ...{ chosen: told(chosen), found: told(found) },
      }))
      .sort((left, right) => right.customers - left.customers),
    smaller: groups.length - large.length,
  }
}

function told(rate: Audited['observed'] | null): Told | null {
  if (rate === null || ('defined' in rate && !rate.defined)) return null
  return { value: rate.value, interval: { low: rate.low, high: rate.high } }
}

const apartIn = (measure: Apart['measure'], gap: GroupGap): readonly Apart[] =>
  gap.defined
    ? [
        {
          ...{ measure, value: gap.value, interval: { low: gap.low, high: gap.high } },
          ...{ highest: gap.highest, lowest: gap.lowest },
        },
      ]
    : []

function bandOf(age: number): string {
  const bands = [18, 25, 35, 45, 55, 65]
  const next = bands.findIndex((band) => age < band)
  if (next === 0) return 'under 18'
  return next < 0 ? '65 and older' : `${bands[next - 1]} to ${bands[next]! - 1}`
}
