/** A candidate and what it lost on each row, by fits that did not see the row. */
export interface Contender {
  readonly name: string
  /** `[n]` */
  readonly losses: Float64Array
}

/**
 * The one to take of candidates that rise in how hard they are to read: one that is harder must be better by more than the
 * standard error of the difference.
 *
 * @param measure what the losses are: `log loss`
 * @returns its place, and why in words
 *
 * @example
 * chooseByLoss([{ name: 'plain', losses: Float64Array.of(1, 1, 2) }, { name: 'rich', losses: Float64Array.of(0, 0, 1) }], 'log loss').best // 1
 */
export function chooseByLoss(
  contenders: readonly Contender[],
  measure: string,
): { readonly best: number; readonly because: string } {
  let best = 0
  for (let next = 1; next < contenders.length; next += 1) {
    const { mean, error } = gainOf(contenders[best]!.losses, contenders[next]!.losses)
    if (mean > error) best = next
  }
  const listed = contenders.map(({ name, losses }) => `${name} ${meanOf(losses).toFixed(4)}`)
  return {
    best,
    because:
      `cross-validated ${measure} within the training period: ${listed.join(', ')}; ` +
      'a richer model is taken only when it is better by more than one standard error',
  }
}

/** What the second loses less than the first a row, with the standard error of that. */
export function gainOf(first: Float64Array, second: Float64Array): { readonly mean: number; readonly error: number } {
  const gain = first.map((loss, row) => loss - second[row]!)
  const mean = meanOf(gain)
  return { mean, error: Math.sqrt(meanOf(gain.map((value) => (value - mean) ** 2)) / gain.length) }
}

export const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
