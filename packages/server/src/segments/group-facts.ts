import { type Matrix, rowOf, seededRandom, takeRows } from '@rapport/numerics'
import { microsPerUnit } from '../base/index.ts'
import type { BuyerCosts, Buyers } from './buyers.ts'
import { principalPlane, projected } from './principal-plane.ts'
import type { DiscoveredSegment, ProfileEntry, SegmentMap } from './result.ts'
import { segmentNames } from './segment-names.ts'

/** Customers drawn on the map. */
const mapCustomersMax = 2000
/** Customers that the map's axes are found from: those of more hardly differ. */
const planeRowsMax = 20_000

/** What a report says of groups, wherever they come from. */
export interface GroupFacts {
  /** 'discovered' makes segments 'discovered.1', 'discovered.2' … */
  readonly family: string
  /** Per group. */
  readonly profiles: readonly (readonly ProfileEntry[])[]
  readonly buyers: Buyers & BuyerCosts
  /** `[buyers]` 0 … groups − 1; −1 for those in none. */
  readonly labels: Int32Array
  /** `[groups]` how alike their members are under resampling, 0 … 1. */
  readonly overlaps: readonly number[]
}

/** Each group with its name, value and profile; shares are of all buyers, those in none included. */
export function segmentsOf({ family, profiles, buyers, labels, overlaps }: GroupFacts): DiscoveredSegment[] {
  const names = segmentNames(profiles)
  const sums = profiles.map(() => ({ customers: 0, micros: 0, costs: 0, costed: 0 }))
  let allMicros = 0
  labels.forEach((label, row) => {
    allMicros += buyers.spentMicros[row]!
    if (label < 0) return
    const sum = sums[label]!
    sum.customers += 1
    sum.micros += buyers.spentMicros[row]!
    sum.costs += buyers.costMicros[row]!
    sum.costed += buyers.costedMicros[row]!
  })
  return sums.map(({ customers, micros, costs, costed }, label) => ({
    id: `${family}.${label + 1}`,
    name: names[label]!,
    customers,
    share: customers / labels.length,
    revenue: micros / microsPerUnit,
    revenueShare: allMicros === 0 ? 0 : micros / allMicros,
    ...profitOf(micros, costs, costed),
    stability: overlaps[label]!,
    profile: profiles[label]!,
  }))
}

/** Share of revenue whose cost must be known for its margin to stand for all of it, as everywhere in the report. */
const costedShareMin = 0.8

function profitOf(
  micros: number,
  costs: number,
  costed: number,
): Pick<DiscoveredSegment, 'profit' | 'profitUnknownBecause'> {
  if (costed > 0 && costed >= costedShareMin * micros) {
    return { profit: (micros * (1 - costs / costed)) / microsPerUnit, profitUnknownBecause: null }
  }
  const percent = micros > 0 ? Math.floor((100 * costed) / micros) : 0
  return {
    profit: null,
    profitUnknownBecause: `unit costs are known for ${percent} % of its revenue, and it takes ${100 * costedShareMin} %`,
  }
}

/** Those who are known well and in a group: the others lie in the middle, whichever group they belong to. */
export function mapOf(points: Matrix, among: Int32Array, labels: Int32Array, seed: number): SegmentMap {
  const known = among.filter((row) => labels[row]! >= 0)
  const seen = sampledRows(known.length, planeRowsMax, seed).map((at) => known[at]!)
  const plane = principalPlane(takeRows(points, seen))
  const rows = sampledRows(known.length, mapCustomersMax, seed).map((at) => known[at]!)
  // Three digits draw the same picture and keep the report small.
  const rounded = (value: number): number => Math.round(value * 1000) / 1000
  const drawn = Array.from(rows, (row) => projected(plane, rowOf(points, row)))
  return {
    x: drawn.map(([x]) => rounded(x)),
    y: drawn.map(([, y]) => rounded(y)),
    segment: Array.from(rows, (row) => labels[row]!),
    explained: plane.explained,
  }
}

/** At most `most` rows, drawn without replacement, ascending. */
export function sampledRows(rows: number, most: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row)
  if (rows <= most) return order
  seededRandom(seed).fork(7).shuffle(order)
  return order.slice(0, most).sort()
}
