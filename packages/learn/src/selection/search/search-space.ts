import { type Random, RapportError } from '@rapport/numerics'

/** Where an option's number is drawn from, both ends included. */
export interface SearchRange {
  readonly from: number
  readonly to: number
  /** `log` draws the logarithm evenly: for penalties and learning rates; from > 0. `whole` draws whole numbers. Default `even`. */
  readonly scale?: 'even' | 'log' | 'whole'
}

/** What is tried for each option: a list of values, or a range for those that are drawn. */
export type SearchSpace<Options> = {
  readonly [Name in keyof Options]: readonly Options[Name][] | (Options[Name] extends number ? SearchRange : never)
}

/**
 * Every combination of listed values, the last option changing fastest.
 *
 * @throws RapportError `search.space` when an option has no values, or a range
 */
export function gridOf<Options extends object>(space: SearchSpace<Options>): Options[] {
  let combinations: Record<string, unknown>[] = [{}]
  for (const [name, values] of Object.entries<readonly unknown[] | SearchRange>(space)) {
    if (!Array.isArray(values) || values.length === 0) {
      throw new RapportError('search.space', `a grid must list at least one value of ${name}`)
    }
    combinations = combinations.flatMap((one) => values.map((value: unknown) => ({ ...one, [name]: value })))
  }
  return combinations as Options[]
}

/**
 * Draws one combination: each option by itself, values of a list with equal chance.
 *
 * @throws RapportError `search.space` when an option has no values, or its range is empty or not finite
 */
export function drawFrom<Options extends object>(space: SearchSpace<Options>, random: Random): Options {
  const drawn = Object.entries<readonly unknown[] | SearchRange>(space).map(([name, values]) => {
    if ('from' in values) return [name, numberFrom(name, values, random)]
    if (values.length === 0) throw new RapportError('search.space', `${name} must have at least one value, got none`)
    return [name, values[random.integer(values.length)]]
  })
  return Object.fromEntries(drawn) as Options
}

function numberFrom(name: string, { from, to, scale = 'even' }: SearchRange, random: Random): number {
  const isWhole = scale !== 'whole' || (Number.isInteger(from) && Number.isInteger(to))
  if (!(Number.isFinite(from) && Number.isFinite(to) && from <= to && isWhole && (scale !== 'log' || from > 0))) {
    throw new RapportError('search.space', `${name} must have a ${scale} range that is not empty, got ${from} to ${to}`)
  }
  if (scale === 'whole') return from + random.integer(to - from + 1)
  if (scale === 'even') return from + (to - from) * random.uniform()
  // Rounding must not leave the range.
  return Math.min(to, Math.max(from, Math.exp(Math.log(from) + (Math.log(to) - Math.log(from)) * random.uniform())))
}
