import { type Column, fitKMedoids, type GowerColumn, table, takeTableRows } from '@rapport/learn'
import type { Work } from '../../base/index.ts'
import type { Buyers } from '../buyers.ts'
import type { Exemplars } from '../discovery/placing.ts'
import type { Points } from '../discovery/points.ts'
import { sampledRows } from '../group-facts.ts'

/** Members among whom another typical one is looked for. */
const membersMax = 500

/**
 * Typical customers of every group: of one whose own is gone (erased, or refuses profiling) the member that the others are
 * nearest to, so that one person's leaving does not end a family.
 *
 * @param kept those who are still there
 * @param labels `[n]` the groups as they were last, −1 for none
 * @returns fewer than there are groups where nobody is left of one
 */
export async function withStandIns(
  kept: Exemplars | null,
  labels: Int32Array,
  groups: number,
  points: Pick<Points, 'table' | 'known'>,
  columns: readonly GowerColumn[],
  { customerIds }: Pick<Buyers, 'customerIds'>,
  work?: Work,
): Promise<Exemplars> {
  const taken = new Map<number, { readonly id: string; readonly of: Points['table']; readonly row: number }>()
  kept?.customerIds.forEach((id, row) => {
    taken.set(kept.segments[row]!, { id, of: kept.table!, row })
  })
  for (let group = 0; group < groups; group += 1) {
    if (taken.has(group)) continue
    const members = points.known.filter((row) => labels[row] === group)
    if (members.length === 0) continue
    const rows = sampledRows(members.length, membersMax, group).map((at) => members[at]!)
    const columnWeights = Object.fromEntries(columns.map(({ name, weight }) => [name, weight]))
    const options = { clusters: 1, seed: group, starts: 1, candidates: 'all', columnWeights } as const
    const { medoidRows } = await fitKMedoids(takeTableRows(points.table, rows), options, work)
    const row = rows[medoidRows[0]!]!
    taken.set(group, { id: customerIds[row]!, of: points.table, row })
  }
  const segments = [...taken.keys()].sort((a, b) => a - b)
  const ones = segments.map((segment) => taken.get(segment)!)
  const own = points.table.columns.map((like, at): Column => {
    const values = ones.map(({ of, row }) => of.columns[at]!.values[row]!)
    return like.kind === 'number'
      ? { ...like, values: Float64Array.from(values as number[]) }
      : { ...like, values: values as (string | null)[] }
  })
  return {
    customerIds: ones.map(({ id }) => id),
    segments: Int32Array.from(segments),
    data: null,
    table: table(own),
  }
}
