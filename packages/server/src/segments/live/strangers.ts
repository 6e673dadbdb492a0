import type { Filling } from '../now/standing.ts'
import type { CompiledSegments } from './compiled.ts'
import type { LiveSegments } from './live-segments.ts'

/** Customers whom segments did not know before something was declared, and how many of them must still be looked at. */
export class Strangers {
  left = 0
  total = 0

  end(): void {
    this.left = 0
    this.total = 0
  }

  *counted(customers: ReadonlySet<string>): Generator<string> {
    this.left = customers.size
    this.total = customers.size
    for (const customer of customers) {
      yield customer
      this.left -= 1
    }
  }
}

/** How far the filling of segments is; null where nobody must be looked at for them. */
export function fillingOf(
  { backfilling }: Pick<LiveSegments, 'backfilling'>,
  strangers: Pick<Strangers, 'left' | 'total'>,
  { segments }: CompiledSegments,
): Filling | null {
  const left = backfilling.left + strangers.left
  if (left === 0) return null
  const total = (backfilling.left === 0 ? 0 : backfilling.total) + strangers.total
  // Of a stranger nothing is known for any segment.
  const areAll = strangers.left > 0 && backfilling.segments.length === 0
  return {
    ...{ done: total - left, total },
    segments: areAll ? segments.map(({ definition }) => definition.id) : backfilling.segments,
  }
}
