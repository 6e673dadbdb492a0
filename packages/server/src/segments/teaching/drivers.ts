import type { Column, Table } from '@rapport/learn'
import type { Feature } from '../../features/index.ts'
import type { Effects } from './scorer.ts'

/** What a model goes by. */
export interface Driver {
  readonly feature: string
  readonly label: string
  /** Of the effects of all features, 0 … 1. */
  readonly share: number
  /** Whether more of it speaks for the class; null for words, and where it is now the one and now the other. */
  readonly isMoreFor: boolean | null
}

/** Why one customer is in. */
export interface MemberReason {
  readonly feature: string
  readonly words: string
}

const driversMax = 8
const reasonsMax = 3

/** The features with the largest effects over some customers. */
export function driversOf({ features, values }: Effects, of: Table, catalogue: readonly Feature[]): readonly Driver[] {
  const sums = features.map((_, column) => {
    let sum = 0
    for (let row = 0; row < values.rows; row += 1) sum += Math.abs(values.values[row * values.columns + column]!)
    return sum
  })
  const total = sums.reduce((sum, one) => sum + one, 0)
  if (total === 0) return []
  const order = [...sums.keys()].filter((column) => sums[column]! > 0).sort((a, b) => sums[b]! - sums[a]! || a - b)
  return order.slice(0, driversMax).map((column) => {
    const feature = features[column]!
    return {
      feature,
      label: labelOf(feature, catalogue),
      share: sums[column]! / total,
      isMoreFor: direction(columnOf(of, feature), values, column),
    }
  })
}

/** How surely effects must rise or fall with values to be called so. */
const correlationMin = 0.3

function direction({ kind, values }: Column, effects: Effects['values'], column: number): boolean | null {
  if (kind === 'text') return null
  const rows = Array.from(values.keys()).filter((row) => !Number.isNaN(values[row]))
  const mean = (of: (row: number) => number): number => rows.reduce((sum, row) => sum + of(row), 0) / rows.length
  const effectOf = (row: number): number => effects.values[row * effects.columns + column]!
  const [middle, usual] = [mean((row) => values[row]!), mean(effectOf)]
  const both = mean((row) => (values[row]! - middle) * (effectOf(row) - usual))
  const spread = Math.sqrt(mean((row) => (values[row]! - middle) ** 2) * mean((row) => (effectOf(row) - usual) ** 2))
  const correlation = spread > 0 ? both / spread : 0
  return Math.abs(correlation) < correlationMin ? null : correlation > 0
}

/** Per customer, what speaks most for the class. @param usual `[features]` middle of each number over everybody */
export function reasonsFor(
  { features, values }: Effects,
  of: Table,
  catalogue: readonly Feature[],
  usual: ReadonlyMap<string, number>,
): readonly (readonly MemberReason[])[] {
  return Array.from({ length: values.rows }, (_, row) => {
    const own = values.values.subarray(row * values.columns, (row + 1) * values.columns)
    const order = [...own.keys()].filter((column) => own[column]! > 0).sort((a, b) => own[b]! - own[a]! || a - b)
    return order.slice(0, reasonsMax).map((column) => {
      const feature = features[column]!
      return { feature, words: reasonWords(feature, columnOf(of, feature), row, catalogue, usual.get(feature)) }
    })
  })
}

function reasonWords(
  feature: string,
  { kind, values }: Column,
  row: number,
  catalogue: readonly Feature[],
  usual: number | undefined,
): string {
  const entry = catalogue.find(({ name }) => name === feature)
  const label = entry?.label ?? feature
  if (kind === 'text') return `${label}: ${values[row] ?? entry?.missing ?? 'not known'}`
  const value = values[row]!
  if (Number.isNaN(value)) return `${label}: ${entry?.missing ?? 'not known'}`
  const middle = usual === undefined ? '' : ` (usually ${written(usual, entry)})`
  return `${label}: ${written(value, entry)}${middle}`
}

const written = (value: number, entry: Feature | undefined): string =>
  entry?.unit === 'share' ? `${Math.round(100 * value)} %` : String(Number(value.toPrecision(3)))

/** The median of each column of numbers. */
export function usualValues({ columns }: Table): ReadonlyMap<string, number> {
  return new Map(
    columns.flatMap(({ kind, name, values }): [string, number][] => {
      if (kind === 'text') return []
      const known = values.filter((value) => !Number.isNaN(value)).sort()
      return known.length === 0 ? [] : [[name, known[Math.floor(known.length / 2)]!]]
    }),
  )
}

const labelOf = (feature: string, catalogue: readonly Feature[]): string =>
  catalogue.find(({ name }) => name === feature)?.label ?? feature

const columnOf = (of: Table, feature: string): Column => of.columns.find(({ name }) => name === feature)!
