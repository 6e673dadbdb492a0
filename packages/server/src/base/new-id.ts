import { randomFillSync } from 'node:crypto'
import { now } from './instant.ts'

const idBytes = 10
/** Drawn many at a time: each request has an id, and to ask the system costs as much as all else that makes one. */
const drawn = Buffer.allocUnsafe(1000 * idBytes)
let used = drawn.length

/**
 * An id that nobody can guess and that sorts by the time it was made: 12 hexadecimal digits of milliseconds, 20 of
 * randomness.
 *
 * @param kind what it names, put before it: `job` gives `job_018f2c…`
 */
export function newId(kind: string): string {
  return `${kind}_${now().toString(16).padStart(12, '0')}${randomHex()}`
}

function randomHex(): string {
  if (used === drawn.length) {
    randomFillSync(drawn)
    used = 0
  }
  used += idBytes
  return drawn.toString('hex', used - idBytes, used)
}
