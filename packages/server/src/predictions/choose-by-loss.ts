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
 * @param told.measure what the losses are: `log loss`
 * @param told.customerIds `[n]` whose each row is: rows of one customer are no more news than one. Default: each its own
 * @returns its place, and why in words
 *
 * @example
 * chooseByLoss([{ name: 'plain', losses: Float64Array.of(1, 1, 2) }, { name: 'rich', losses: Float64Array.of(0, 0, 1) }], { measure: 'log loss' }).best // 1
 */
export function chooseByLoss(
  contenders: readonly Contender[],
  { measure, customerIds }: { readonly measure: string; readonly customerIds?: readonly string[] },
): { readonly best: number; readonly because: string } {
  let best = 0
  for (let next = 1; next < contenders.length; next += 1) {
    const { mean, error } = gainOf(contenders[best]!.losses, contenders[next]!.losses, customerIds)
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

/**
 * What the second loses less than the first a row, with the standard error of that.
 *
 * @param customerIds `[n]` whose each row is: the error is then that of rows which go by customers. Default: each its own
 *
 * Source: Liang & Zeger, "Longitudinal data analysis using generalized linear models", Biometrika 73(1), 1986, of a mean.
 */
export function gainOf(
  first: Float64Array,
  second: Float64Array,
  customerIds?: readonly string[],
): { readonly mean: number; readonly error: number } {
  const gain = first.map((loss, row) => loss - second[row]!)
  const mean = meanOf(gain)
  const sums = customerIds ? sumsBy(customerIds, gain, mean) : gain.map((value) => value - mean)
  return { mean, error: Math.sqrt(sums.reduce((sum, own) => sum + own ** 2, 0)) / gain.length }
}

/** What each customer's rows are off the mean, added up. */
function sumsBy(customerIds: readonly string[], gain: Float64Array, mean: number): Float64Array {
  const sums = new Map<string, number>()
  gain.forEach((value, row) => {
    sums.set(customerIds[row]!, (sums.get(customerIds[row]!) ?? 0) + value - mean)
  })
  return Float64Array.from(sums.values())
}

export const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
