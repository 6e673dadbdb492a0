import { randomBytes } from 'node:crypto'
import { now } from './instant.ts'

/**
 * An id that nobody can guess and that sorts by the time it was made: 12 hexadecimal digits of milliseconds, 20 of
 * randomness.
 *
 * @param kind what it names, put before it: `job` gives `job_018f2c…`
 */
export function newId(kind: string): string {
  return `${kind}_${now().toString(16).padStart(12, '0')}${randomBytes(10).toString('hex')}`
}
