import { normalCdf, normalQuantile, RapportError } from '@rapport/numerics'

/** How sure an experiment is to be, when it compares two shares. */
export interface ExperimentPowerOptions {
  /** Chance of calling a difference where there is none, two-sided, in (0, 1). Default 0.05. */
  readonly significance?: number
  /** Chance of finding the difference where there is one, in (significance, 1). Default 0.8. */
  readonly power?: number
  /** Share of the rows that is held out as control, in (0, 1). Default 0.5. */
  readonly controlShare?: number
}

/** Expected successes, and failures, on each side below which shares do not follow the normal curve. */
const expectedMin = 5

/** Rows that an experiment needs. */
export interface SampleSize {
  readonly treatment: number
  readonly control: number
}

/**
 * The chance that an experiment finds a true difference of two shares.
 *
 * @param baseline share of successes without treatment, in (0, 1)
 * @param relativeLift what treatment changes it by: 0.1 makes 5 % into 5.5 %; not below −1
 * @param sizes rows on each side, each > 0
 * @returns in (0, 1); the significance when there is no difference
 * @throws RapportError `power.baseline`, `power.lift`, `power.significance`, `power.rows`
 *
 * Source: normal approximation with each side's own variance; Fleiss, "Statistical methods for rates and proportions",
 * 3rd ed. 2003, §4.
 *
 * @example
 * powerOfExperiment(0.05, 0.1, { treatment: 31_231, control: 31_231 }) // 0.80…
 */
export function powerOfExperiment(
  baseline: number,
  relativeLift: number,
  { treatment, control }: SampleSize,
  { significance = 0.05 }: Pick<ExperimentPowerOptions, 'significance'> = {},
): number {
  const treated = treatedShare(baseline, relativeLift)
  checkFraction('significance', significance)
  if (!(treatment > 0 && control > 0)) {
    throw new RapportError('power.rows', `both sides must have rows, got ${treatment} and ${control}`)
  }
  const error = Math.sqrt((treated * (1 - treated)) / treatment + (baseline * (1 - baseline)) / control)
  const distance = Math.abs(treated - baseline) / error
  const bar = normalQuantile(1 - significance / 2)
  // The far tail, a significant result in the wrong direction, counts by the definition of a two-sided test.
  return normalCdf(distance - bar) + normalCdf(-distance - bar)
}

/**
 * The rows that an experiment needs to find a relative lift with the wanted power.
 *
 * @param baseline share of successes without treatment, in (0, 1)
 * @param relativeLift ≠ 0, not below −1, with baseline × (1 + lift) < 1
 * @returns whole rows, rounded up on each side
 * @throws RapportError `power.baseline`, `power.lift`, `power.significance`, `power.power`, `power.control-share`
 *
 * @example
 * sampleSize(0.05, 0.1) // { treatment: 31231, control: 31231 }
 */
export function sampleSize(baseline: number, relativeLift: number, options: ExperimentPowerOptions = {}): SampleSize {
  const { significance, power, controlShare } = checkedOptions(options)
  const treated = treatedShare(baseline, relativeLift)
  if (relativeLift === 0) throw new RapportError('power.lift', 'relativeLift must not be 0, no number of rows shows it')
  const variance = (treated * (1 - treated)) / (1 - controlShare) + (baseline * (1 - baseline)) / controlShare
  const rows = variance * (distanceNeeded(significance, power) / (treated - baseline)) ** 2
  return { treatment: Math.ceil(rows * (1 - controlShare)), control: Math.ceil(rows * controlShare) }
}

/**
 * The smallest relative lift upwards that an experiment of this size would find with the wanted power.
 *
 * @param rows in all, on both sides together, > 0
 * @returns > 0; or `too-few-rows` when no lift would be found, or a side would have fewer than five expected successes
 *   or failures, where the normal approximation and so the answer cannot be trusted
 * @throws RapportError as `sampleSize`
 *
 * @example
 * minimumDetectableLift(0.05, 62_462) // { defined: true, lift: 0.0999… }
 */
export function minimumDetectableLift(
  baseline: number,
  rows: number,
  options: ExperimentPowerOptions = {},
): { readonly defined: true; readonly lift: number } | { readonly defined: false; readonly because: 'too-few-rows' } {
  const { significance, power, controlShare } = checkedOptions(options)
  if (!(rows > 0)) throw new RapportError('power.rows', `rows must be above 0, got ${rows}`)
  const most = (1 - treatedShare(baseline, 0)) / baseline
  const distance = distanceNeeded(significance, power)
  const isFound = (lift: number): boolean => {
    const treated = baseline * (1 + lift)
    const variance =
      (treated * (1 - treated)) / (rows * (1 - controlShare)) + (baseline * (1 - baseline)) / (rows * controlShare)
    return treated - baseline >= distance * Math.sqrt(Math.max(variance, 0))
  }
  if (!isFound(most)) return { defined: false, because: 'too-few-rows' }
  // Distance over error rises with the lift, so halving finds the border; 60 halvings leave no digit open.
  let low = 0
  let high = most
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (low + high) / 2
    if (isFound(middle)) high = middle
    else low = middle
  }
  const treated = baseline * (1 + high)
  const fewest = Math.min(
    rows * controlShare * Math.min(baseline, 1 - baseline),
    rows * (1 - controlShare) * Math.min(treated, 1 - treated),
  )
  return fewest >= expectedMin ? { defined: true, lift: high } : { defined: false, because: 'too-few-rows' }
}

/**
 * Whole days until an experiment has the rows that it needs.
 *
 * @param rowsPerDay new rows a day, both sides together, > 0
 * @throws RapportError `power.rows-per-day`, and as `sampleSize`
 *
 * @example
 * experimentDays(0.05, 0.1, 2_000) // 32
 */
export function experimentDays(
  baseline: number,
  relativeLift: number,
  rowsPerDay: number,
  options: ExperimentPowerOptions = {},
): number {
  if (!(rowsPerDay > 0)) throw new RapportError('power.rows-per-day', `rowsPerDay must be above 0, got ${rowsPerDay}`)
  const { treatment, control } = sampleSize(baseline, relativeLift, options)
  return Math.ceil((treatment + control) / rowsPerDay)
}

/** Standard errors between the two shares; the far tail of the two-sided test, below 1e-6 here, is left out. */
const distanceNeeded = (significance: number, power: number): number =>
  normalQuantile(1 - significance / 2) + normalQuantile(power)

function treatedShare(baseline: number, relativeLift: number): number {
  if (!(baseline > 0 && baseline < 1)) {
    throw new RapportError('power.baseline', `baseline must be between 0 and 1, got ${baseline}`)
  }
  const treated = baseline * (1 + relativeLift)
  if (!(treated >= 0 && treated <= 1)) {
    throw new RapportError(
      'power.lift',
      `baseline × (1 + relativeLift) must be 0 … 1, got ${baseline} × ${1 + relativeLift}`,
    )
  }
  return treated
}

function checkedOptions({
  significance = 0.05,
  power = 0.8,
  controlShare = 0.5,
}: ExperimentPowerOptions): Required<ExperimentPowerOptions> {
  checkFraction('significance', significance)
  checkFraction('control-share', controlShare)
  if (!(power > significance && power < 1)) {
    throw new RapportError('power.power', `power must be between significance (${significance}) and 1, got ${power}`)
  }
  return { significance, power, controlShare }
}

function checkFraction(name: string, value: number): void {
  if (!(value > 0 && value < 1))
    throw new RapportError(`power.${name}`, `${name} must be between 0 and 1, got ${value}`)
}
