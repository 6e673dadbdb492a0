import { matrix } from '@rapport/numerics'
import type { DiscoveredSegment } from '../result.ts'
import { bestAssignment } from './assignment.ts'

/** What became of a group when groups were found anew. */
export interface GroupMapping {
  /** The group as it was; null of one that was not there. */
  readonly from: { readonly id: string; readonly name: string; readonly customers: number } | null
  /** What it is now; null of one that is gone. */
  readonly to: { readonly id: string; readonly name: string; readonly customers: number } | null
  /** Customers in both. */
  readonly shared: number
}

type Named = Pick<DiscoveredSegment, 'id' | 'name'>

/**
 * Groups that were found anew under the ids and names of those that they are: pairs with the most customers in common in all
 * (Kuhn 1955). A pair that shares no more than half of the smaller of the two is none. A group that is new has a number that no
 * group of the family had.
 *
 * @param before the groups as they were, `labels` their customers' places among them, `[n]`, −1 for none
 * @param now the same of the groups found now, for the same customers
 */
export function mapGroups<Segment extends Named>(
  family: string,
  before: { readonly segments: readonly Named[]; readonly labels: Int32Array },
  now: { readonly segments: readonly Segment[]; readonly labels: Int32Array },
): { readonly segments: readonly Segment[]; readonly mapping: readonly GroupMapping[] } {
  const shared = matrix(before.segments.length, now.segments.length)
  const [sizesBefore, sizesNow] = [before, now].map(({ segments, labels }) => {
    const sizes = new Float64Array(segments.length)
    for (const label of labels) if (label >= 0) sizes[label]! += 1
    return sizes
  }) as [Float64Array, Float64Array]
  before.labels.forEach((old, row) => {
    const own = now.labels[row]!
    if (old >= 0 && own >= 0) shared.values[old * shared.columns + own]! += 1
  })
  const sharedBy = (old: number, own: number): number => shared.values[old * shared.columns + own]!
  const paired = shared.rows > 0 && shared.columns > 0 ? bestAssignment(shared) : new Int32Array(shared.rows).fill(-1)
  const oldOf = new Map<number, number>()
  paired.forEach((own, old) => {
    if (own >= 0 && sharedBy(old, own) > Math.min(sizesBefore[old]!, sizesNow[own]!) / 2) oldOf.set(own, old)
  })
  let next = Math.max(0, ...before.segments.map(({ id }) => Number(id.slice(id.lastIndexOf('.') + 1)))) + 1
  const taken = new Set([...oldOf.values()].map((old) => before.segments[old]!.name))
  const segments = now.segments.map((segment, own) => {
    const old = oldOf.get(own)
    if (old !== undefined) return { ...segment, id: before.segments[old]!.id, name: before.segments[old]!.name }
    const id = `${family}.${next}`
    next += 1
    return { ...segment, id, name: taken.has(segment.name) ? `${segment.name} (${id})` : segment.name }
  })
  const told = ({ id, name }: Named, customers: number) => ({ id, name, customers })
  const kept = segments.map((segment, own): GroupMapping => {
    const old = oldOf.get(own)
    const from = old === undefined ? null : told(before.segments[old]!, sizesBefore[old]!)
    return { from, to: told(segment, sizesNow[own]!), shared: old === undefined ? 0 : sharedBy(old, own) }
  })
  const gone = before.segments.flatMap((segment, old): GroupMapping[] =>
    [...oldOf.values()].includes(old) ? [] : [{ from: told(segment, sizesBefore[old]!), to: null, shared: 0 }],
  )
  return { segments, mapping: [...kept, ...gone] }
}
