import type { Warehouse } from '../../warehouse/index.ts'
import type { MovementJournal } from '../movements/movement-journal.ts'
import { toldMembers } from '../movements/told-members.ts'
import { type Declared, listsOf } from './declared.ts'
import { listDigest } from './list-contents.ts'
import type { SegmentsBefore } from './live-segments.ts'

/** Segments as they were told last; what is otherwise by now is told as everybody is looked at. */
export async function toldSegments(
  warehouse: Warehouse,
  journal: MovementJournal,
  declared: Declared,
): Promise<SegmentsBefore> {
  await journal.settle()
  const digests = Object.fromEntries([...listsOf(declared)].map(([id, customers]) => [id, listDigest(customers)]))
  return { snapshot: await toldMembers(warehouse, declared.compiled, digests), told: [] }
}
