/**
 * How far the responses to treatments are from those of the control: `kl` Kullback-Leibler, `euclidean` twice the squared
 * distance, `chi-squared` the squared distance over the control's shares.
 */
export type Divergence = 'kl' | 'euclidean' | 'chi-squared'

/** Shares stay this far from 0 and 1 where they divide. */
const smallest = 1e-6

/**
 * The divergence of each treatment's share of responders from the control's, summed.
 *
 * @param rates `[arms]` shares of responders, the control's first
 */
export function divergenceOf(kind: Divergence, rates: Float64Array): number {
  const between = kind === 'kl' ? kullbackLeibler : kind === 'euclidean' ? euclidean : chiSquared
  let sum = 0
  for (let arm = 1; arm < rates.length; arm += 1) sum += between(rates[arm]!, rates[0]!)
  return sum
}

/** Of two shares of responders; 0 where the control never responds, as in causalml. */
export function kullbackLeibler(treated: number, control: number): number {
  if (control === 0) return 0
  const share = Math.min(Math.max(control, smallest), 1 - smallest)
  if (treated === 0) return -Math.log(1 - share)
  if (treated === 1) return -Math.log(share)
  return treated * Math.log(treated / share) + (1 - treated) * Math.log((1 - treated) / (1 - share))
}

const euclidean = (treated: number, control: number): number => 2 * (treated - control) ** 2

function chiSquared(treated: number, control: number): number {
  const square = (treated - control) ** 2
  return square / Math.max(control, smallest) + square / Math.max(1 - control, smallest)
}
