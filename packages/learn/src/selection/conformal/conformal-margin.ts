import { RapportError } from '@rapport/numerics'

/** There are too few rows for a promise at this confidence. */
export interface TooFewRows {
  readonly kind: 'too-few-rows'
  /** Rows that it takes at least. */
  readonly rowsMin: number
  /** The same in words. */
  readonly message: string
}

/**
 * The ⌈(n + 1) confidence⌉-th smallest of n nonconformity scores: a new row of the same kind stays at or below it with at least
 * that chance, whatever the model and the distribution.
 *
 * @param method begins the codes of errors
 * @param scores `[n]` without NaN
 * @throws RapportError `<method>.confidence`
 *
 * Source: Vovk, Gammerman & Shafer, *Algorithmic learning in a random world*, 2005, ch. 2.
 */
export function conformalMargin(method: string, scores: Float64Array, confidence: number): number | TooFewRows {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RapportError(`${method}.confidence`, `confidence must be between 0 and 1, got ${confidence}`)
  }
  // Rounding must not turn 0.9 × 10 = 9 into the tenth.
  const rank = Math.ceil((scores.length + 1) * confidence * (1 - 4 * Number.EPSILON))
  if (rank > scores.length) {
    const rowsMin = Math.ceil(confidence / (1 - confidence) - 1e-9)
    const message = `a promise of ${confidence} takes at least ${rowsMin} rows, got ${scores.length}`
    return { kind: 'too-few-rows', rowsMin, message }
  }
  return scores.slice().sort()[rank - 1]!
}
