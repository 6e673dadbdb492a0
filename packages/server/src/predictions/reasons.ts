import { type NamedFeature, reasonsOf as strongestReasons } from '@rapport/learn'
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

const reasonsPerCustomer = 3

/** How an effect is told: what one that raises the score does, and one that lowers it. */
export interface EffectWords {
  readonly raises: string
  readonly lowers: string
}

/**
 * The strongest effects on one customer's score, strongest first; none where none of the named features has one.
 *
 * @param effects `[n × features]`
 * @param usual `[features]` from `usualValues`
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
  if (named.size === 0) return []
  const asked = [...named].sort((left, right) => left - right)
  const found = strongestReasons({ contributions: effects }, rows.matrix, row, {
    features: asked.map((column) => namedFeature(rows, column)),
    directions: { up: told.raises, down: told.lowers },
    usual: asked.map((column) => usualWords(rows.features[column]!, usual[column]!)),
    most: reasonsPerCustomer,
  })
  return found.map(({ position, effect, words }) => {
    const column = asked[position]!
    const feature = rows.features[column]!
    const value = rows.matrix.values[row * rows.matrix.columns + column]!
    const category = rows.categories.get(feature.name)?.[value]
    return { feature: feature.name, value: Number.isNaN(value) ? null : (category ?? value), effect, words }
  })
}

function namedFeature({ features, categories }: CustomerRows, column: number): NamedFeature {
  const { name, label, type, unit, missing } = features[column]!
  const describe = ([value]: readonly number[]): string | null => {
    if (Number.isNaN(value!)) return null
    return type === 'category' ? (categories.get(name)?.[value!] ?? 'unknown') : amount(value!, unit)
  }
  return { name: label, columns: [column], describe, missing }
}

const usualWords = ({ type, unit }: Feature, usual: number): string | null =>
  type === 'category' || Number.isNaN(usual) ? null : amount(usual, unit)

/** `[features]` the median of each number over training: what a value is compared with in words. */
export function usualValues({ matrix: data }: CustomerRows): Float64Array {
  return Float64Array.from({ length: data.columns }, (_, column) => {
    const present = columnOf(data, column)
      .filter((value) => !Number.isNaN(value))
      .sort()
    return present.length === 0 ? Number.NaN : present[Math.floor(present.length / 2)]!
  })
}

function amount(value: number, unit: string): string {
  if (unit === 'share') return `${Math.round(value * 100)} %`
  if (unit === 'change') return `${value > 0 ? '+' : ''}${value.toFixed(2)}`
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toFixed(digits)
}
