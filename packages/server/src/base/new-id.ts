import { randomFillSync } from 'node:crypto'
import { now } from './instant.ts'

const idBytes = 8
/** Drawn many at a time: each request has an id, and to ask the system costs as much as all else that makes one. */
const drawn = Buffer.allocUnsafe(1000 * idBytes)
let used = drawn.length

/** The moment of the last id, and how many were made in it before. */
let last = 0
let before = 0

/**
 * An id that nobody can guess and that sorts by the time it was made, in one process also within a millisecond: 12 hexadecimal
 * digits of milliseconds, 4 of how many came before it in that, 16 of randomness.
 *
 * @param kind what it names, put before it: `job` gives `job_018f2c…`
 */
export function newId(kind: string): string {
  const at = now()
  before = at === last ? (before + 1) % 65_536 : 0
  last = at
  return `${kind}_${hex(at, 12)}${hex(before, 4)}${randomHex()}`
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

function randomHex(): string {
  if (used === drawn.length) {
    randomFillSync(drawn)
    used = 0
  }
  used += idBytes
  return drawn.toString('hex', used - idBytes, used)
}
