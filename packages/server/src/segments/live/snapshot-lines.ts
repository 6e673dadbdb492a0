import { eachInTurns, type Instant } from '../../base/index.ts'
import type { CapturedSegments, SegmentsSnapshot } from './snapshot.ts'

const customersOfLine = 2000

type Head = Omit<SegmentsSnapshot, 'customers' | 'due'> & {
  /** Of the latest movement that was made. */
  readonly number: number
}

/** A snapshot of segments as lines, each made when it is asked for. */
export function* snapshotLines({ customers, due, ...head }: CapturedSegments, number: number): Generator<string> {
  yield JSON.stringify({ ...head, number } satisfies Head)
  for (let from = 0; from < customers.length; from += customersOfLine) {
    const until = from + customersOfLine
    // JSON has no Infinity: null it is.
    yield JSON.stringify([customers.slice(from, until), [...due.subarray(from, until)]])
  }
}

/** What was written so; in turns. */
export async function readSnapshotLines([first, ...rest]: readonly string[]): Promise<{
  readonly snapshot: SegmentsSnapshot
  readonly number: number
}> {
  const { number, ...head } = JSON.parse(first!) as Head
  const parts: (readonly [string[], (Instant | null)[]])[] = []
  await eachInTurns(rest, (line) => parts.push(JSON.parse(line)))
  const snapshot = {
    ...head,
    customers: parts.flatMap(([customers]) => customers),
    due: parts.flatMap(([, due]) => due),
  }
  return { snapshot, number }
}
