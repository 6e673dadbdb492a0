import type { PredictionDefinition } from '@rapport/protocol'
import type { NotEnough } from '../../result.ts'

/** Fewer customers than this say too little to learn from, or to judge by. */
export const customersMin = 200
/** Of those it came true for, and of the others. */
export const classMin = 20

/** Why the customers of a cut are too few to learn from or judge by; undefined where they are not. */
export function tooFew(
  { target }: PredictionDefinition,
  { outcomes }: { readonly outcomes: Float64Array },
  cut: 'training' | 'hold-out',
): NotEnough | undefined {
  if (outcomes.length < customersMin) {
    return no(
      `at the ${cut} cut at least ${customersMin} customers must belong to the population, got ${outcomes.length}`,
    )
  }
  const came = outcomes.filter((value) => (target.kind === 'when' ? !Number.isNaN(value) : value > 0)).length
  const rest = outcomes.length - came
  if (target.kind === 'amount') {
    if (outcomes.some((value) => value < 0)) return no('amounts must be at least 0, some customers’ sums are below')
    return came >= classMin
      ? undefined
      : no(`at the ${cut} cut at least ${classMin} amounts must be above 0, got ${came}`)
  }
  if (target.kind === 'when') {
    return came >= classMin
      ? undefined
      : no(`at the ${cut} cut it must have happened to at least ${classMin} customers, got ${came}`)
  }
  if (came >= classMin && rest >= classMin) return undefined
  return no(
    `at the ${cut} cut it must have come true for at least ${classMin} customers and not for ${classMin}, got ${came} and ${rest}`,
  )
}

const no = (because: string): NotEnough => ({ found: false, because })
