import type { PredictionDefinition } from '@rapport/protocol'
import { type Instant, isoOf } from '../../../base/index.ts'

/** Fewer customers than this say too little to learn from, or to judge by. */
export const customersMin = 200
/** Of those it came true for, and of the others. */
export const classMin = 20

interface Asked {
  readonly cut: Instant
  readonly outcomes: Float64Array
  /** Of the population, left out for want of consent. */
  readonly withoutConsent: number
}

/** Why the customers of a cut do not do. */
export interface TooFew {
  readonly because: string
  readonly cut: Instant
}

/** Why the customers of a cut are too few to learn from or judge by, and how many are missing; undefined where they are not. */
export function tooFew(
  { target, purpose }: Pick<PredictionDefinition, 'target' | 'purpose'>,
  { cut, outcomes, withoutConsent }: Asked,
  which: 'training' | 'hold-out',
): TooFew | undefined {
  const at = `at the ${which} cut (${isoOf(cut).slice(0, 10)})`
  const no = (because: string): TooFew => ({ because: `${at} ${because}`, cut })
  if (outcomes.length < customersMin) {
    const missing = customersMin - outcomes.length
    const left = withoutConsent === 0 ? '' : ` (${withoutConsent} more do not agree to ${purpose})`
    return no(
      `at least ${customersMin} customers must belong to the population, got ${outcomes.length}: ${missing} more are needed${left}`,
    )
  }
  const came = outcomes.filter((value) => (target.kind === 'when' ? !Number.isNaN(value) : value > 0)).length
  const rest = outcomes.length - came
  const missing = `${classMin - came} more are needed`
  if (target.kind === 'amount') {
    if (outcomes.some((value) => value < 0)) return no('amounts must be at least 0, some customers’ sums are below')
    return came >= classMin
      ? undefined
      : no(`at least ${classMin} amounts must be above 0, got ${came} of ${outcomes.length}: ${missing}`)
  }
  if (target.kind === 'when') {
    return came >= classMin
      ? undefined
      : no(`it must have happened to at least ${classMin} customers, got ${came} of ${outcomes.length}: ${missing}`)
  }
  if (came >= classMin && rest >= classMin) return undefined
  const short =
    came < classMin
      ? `${missing} whom it comes true for`
      : `${classMin - rest} more are needed whom it does not come true for`
  return no(
    `it must have come true for at least ${classMin} customers and not for ${classMin}, got ${came} and ${rest}: ${short}`,
  )
}
