import type { Objective } from '@rapport/numerics'
import { backEts, type EtsPass, etsPass, place, runEts } from './ets-filter.ts'
import type { EtsForm } from './ets-form.ts'
import type { EtsSpace } from './ets-space.ts'
import { largestOf } from './series.ts'

/** A form at one point of its parameters, run over a series. */
export interface EtsRun {
  readonly pass: EtsPass
  /** Sum of squared errors, relative ones where the error multiplies. */
  readonly squares: number
  /** Of the normal density, its variance at the maximum. */
  readonly logLikelihood: number
}

/** Errors below this share of the series' size count as rounding: a form that fits exactly would be infinitely likely. */
const exactShare = 1e-10

/**
 * Runs a form and says how likely it makes the series.
 *
 * @param point as laid out by `place`
 * @returns undefined outside of the form's domain
 */
export function etsRun(form: EtsForm, period: number, series: Float64Array, point: Float64Array): EtsRun | undefined {
  const pass = etsPass(series.length, period)
  if (!runEts(form, period, series, point, pass)) return undefined
  const { squares, minusTwoLog, count } = misfit(form, series, pass, floorOf(form, series))
  return { pass, squares, logLikelihood: -(minusTwoLog + count * (Math.log((2 * Math.PI) / count) + 1)) / 2 }
}

/** Minus the log-likelihood a value over the free numbers of `space`, less constants, with its gradient. */
export function etsObjective(form: EtsForm, period: number, series: Float64Array, space: EtsSpace): Objective {
  const pass = etsPass(series.length, period)
  const size = place.startSeason + (form.season === 'none' ? 0 : period)
  const [point, byPoint] = [new Float64Array(size), new Float64Array(size)]
  const [byFitted, byDifference] = [new Float64Array(series.length), new Float64Array(series.length)]
  const floor = floorOf(form, series)
  const isRelative = form.error === 'multiplicative'
  return (free, gradient) => {
    space.point(free, point)
    if (!runEts(form, period, series, point, pass)) return Infinity
    const { minusTwoLog, squares, count } = misfit(form, series, pass, floor)
    const scale = 1 / (squares + count * floor)
    for (let step = 0; step < series.length; step += 1) {
      const [difference, expected] = [pass.differences[step]!, pass.fitted[step]!]
      if (Number.isNaN(series[step])) {
        byDifference[step] = byFitted[step] = 0
      } else if (isRelative) {
        const error = difference / expected
        byDifference[step] = (scale * error) / expected
        byFitted[step] = (1 / count - scale * error * error) / expected
      } else {
        byDifference[step] = scale * difference
        byFitted[step] = 0
      }
    }
    backEts(form, period, series, point, pass, byFitted, byDifference, byPoint)
    space.gradient(free, byPoint, gradient)
    return minusTwoLog / (2 * count)
  }
}

/** Squared errors, and n log of their sum (plus the logarithms of what they are relative to). */
function misfit(
  form: EtsForm,
  series: Float64Array,
  { fitted, differences }: EtsPass,
  floor: number,
): { squares: number; minusTwoLog: number; count: number } {
  let [squares, logs, count] = [0, 0, 0]
  for (let step = 0; step < series.length; step += 1) {
    if (Number.isNaN(series[step])) continue
    count += 1
    if (form.error === 'multiplicative') {
      squares += (differences[step]! / fitted[step]!) ** 2
      logs += Math.log(fitted[step]!)
    } else {
      squares += differences[step]! ** 2
    }
  }
  return { squares, minusTwoLog: count * Math.log(squares + count * floor) + 2 * logs, count }
}

/** The variance of rounding, in the units of the form's squared errors. */
function floorOf(form: EtsForm, series: Float64Array): number {
  if (form.error === 'multiplicative') return exactShare ** 2
  return (exactShare * (largestOf(series) || 1)) ** 2
}
