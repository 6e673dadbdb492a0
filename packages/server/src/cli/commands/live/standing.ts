import { type Standing, warehouseStanding } from '../../../segments/index.ts'
import { lentWith } from '../../with-store.ts'
import type { Both } from './with-both.ts'

/**
 * Who is where: as the server of this process keeps it, or else as the warehouse says now.
 *
 * @param customers of whom alone it is needed. Default: everybody
 */
export async function standingOf(both: Both, customers?: readonly string[]): Promise<Standing> {
  const lent = lentWith(both.warehouse)
  if (lent === undefined) return warehouseStanding(both, both.work, customers)
  const standing = lent.live().standing()
  if (!standing.isReady) both.tell('history is still being read: segments miss people until it is in')
  return standing
}
