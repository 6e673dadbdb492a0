import type { UsualBands } from '@rapport/learn'
import type { Instant } from '../../base/index.ts'
import { type Day, stepMs, wallSteps } from './usual/local-day.ts'
import type { NotUsual, UsualDay } from './usual/usual.ts'

/** A number beside what is usual. */
export interface Standing {
  readonly kind: 'band'
  readonly value: number
  readonly expected: number
  readonly low: number
  readonly high: number
  /** Of the band: usual, or less or more than that. */
  readonly standing: 'below' | 'usual' | 'above'
}

/** The course of the day as it usually is: at the end of each step, from the start of the day. */
export interface UsualCourse {
  readonly kind: 'bands'
  readonly expected: readonly number[]
  readonly low: readonly number[]
  readonly high: readonly number[]
}

export const standingOf = (
  value: number,
  { expected, low, high }: Omit<Standing, 'kind' | 'value' | 'standing'>,
): Standing => ({
  ...{ kind: 'band', value, expected, low, high },
  standing: value < low ? 'below' : value > high ? 'above' : 'usual',
})

/** What was sold so far, beside what is usually sold up to this moment of the day. */
export function standingSoFar(
  value: number,
  bands: UsualBands | NotUsual,
  zone: string,
  day: Day,
  at: Instant,
): Standing | NotUsual {
  if (bands.kind === 'too-short') return bands
  const steps = wallSteps(zone, day)
  const passed = (at - day.from) / stepMs
  const step = Math.min(Math.floor(passed), steps.length - 1)
  const part = Math.min(1, passed - step)
  // The bands are of the ends of steps: in one they go in a straight line.
  const of = (bound: Float64Array): number => {
    const before = step === 0 ? 0 : bound[steps[step - 1]!]!
    return before + part * (bound[steps[step]!]! - before)
  }
  return standingOf(value, { expected: of(bands.expected), low: of(bands.low), high: of(bands.high) })
}

/** `[steps of the day]` */
export function usualCourse(
  usual: UsualDay,
  measure: 'orders' | 'revenue',
  zone: string,
  day: Day,
): UsualCourse | NotUsual {
  const bands = usual.soFar[measure]
  if (bands.kind === 'too-short') return bands
  const steps = wallSteps(zone, day)
  const of = (bound: Float64Array): number[] => steps.map((step) => Number(bound[step]!.toPrecision(6)))
  return { kind: 'bands', expected: of(bands.expected), low: of(bands.low), high: of(bands.high) }
}
