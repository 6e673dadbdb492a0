import type { PredictionDefinition } from '@rapport/protocol'
import { type Instant, isoOf } from '../../../base/index.ts'

/** Fewer customers than this say too little to learn from, or to judge by. */
export const customersMin = 200
/** Of those it came true for, and of the others. */
export const classMin = 20

interface Asked {
  readonly cut: Instant
  readonly customerIds: readonly string[]
  readonly outcomes: Float64Array
  /** Of the population, left out for want of consent. */
  readonly withoutConsent: number
}

/** Why the customers of a cut do not do. */
export interface TooFew {
  readonly because: string
  readonly cut: Instant
}

/**
 * Why the customers of some cuts are too few to learn from or judge by, and how many are missing; undefined where they are
 * not. A customer who is asked about at several cuts counts once.
 *
 * @param asked the newest first, at least one
 */
export function tooFew(
  { target, purpose }: Pick<PredictionDefinition, 'target' | 'purpose'>,
  asked: readonly Asked[],
  which: 'training' | 'hold-out',
): TooFew | undefined {
  const [{ cut, withoutConsent }] = asked as [Asked]
  const no = (because: string): TooFew => ({ because: `${cutWords(asked, which)} ${because}`, cut })
  const all = customersOf(asked, () => true)
  if (all < customersMin) {
    const left = withoutConsent === 0 ? '' : ` (${withoutConsent} more do not agree to ${purpose})`
    return no(
      `at least ${customersMin} customers must belong to the population, got ${all}: ${customersMin - all} more are needed${left}`,
    )
  }
  const isTrue = (value: number): boolean => (target.kind === 'when' ? !Number.isNaN(value) : value > 0)
  const came = customersOf(asked, isTrue)
  const missing = `${classMin - came} more are needed`
  if (target.kind === 'amount') {
    if (asked.some(({ outcomes }) => outcomes.some((value) => value < 0)))
      return no('amounts must be at least 0, some customers’ sums are below')
    return came >= classMin
      ? undefined
      : no(`at least ${classMin} customers must have amounts above 0, got ${came} of ${all}: ${missing}`)
  }
  if (target.kind === 'when') {
    return came >= classMin
      ? undefined
      : no(`it must have happened to at least ${classMin} customers, got ${came} of ${all}: ${missing}`)
  }
  const rest = customersOf(asked, (value) => !isTrue(value))
  if (came >= classMin && rest >= classMin) return undefined
  const short =
    came < classMin
      ? `${missing} whom it comes true for`
      : `${classMin - rest} more are needed whom it does not come true for`
  return no(
    `it must have come true for at least ${classMin} customers and not for ${classMin}, got ${came} and ${rest}: ${short}`,
  )
}

/** Customers of whom some outcome is as wanted. */
const customersOf = (asked: readonly Asked[], isWanted: (value: number) => boolean): number =>
  new Set(asked.flatMap(({ customerIds, outcomes }) => customerIds.filter((_, row) => isWanted(outcomes[row]!)))).size

function cutWords(asked: readonly Asked[], which: string): string {
  const days = asked.map(({ cut }) => isoOf(cut).slice(0, 10))
  return days.length === 1
    ? `at the ${which} cut (${days[0]})`
    : `at the ${days.length} ${which} cuts (${days.at(-1)} to ${days[0]})`
}
