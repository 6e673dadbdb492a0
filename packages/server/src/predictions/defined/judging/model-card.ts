import type { Quality } from '../methods/method.ts'
import type { GroupQuality } from './groups.ts'

/** What a reader of a model about customers must know before trusting it. Kept with the model. */
export interface ModelCard {
  readonly kind: 'customers'
  readonly prediction: string
  /** What is predicted, in words. */
  readonly predicts: string
  readonly population: unknown
  readonly horizonDays: number
  readonly data: {
    /** ISO 8601. */
    readonly from: string
    readonly trainedAsOf: string
    readonly judgedAsOf: string
    readonly until: string
  }
  /** Customers asked about at each cut; `outcome` is the share it came true for, or the mean. */
  readonly customers: {
    readonly training: AskedCount
    readonly holdOut: AskedCount
  }
  readonly consent: { readonly purpose: string; readonly words: string }
  /** Methods tried, the plainest first; those that the time did not reach. */
  readonly tried: readonly string[]
  readonly notTried: readonly string[]
  readonly method: string
  readonly chosenBecause: string
  /** On the hold-out. */
  readonly quality: Quality
  readonly baseline: Quality
  /** What the model loses less than the baseline a customer, on the hold-out; its standard error. */
  readonly gain: { readonly mean: number; readonly error: number; readonly words: string }
  readonly drivers: readonly { readonly feature: string; readonly label: string; readonly importance: number }[]
  readonly groups: readonly GroupQuality[]
  /** Features whose windows reach back beyond the records. */
  readonly leftOut: readonly string[]
  readonly limits: readonly string[]
  readonly seconds: number
}

export interface AskedCount {
  readonly population: number
  readonly used: number
  readonly withoutConsent: number
  readonly outcome: number
}

/** Whether the model beats its baseline beyond chance, in words. */
export function gainWords(measure: string, { mean, error }: { mean: number; error: number }): string {
  if (mean === 0 && error === 0) return 'the baseline itself serves: nothing that was tried tells more'
  const figure = `${measure} ${Math.abs(mean).toFixed(4)} (± ${(1.96 * error).toFixed(4)})`
  if (Math.abs(mean) <= 1.96 * error) return `no better and no worse than the baseline beyond chance: ${figure} apart`
  return mean > 0 ? `better than the baseline by ${figure}` : `worse than the baseline by ${figure}`
}

/** What must be borne in mind, from what was seen. */
export function limitsOf(
  groups: readonly GroupQuality[],
  { quality, gain, shared }: { readonly quality: Quality; readonly gain: ModelCard['gain']; readonly shared: boolean },
): string[] {
  const off = groups.filter(({ isOff }) => isOff)
  return [
    'it tells who is likely to, not whom a message would move: for that customers must be compared with others who had none',
    ...(shared ? ['judged on a random sample of a larger population'] : []),
    ...(gain.mean <= 1.96 * gain.error ? [gain.words] : []),
    ...off.map(
      ({ trait, group, predicted, seen }) =>
        `for ${trait} ${group} it says ${predicted.toPrecision(3)} on average, seen was ${seen.toPrecision(3)}`,
    ),
    ...(quality.calibration.some(({ predicted, interval }) => predicted < interval.low || predicted > interval.high)
      ? ['in some bins of the hold-out what it says lies outside what chance allows: see the calibration']
      : []),
  ]
}
