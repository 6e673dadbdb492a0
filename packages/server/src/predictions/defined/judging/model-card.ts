import { significant } from '../../../base/index.ts'
import { intervalFigure, type Quality } from '../methods/method.ts'
import type { Apart, Grouping } from './groups.ts'

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
    /** The newest moment that it learned from. */
    readonly trainedAsOf: string
    /** All of them, a horizon apart, the newest first. */
    readonly trainingCuts: readonly string[]
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
  /** By traits that are known, one by one and two together. */
  readonly groups: readonly Grouping[]
  /** Features whose windows reach back beyond the records. */
  readonly leftOut: readonly string[]
  readonly limits: readonly string[]
  readonly seconds: number
}

export interface AskedCount {
  /** At the newest cut. */
  readonly population: number
  /** Customers. */
  readonly used: number
  /** Customers at moments: one who was asked about at three cuts counts three times. */
  readonly rows: number
  /** At the newest cut. */
  readonly withoutConsent: number
  readonly outcome: number
}

/** Whether the model beats its baseline beyond chance, in words. */
export function gainWords(measure: string, { mean, error }: { mean: number; error: number }): string {
  if (mean === 0 && error === 0) return 'the baseline itself serves: nothing that was tried tells more'
  const figure = `${measure} ${Math.abs(mean).toFixed(4)} (95 %: ± ${(1.96 * error).toFixed(4)})`
  if (Math.abs(mean) <= 1.96 * error) return `no better and no worse than the baseline beyond chance: ${figure} apart`
  return mean > 0 ? `better than the baseline by ${figure}` : `worse than the baseline by ${figure}`
}

/** What must be borne in mind, from what was seen. */
export function limitsOf(
  groups: readonly Grouping[],
  { quality, gain, shared }: { readonly quality: Quality; readonly gain: ModelCard['gain']; readonly shared: boolean },
): string[] {
  return [
    'it tells who is likely to, not whom a message would move: for that customers must be compared with others who had none',
    ...(shared ? ['judged on a random sample of a larger population'] : []),
    ...(gain.mean <= 1.96 * gain.error ? [gain.words] : []),
    ...quality.figures.flatMap(({ name, value, interval }) =>
      name === intervalFigure && interval !== null && interval.high < 0.8
        ? [`intervals that are to hold 80 % of outcomes held ${Math.round(100 * value)} % of them on the hold-out`]
        : [],
    ),
    ...groupLimits(groups),
    ...(quality.calibration.some(({ predicted, interval }) => predicted < interval.low || predicted > interval.high)
      ? ['in some bins of the hold-out what it says lies outside what chance allows: see the calibration']
      : []),
  ]
}

/** What of groups is beyond chance; of two traits together only where neither shows it by itself. */
function groupLimits(groups: readonly Grouping[]): string[] {
  return (['seen less predicted', 'found'] as const).flatMap((measure) => {
    const shown: string[] = []
    return groups.flatMap(({ traits, apart }) => {
      const gap = apart.find((one) => one.measure === measure)
      if (gap === undefined || gap.interval.low <= 0 || traits.some((trait) => shown.includes(trait))) return []
      shown.push(...traits)
      return [gapWords(gap, traits)]
    })
  })
}

/** How groups are called: `gender female, age 25 to 34`. */
export const groupWords = (traits: readonly string[], values: readonly (string | null)[]): string =>
  traits.map((trait, at) => `${trait} ${values[at] ?? 'not known'}`).join(', ')

function gapWords({ measure, value, interval, highest, lowest }: Apart, traits: readonly string[]): string {
  const [most, least] = [groupWords(traits, highest), groupWords(traits, lowest)]
  const figure = `${significant(value, 2)} (${significant(interval.low, 2)} to ${significant(interval.high, 2)})`
  return measure === 'found'
    ? `of those it comes true for, it finds more of ${most} than of ${least}: shares ${figure} apart`
    : `it is not as right about all: what came, less what it says, is ${figure} higher for ${most} than for ${least}`
}
