import { inTurns, servingMs } from '../../base/index.ts'
import { type BadCall, badCall } from './check-call.ts'
import type { LiveEvent } from './live-event.ts'
import { type Arrival, type Doors, sortCall } from './sort-call.ts'

/** What became of the calls of a batch. */
export interface SortedBatch {
  readonly events: readonly LiveEvent[]
  readonly bad: readonly BadCall[]
  /** Calls whose person refuses that they are kept. */
  readonly refused: number
}

/** Sorts the calls of a batch, each by itself. */
export async function sortBatch(batch: readonly unknown[], arrival: Arrival, doors: Doors): Promise<SortedBatch> {
  await doors.consent.prepare(batch)
  return inTurns(steps(batch, arrival, doors), servingMs)
}

function* steps(batch: readonly unknown[], arrival: Arrival, doors: Doors): Generator<void, SortedBatch> {
  const events: LiveEvent[] = []
  const bad: BadCall[] = []
  let refused = 0
  for (const [index, raw] of batch.entries()) {
    const sorted = sortCall(raw, arrival, doors)
    if (sorted.outcome === 'kept') events.push(sorted.event)
    else if (sorted.outcome === 'refused') refused += 1
    else bad.push(badCall({ ...sorted.rejection, index, raw, receivedAt: arrival.receivedAt, sentAt: arrival.sentAt }))
    yield
  }
  return { events, bad, refused }
}
