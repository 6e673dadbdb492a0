import type { KeptMovement } from './kept-movement.ts'
import type { MovementJournal } from './movement-journal.ts'

/** Movements that are read at once. */
const readAtOnce = 500

/**
 * Reads what was told after a number, and then what is told as it comes, until the signal.
 *
 * @param after a number later than the latest is taken for it: of another time, as before a backup was put back
 */
export async function* followMovements(
  journal: MovementJournal,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<readonly KeptMovement[], void> {
  let through = after
  let wake = (): void => undefined
  const unlisten = journal.onTold(() => wake())
  const onAbort = (): void => wake()
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted) {
      const read = await journal.after(through, readAtOnce)
      through = read.through
      if (read.movements.length > 0) yield read.movements
      if (through < journal.lastTold || signal.aborted) continue
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  } finally {
    unlisten()
    signal.removeEventListener('abort', onAbort)
  }
}
