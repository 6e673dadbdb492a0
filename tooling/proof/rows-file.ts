import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Where one run's rows are collected, a JSON object a line; the reporter gives each run a file of its own. */
export const rowsFile = (): string => process.env['RAPPORT_PROOF_ROWS'] ?? join(root, 'test-output', 'proof.jsonl')

/** What came of a claim: it held, it did not, or it could not be tried here. */
type Outcome = 'met' | 'missed' | 'not run'

export interface ProofRow {
  /** Unique; also what its command selects. */
  readonly name: string
  readonly outcome: Outcome
  /** The numbers in words, or why there are none. */
  readonly figure: string
  /** Short hash; '' when nothing was measured. */
  readonly commit: string
}
