import { storable } from '../../base/index.ts'
import type { KeptMovement } from './kept-movement.ts'

/** A movement as a line of its file: see `movements.sql`, which reads it. */
export function movementLine({
  number,
  segment,
  version,
  sequence,
  customer,
  at,
  isEntry,
  reason,
}: KeptMovement): string {
  const { because, clauses } = reason
  const line = { n: number, s: segment, v: version, q: sequence, c: customer, t: at, e: isEntry, b: because }
  return storable(`${JSON.stringify(clauses.length === 0 ? line : { ...line, w: clauses })}\n`)
}
