import { columnOf, type Matrix } from '@rapport/numerics'
import type { Feature } from '../features/index.ts'
import type { CustomerRows } from './customer-rows.ts'

/** Why a customer's probability is what it is; stored with the score. */
export interface Reason {
  readonly feature: string
  /** Null where it is missing; a category by its name. */
  readonly value: number | string | null
  /** What it moves the score by (log odds, or a logarithm of an amount), against an average customer. */
  readonly effect: number
  readonly words: string
}

export const reasonsPerCustomer = 3

/** How an effect is told: what one that raises the score does, and one that lowers it. */
export interface EffectWords {
  readonly raises: string
  readonly lowers: string
}

/**
 * The strongest effects on one customer's score, strongest first; none where none of the named features has one.
 *
 * @param named positions of the features that may be a reason
 */
export function reasonsOf(
  rows: CustomerRows,
  effects: Matrix,
  row: number,
  usual: Float64Array,
  named: ReadonlySet<number>,
  told: EffectWords,
): readonly Reason[] {
  const own = effects.values.subarray(row * effects.columns, (row + 1) * effects.columns)
  return strongest(own, named).map((column) => {
    const feature = rows.features[column]!
    const value = rows.matrix.values[row * rows.matrix.columns + column]!
    const effect = own[column]!
    const category = rows.categories.get(feature.name)?.[value]
    return {
      feature: feature.name,
      value: Number.isNaN(value) ? null : (category ?? value),
      effect,
      words: words(feature, value, category, effect > 0 ? told.raises : told.lowers, usual[column]!),
    }
  })
}

/** `[features]` the median of each number over training: what a value is compared with in words. */
export function usualValues({ matrix: data }: CustomerRows): Float64Array {
  return Float64Array.from({ length: data.columns }, (_, column) => {
    const present = columnOf(data, column)
      .filter((value) => !Number.isNaN(value))
      .sort()
    return present.length === 0 ? Number.NaN : present[Math.floor(present.length / 2)]!
  })
}

/** Positions of the largest absolute effects that are not 0; equal ones in the catalogue's order. */
function strongest(effects: ArrayLike<number>, named: ReadonlySet<number>): readonly number[] {
  const found: number[] = []
  for (let column = 0; column < effects.length; column += 1) {
    const size = Math.abs(effects[column]!)
    if (size === 0 || !named.has(column)) continue
    let place = found.length
    while (place > 0 && Math.abs(effects[found[place - 1]!]!) < size) place -= 1
    if (place < reasonsPerCustomer) {
      found.splice(place, 0, column)
      if (found.length > reasonsPerCustomer) found.pop()
    }
  }
  return found
}

function words(
  feature: Feature,
  value: number,
  category: string | undefined,
  direction: string,
  usual: number,
): string {
  if (Number.isNaN(value)) return `${feature.label}: ${feature.missing}, ${direction}`
  if (feature.type === 'category') return `${feature.label}: ${category ?? 'unknown'}, ${direction}`
  const middle = Number.isNaN(usual) ? '' : ` (usually ${amount(usual, feature.unit)})`
  return `${feature.label}: ${amount(value, feature.unit)}${middle}, ${direction}`
}

function amount(value: number, unit: string): string {
  if (unit === 'share') return `${Math.round(value * 100)} %`
  if (unit === 'change') return `${value > 0 ? '+' : ''}${value.toFixed(2)}`
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toFixed(digits)
}
