import { eachInTurns } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { CompiledSegments } from '../live/compiled.ts'
import type { DaySize } from '../live/day-sizes.ts'
import { MemberBits } from '../live/member-bits.ts'
import type { SegmentsSnapshot } from '../live/snapshot.ts'

const query = readQueries(new URL('./movements.sql', import.meta.url))

interface Latest {
  readonly segment: string
  readonly sequence: number
  readonly version: number
  readonly at: number
}

interface Day {
  readonly day: string
  readonly entries: number
  readonly exits: number
}

/**
 * Who was last told to be in which segment, as what segments go on from: whoever is elsewhere by now moves, and nobody is
 * told twice. Of everything that was kept until now, which must be in the warehouse.
 *
 * @param lists digests of what lists hold now
 */
export async function toldMembers(
  warehouse: Warehouse,
  compiled: CompiledSegments,
  lists: Readonly<Record<string, string>>,
): Promise<SegmentsSnapshot> {
  const latest = await warehouse.rows<Latest>(query('latest_of_segments'))
  const members = await warehouse.columns(query('told_members'))
  const days = await daysBySegment(warehouse, compiled.timezone)
  const customers: string[] = []
  const bits = new Map(latest.map(({ segment }) => [segment, new MemberBits()]))
  const [segments, ids] = [members.keys('segment'), members.keys('customer')]
  // Ordered by customer.
  await eachInTurns(ids.entries(), ([row, customer]) => {
    if (customers.at(-1) !== customer) customers.push(customer)
    bits.get(segments[row]!)!.set(customers.length - 1, true)
  })
  return {
    format: 1,
    clock: latest.reduce((clock, { at }) => Math.max(clock, at), firstMoment),
    customers,
    due: customers.map(() => null),
    memberships: latest.map(({ segment, sequence, version }) => {
      const its = bits.get(segment)!
      const now = compiled.segments.find(({ definition }) => definition.id === segment)
      return {
        ...{ segment, version, sequence },
        // What a version means stays the same.
        form: now?.version === version ? now.form : '',
        bits: Buffer.from(its.bytes()).toString('base64'),
        days: withSizes(days.get(segment) ?? [], its.size),
      }
    }),
    filling: [],
    lists,
  }
}

/** The first that a date can hold. */
const firstMoment = -8.64e15

async function daysBySegment(warehouse: Warehouse, timezone: string): Promise<ReadonlyMap<string, Day[]>> {
  const columns = await warehouse.columns(query('days'), { timezone })
  const [entered, left] = [columns.numbers('entered'), columns.numbers('left_it')]
  const [segments, days] = [columns.keys('segment'), columns.keys('day')]
  const found = new Map<string, Day[]>()
  segments.forEach((segment, row) => {
    const its = found.get(segment) ?? []
    its.push({ day: days[row]!, entries: entered[row]!, exits: left[row]! })
    found.set(segment, its)
  })
  return found
}

/** How many there were at the end of each day, back from how many there are. */
function withSizes(days: readonly Day[], now: number): readonly DaySize[] {
  let size = now
  const sizes: DaySize[] = []
  for (const day of days.toReversed()) {
    sizes.push({ ...day, size })
    size += day.exits - day.entries
  }
  return sizes.reverse()
}
