import type { Movement } from '../live/movement.ts'
import type { MovementJournal } from './movement-journal.ts'

/** As many are read at once. */
const readAtOnce = 5000

/** What was told of segments after the movement with a number, in order; of those who were erased without their id. */
export async function toldAfter(journal: MovementJournal, number: number): Promise<readonly Movement[]> {
  const told: Movement[] = []
  const until = journal.lastTold
  for (let through = number; through < until; ) {
    const read = await journal.after(through, readAtOnce)
    for (const { number: _, customer, ...movement } of read.movements)
      told.push({ ...movement, customer: customer ?? '' })
    through = read.through
  }
  return told
}
