import type { Movement } from '../live/movement.ts'

/** A movement that is on disk, and so may be told. */
export interface KeptMovement extends Omit<Movement, 'customer'> {
  /** 1, 2, 3 … of the store, in the order in which they are told; after a crash and an erasure some are missing. */
  readonly number: number
  /** Null where whoever left was erased. */
  readonly customer: string | null
}

/** As it is told to programs: over HTTP and to receivers. */
export interface ToldMovement {
  /** The same in every telling: receivers know by it what they had before. */
  readonly id: string
  readonly type: 'segment.entered' | 'segment.left'
  readonly number: number
  readonly segment: string
  readonly version: number
  readonly sequence: number
  readonly customerId: string | null
  /** ISO 8601, to the millisecond. */
  readonly at: string
  readonly because: Movement['reason']['because']
  readonly clauses: Movement['reason']['clauses']
}

export function toldOf(movement: KeptMovement): ToldMovement {
  const { number, segment, version, sequence, customer, at, isEntry, reason } = movement
  return {
    ...{ id: `${segment}/${sequence}`, type: isEntry ? 'segment.entered' : 'segment.left' },
    ...{ number, segment, version, sequence, customerId: customer, at: new Date(at).toISOString() },
    ...{ because: reason.because, clauses: reason.clauses },
  }
}
