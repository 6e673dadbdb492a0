import type {
  DiscoveredSegment,
  FamilyResult,
  ProfileEntry,
  RfmSegment,
  RuleSegmentResult,
  TaughtSegment,
} from '../segments/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import type { PlanEntry } from './plan.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** What the last analysis found of a segment; null where its family does not have it, or it is not known. */
export interface SegmentFound {
  /** Of all buyers; of all known customers for a segment by rule. */
  readonly share: number
  readonly revenue: number
  readonly revenueShare: number | null
  readonly averageOrders: number | null
  readonly averageSpend: number | null
  readonly averageRecencyDays: number | null
  readonly profit: number | null
  /** What sets it apart, the most first; empty where that was not measured. */
  readonly profile: readonly ProfileEntry[]
  /** What to do about it; null where nothing is proposed. */
  readonly plan: PlanEntry | null
}

/** Null before the first analysis, and for a segment that it does not know. */
export async function lastSegmentFacts(warehouse: Warehouse, id: string): Promise<SegmentFound | null> {
  type Row = Record<'rfm' | 'discovered' | 'rules' | 'families' | 'plan', string | null>
  const [row] = await warehouse.rows<Row>(query('last_segment_facts'))
  if (!row) return null
  const rfm = listed<RfmSegment>(row.rfm, id)
  const discovered = listed<DiscoveredSegment>(row.discovered, id)
  const rule = listed<RuleSegmentResult>(row.rules, id)
  const family = segmentsOfFamilies(row.families).find((segment) => segment.id === id)
  const found = rfm ?? discovered ?? rule ?? family
  if (!found) return null
  const averaged = rfm ?? rule
  const plans = JSON.parse(row.plan ?? '[]') as PlanEntry[]
  return {
    ...{ share: found.share, revenue: found.revenue },
    revenueShare: (rfm ?? discovered)?.revenueShare ?? null,
    averageOrders: averaged?.averageOrders ?? null,
    averageSpend: averaged?.averageSpend ?? null,
    averageRecencyDays: rfm?.averageRecencyDays ?? null,
    profit: discovered?.profit ?? null,
    profile: (discovered ?? family)?.profile ?? [],
    plan: plans.find(({ segmentId }) => segmentId === id) ?? null,
  }
}

const listed = <Segment extends { readonly id: string }>(list: string | null, id: string): Segment | undefined =>
  list === null ? undefined : (JSON.parse(list) as Segment[]).find((segment) => segment.id === id)

/** Those that were asked for by name. */
function segmentsOfFamilies(families: string | null): readonly (DiscoveredSegment | TaughtSegment)[] {
  return (JSON.parse(families ?? '[]') as readonly FamilyResult[]).flatMap((family) => {
    const found = family.kind === 'teach' ? family.taught : family.groups
    return found.found ? [...found.segments] : []
  })
}

/** What sets each discovered segment apart, the most first, as the last analysis found it: id → profile. */
export async function lastProfiles(warehouse: Warehouse): Promise<ReadonlyMap<string, readonly ProfileEntry[]>> {
  const [row] = await warehouse.rows<Record<'discovered' | 'families', string | null>>(query('last_segment_facts'))
  const discovered = JSON.parse(row?.discovered ?? '[]') as DiscoveredSegment[]
  const found = [...discovered, ...segmentsOfFamilies(row?.families ?? null)]
  return new Map(found.map(({ id, profile }) => [id, profile]))
}
