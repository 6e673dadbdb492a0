import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { withoutData } from '../test-data.ts'
import type { Part } from './parts.ts'
import { type ProofRow, root, rowsFile } from './rows-file.ts'

/** What a claim's measurement came to. */
export interface Measured {
  readonly figure: string
  /** Whether the numbers are what the claim asks. */
  readonly isMet: boolean
}

export interface Claim {
  /** `part-what`: unique. */
  readonly name: `${Part}-${string}`
  /** What must be shown, with its target, as the row says it. */
  readonly claim: string
  /** Why it cannot be tried on this machine; undefined when it can. */
  readonly cannot?: string | undefined
  readonly measure: () => Promise<Measured> | Measured
}

/** The reason of claims that need the real data sets; undefined where they are. */
export const needsData = withoutData ? 'the real data sets are not on this machine' : undefined

/**
 * Declares one claim as a test of the same name, whose row goes to docs/proof.md. The row is written whatever comes of
 * it: a missed target is shown as missed, and fails the test.
 *
 * @param cannot rows that cannot be tried keep the figure they had, or say why there is none; under RAPPORT_REQUIRE a
 * claim for want of data is tried all the same, and fails on it
 */
export function prove({ name, claim, cannot, measure }: Claim): void {
  test(`${name}: ${claim}`, async (context) => {
    if (cannot !== undefined) {
      keepRow({ name, outcome: 'not run', figure: cannot, commit: '' })
      context.skip(cannot)
    }
    const measured = await tryMeasuring(measure)
    keepRow({ name, outcome: measured.isMet ? 'met' : 'missed', figure: measured.figure, commit: commitNow() })
    console.log(`${name}: ${measured.figure}`)
    expect(measured.isMet, measured.figure).toBe(true)
  })
}

/** A measurement that throws is a missed claim with its error for a figure. */
async function tryMeasuring(measure: Claim['measure']): Promise<Measured> {
  try {
    return await measure()
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return { figure: `failed: ${words.split('\n').slice(0, 3).join(' ').slice(0, 400)}`, isMet: false }
  }
}

function keepRow(row: ProofRow): void {
  mkdirSync(dirname(rowsFile()), { recursive: true })
  appendFileSync(rowsFile(), `${JSON.stringify(row)}\n`)
}

/** The commit that was measured; a plus after it says that the code had changes beside it. */
function commitNow(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  try {
    const isChanged = git('status', '--porcelain', '--', 'packages', 'benchmarks') !== ''
    return `${git('rev-parse', '--short', 'HEAD')}${isChanged ? '+' : ''}`
  } catch {
    return 'no checkout'
  }
}

/** The numbers of a table of figures joined in words: `a 0.1230, b 0.4560`. */
export const inWords = (numbers: Readonly<Record<string, number>>, digits: number): string =>
  Object.entries(numbers)
    .map(([name, value]) => `${name} ${value.toFixed(digits)}`)
    .join(', ')

export const count = (n: number): string => n.toLocaleString('en')
