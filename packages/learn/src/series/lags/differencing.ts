/** One round of differencing: which value before was taken away, and the values that it was taken away from. */
export interface DifferencedFrom {
  readonly lag: number
  /** What the round was given; without missing values where it is to be undone. */
  readonly values: Float64Array
}

/**
 * Each value less the one `lag` before, round after round.
 *
 * @returns what each round was given, and what is left, `[n]`: NaN in the first places, which have nothing before them
 */
export function differenced(
  series: Float64Array,
  lags: readonly number[],
): { readonly rounds: readonly DifferencedFrom[]; readonly left: Float64Array } {
  const rounds: DifferencedFrom[] = []
  let left = series
  for (const lag of lags) {
    const values = left
    rounds.push({ lag, values })
    left = values.map((value, at) => (at < lag ? Number.NaN : value - values[at - lag]!))
  }
  return { rounds, left }
}

/**
 * Undoes `differenced` for steps ahead.
 *
 * @param steps `[horizon]` what is left
 * @param end place before which all is known of what the rounds were given; left out, it is their end
 */
export function restored(rounds: readonly DifferencedFrom[], steps: Float64Array, end?: number): Float64Array {
  return rounds.reduceRight((ahead, { lag, values }) => {
    const first = (end ?? values.length) - lag
    const sums = new Float64Array(ahead.length)
    for (let step = 0; step < sums.length; step += 1) {
      sums[step] = ahead[step]! + (step < lag ? values[first + step]! : sums[step - lag]!)
    }
    return sums
  }, steps)
}
