import { type Instant, RapportError, type Work } from '../base/index.ts'
import { currentFeatures, type Feature, readFeatures, registeredFeatures } from '../features/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { type TaughtFacts, taughtFacts } from './families/taught-facts.ts'
import { describingFeatures, profileGroups } from './profile.ts'
import type { ProfileEntry } from './result.ts'
import type { MemberReason } from './teaching/drivers.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

export interface SegmentEntry {
  readonly id: string
  /** rfm, discovered, rule, or the name that one was given. */
  readonly family: string
  readonly name: string
  /** What decides who is in it: plain JSON. */
  readonly definition: unknown
  readonly modelId: string | null
  readonly asOf: Instant
  readonly customers: number
}

export interface ShownSegment extends SegmentEntry {
  /** Against the average of all known customers; empty when features were not computed yet or nobody is in it. */
  readonly profile: readonly ProfileEntry[]
  /** The first customers by id, at most 20; of a taught segment those of whom the model is surest. */
  readonly sample: readonly string[]
  /** Of a taught segment how far to trust it, and how sure the model is of the sample; null for all others. */
  readonly taught: (TaughtFacts & { readonly members: readonly SampledMember[] }) | null
}

export interface SampledMember {
  readonly customerId: string
  /** 0 … 1 */
  readonly probability: number
  /** In it because somebody said so. */
  readonly isLabelled: boolean
  /** What speaks most for it. */
  readonly reasons: readonly string[]
}

interface StoredSegment {
  readonly id: string
  readonly family: string
  readonly name: string
  readonly definition: string
  readonly model_id: string | null
  readonly as_of: number
  readonly customers: number
}

/** Every segment in the store, by family and id. */
export async function listSegments(warehouse: Warehouse): Promise<readonly SegmentEntry[]> {
  return (await warehouse.rows<StoredSegment>(query('list_segments'))).map(entryOf)
}

/** @throws RapportError `segments.unknown` when the store has no such segment */
export async function findSegment(warehouse: Warehouse, id: string): Promise<SegmentEntry> {
  const [found] = await warehouse.rows<StoredSegment>(query('one_segment'), { id })
  if (found) return entryOf(found)
  const known = (await warehouse.rows<StoredSegment>(query('list_segments'))).map((segment) => segment.id)
  throw new RapportError(
    'segments.unknown',
    known.length === 0
      ? `the segment must be one that was found, got ${id} in a store without segments: rapport segments refresh makes them`
      : `a segment must be one of ${known.join(', ')}, got ${id}`,
  )
}

/**
 * A segment with its profile against the average and some of its customers.
 *
 * @throws RapportError `segments.unknown` when the store has no such segment
 */
export async function showSegment(warehouse: Warehouse, id: string, work?: Work): Promise<ShownSegment> {
  const segment = await findSegment(warehouse, id)
  const members = (await warehouse.columns(query('members'), { id }, work)).keys('customer_id')
  const profile = await profileOf(warehouse, members, work)
  const facts = await taughtFacts(warehouse, id)
  if (facts === null) return { ...segment, profile, sample: members.slice(0, sampleMax), taught: null }
  const surest = await surestMembers(warehouse, id)
  return {
    ...{ ...segment, profile, sample: surest.map(({ customerId }) => customerId) },
    taught: { ...facts, members: surest },
  }
}

const sampleMax = 20

/** Those who were added first: of whom somebody said so needs no model. */
async function surestMembers(warehouse: Warehouse, id: string): Promise<readonly SampledMember[]> {
  type Row = { customerId: string; probability: number; isLabelled: number | boolean; reasons: string }
  const rows = await warehouse.rows<Row>(query('surest_members'), { id, limit: sampleMax })
  return rows.map((row) => ({
    ...row,
    isLabelled: Boolean(row.isLabelled),
    reasons: (JSON.parse(row.reasons) as readonly MemberReason[]).map(({ words }) => words),
  }))
}

async function profileOf(
  warehouse: Warehouse,
  members: readonly string[],
  work: Work | undefined,
): Promise<readonly ProfileEntry[]> {
  const [computed] = await warehouse.rows<{ n: number }>(query('has_features'), { table: currentFeatures })
  if (computed!.n === 0) return []
  const { features } = await registeredFeatures(warehouse, currentFeatures)
  const read = await readFeatures(warehouse, currentFeatures, describedBy(features), work)
  const isMember = new Set(members)
  const labels = Int32Array.from(read.customerIds, (customer) => (isMember.has(customer) ? 0 : -1))
  return (await profileGroups(read, labels, 1, work))[0]!
}

/** Names of the describing features among those that a table has, with shares of categories and what the shop declared. */
export function describedBy(features: readonly Feature[]): readonly string[] {
  const describes = ({ name, group }: Feature): boolean =>
    describingFeatures.includes(name) || name.startsWith('category_share_') || group === 'declared'
  return features.filter(describes).map(({ name }) => name)
}

const entryOf = ({ model_id, as_of, definition, ...segment }: StoredSegment): SegmentEntry => ({
  ...segment,
  definition: JSON.parse(definition) as unknown,
  modelId: model_id,
  asOf: as_of,
})
