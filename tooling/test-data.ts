import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder =
  process.env['RAPPORT_DATA'] ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'shared', 'data', 'public')

/** What this run may not skip: `data`, `chromium`, … from RAPPORT_REQUIRE. */
const required = new Set((process.env['RAPPORT_REQUIRE'] ?? '').split(',').filter((name) => name !== ''))

/**
 * Whether a test that needs `name` is to be skipped because it is missing here. A run that requires it never skips:
 * the test then fails on what is missing, and says so.
 */
export const isSkipped = (name: string, isThere: boolean): boolean => !isThere && !required.has(name)

/** True when the real data sets are not on this machine and the run does not require them. */
export const withoutData = isSkipped('data', existsSync(folder))

/** Path of a file of the real data sets: `dataPath('cdnow', 'CDNOW_sample.txt')`. */
export const dataPath = (...parts: readonly string[]): string => join(folder, ...parts)
