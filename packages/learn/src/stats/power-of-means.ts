import { RapportError, studentTQuantile } from '@rapport/numerics'
import { noncentralTCdf } from './distributions/noncentral-t.ts'
import type { ExperimentPowerOptions, SampleSize } from './experiment-power.ts'

/**
 * The chance that a t test finds a true difference of two means.
 *
 * @param difference true difference of the means, in their own unit
 * @param spread standard deviation of a row on both sides, > 0
 * @param sizes rows on each side, three or more together
 * @param options `significance`, two-sided. Default 0.05
 * @returns in (0, 1]; the significance when there is no difference
 * @throws RapportError `power.spread`, `power.rows`, `power.significance`, `power.difference`
 *
 * Source: Cohen, "Statistical power analysis for the behavioral sciences", 2nd ed. 1988, §2; exact by the noncentral t
 * distribution, as statsmodels' `TTestIndPower`.
 *
 * @example
 * powerOfMeans(5, 10, { treatment: 64, control: 64 }) // 0.8014…
 */
export function powerOfMeans(
  difference: number,
  spread: number,
  { treatment, control }: SampleSize,
  { significance = 0.05 }: Pick<ExperimentPowerOptions, 'significance'> = {},
): number {
  checkMeans(difference, spread, significance)
  const freedom = treatment + control - 2
  if (!(treatment >= 1 && control >= 1 && freedom >= 1 && freedom < Infinity)) {
    throw new RapportError(
      'power.rows',
      `both sides must have a row and one of them two, got ${treatment} and ${control}`,
    )
  }
  const shift = Math.abs(difference) / (spread * Math.sqrt(1 / treatment + 1 / control))
  const bar = studentTQuantile(1 - significance / 2, freedom)
  // Beyond this shift the distribution lies whole on the far side of any bar in use.
  if (shift > 37) return 1
  return 1 - noncentralTCdf(bar, freedom, shift) + noncentralTCdf(-bar, freedom, shift)
}

/** More rows than this are not looked for. */
const rowsMax = 2 ** 40

/**
 * The rows that a t test needs to find a difference of two means with the wanted power.
 *
 * @param difference to be found, ≠ 0
 * @param spread standard deviation of a row on both sides, > 0
 * @returns the fewest whole rows in all that suffice, control's share of them rounded up
 * @throws RapportError as `powerOfMeans`, `power.power`, `power.control-share`, `power.difference` also when more than 2⁴⁰ rows were needed
 *
 * @example
 * sampleSizeOfMeans(5, 10) // { treatment: 64, control: 64 }
 */
export function sampleSizeOfMeans(
  difference: number,
  spread: number,
  { significance = 0.05, power = 0.8, controlShare = 0.5 }: ExperimentPowerOptions = {},
): SampleSize {
  checkMeans(difference, spread, significance)
  if (!(power > significance && power < 1)) {
    throw new RapportError('power.power', `power must be between significance (${significance}) and 1, got ${power}`)
  }
  if (!(controlShare > 0 && controlShare < 1)) {
    throw new RapportError('power.control-share', `control-share must be between 0 and 1, got ${controlShare}`)
  }
  const sizes = (treatment: number): SampleSize => ({
    treatment,
    control: Math.max(1, Math.ceil((treatment * controlShare) / (1 - controlShare) - 1e-9)),
  })
  const isEnough = (treatment: number): boolean =>
    powerOfMeans(difference, spread, sizes(treatment), { significance }) >= power
  let high = 2
  while (!isEnough(high)) {
    high *= 2
    if (high > rowsMax)
      throw new RapportError('power.difference', `difference must be one that rows can show, got ${difference}`)
  }
  let low = high / 2
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return sizes(high)
}

function checkMeans(difference: number, spread: number, significance: number): void {
  if (!Number.isFinite(difference))
    throw new RapportError('power.difference', `difference must be finite, got ${difference}`)
  if (!(spread > 0 && spread < Infinity)) {
    throw new RapportError('power.spread', `spread must be finite and above 0, got ${spread}`)
  }
  if (significance > 0 && significance < 1) return
  throw new RapportError('power.significance', `significance must be between 0 and 1, got ${significance}`)
}
