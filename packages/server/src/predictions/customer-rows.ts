import type { Column, Table } from '@rapport/learn'
import { table } from '@rapport/learn'
import { columnOf, type Matrix, matrix, seededRandom } from '@rapport/numerics'
import { dayMs, type Instant } from '../base/index.ts'
import { type Definition, declaredReach, type Feature, type FeatureMatrix, type SourceName } from '../features/index.ts'
import type { HistoryStart } from './read-moments.ts'

/** Customers as models see them, each as of a cut; a customer has a row for each cut that asks about them. */
export interface CustomerRows {
  readonly customerIds: readonly string[]
  readonly features: readonly Feature[]
  /** `[n × features]`; missing is NaN, a category its position in `categories`. */
  readonly matrix: Matrix
  readonly categories: ReadonlyMap<string, readonly string[]>
}

/** Rows with what happened to them. */
export interface LabelledRows extends CustomerRows {
  /** `[n]` 1 where what is predicted came true in the days after the cut. */
  readonly labels: Uint8Array
}

/** The rows of some customers at some moment; customers that the table does not have are an error of ours. */
export function rowsAt(read: FeatureMatrix, asOf: Instant, customerIds: readonly string[]): CustomerRows {
  const { columns, values } = read.matrix
  const rowOf = new Map<string, number>()
  read.asOf.forEach((moment, row) => {
    if (moment === asOf) rowOf.set(read.customerIds[row]!, row)
  })
  const picked = new Float64Array(customerIds.length * columns)
  customerIds.forEach((customer, at) => {
    const row = rowOf.get(customer)!
    picked.set(values.subarray(row * columns, (row + 1) * columns), at * columns)
  })
  return {
    customerIds,
    features: read.features,
    matrix: matrix(customerIds.length, columns, picked),
    categories: read.categories,
  }
}

const eventSources: readonly SourceName[] = ['sessions', 'events']

/** Rows of several cuts under each other; all must have the same features. */
export function stackedRows<Rows extends CustomerRows>(parts: readonly Rows[]): CustomerRows {
  const [first] = parts
  if (parts.length === 1) return first!
  const { columns } = first!.matrix
  const rows = parts.reduce((sum, part) => sum + part.matrix.rows, 0)
  const values = new Float64Array(rows * columns)
  let at = 0
  for (const part of parts) {
    values.set(part.matrix.values, at)
    at += part.matrix.values.length
  }
  return { ...first!, customerIds: parts.flatMap((part) => part.customerIds), matrix: matrix(rows, columns, values) }
}

/**
 * Features whose window reaches back beyond the records at the oldest training cut: they would count less there than later, and
 * so mean something else. Of the site's own features, the site's own records decide.
 */
export function featuresBeyondHistory(
  features: readonly Feature[],
  cut: Instant,
  first: HistoryStart,
): readonly Feature[] {
  return features.filter(({ definition }) =>
    reachOf(definition).some(({ source, days }) => {
      const start = eventSources.includes(source) ? first.events : first.purchases
      return start !== null && days * dayMs > cut - start
    }),
  )
}

function reachOf(definition: Definition): { source: SourceName; days: number }[] {
  switch (definition.kind) {
    case 'aggregate':
      return definition.window
        ? [{ source: definition.source, days: definition.window.days + (definition.window.skipDays ?? 0) }]
        : []
    case 'ratio':
      return [...reachOf(definition.of), ...reachOf(definition.by)]
    case 'change':
      return [...reachOf(definition.now), ...reachOf(definition.before)]
    case 'declared':
      return declaredReach(definition).map(({ of, days }) => ({ source: of === 'event' ? 'events' : 'lines', days }))
    case 'trait':
    case 'score':
      return []
  }
}

/** Those of the `wanted` positions whose features tell training customers apart at all. */
export function tellingFeatures({ matrix: data }: CustomerRows, wanted: readonly number[]): readonly number[] {
  return wanted.filter((column) => {
    let known = Number.NaN
    for (let at = column; at < data.values.length; at += data.columns) {
      const value = data.values[at]!
      if (Number.isNaN(value) || value === known) continue
      if (!Number.isNaN(known)) return true
      known = value
    }
    return false
  })
}

/**
 * Named columns for the linear model: numbers on a logarithmic scale that keeps the sign, because counts, days and money
 * have long tails and a customer who spends twice as much differs as much at 10 as at 1,000.
 */
export function linearTable({ features, matrix: data, categories }: CustomerRows, columns: readonly number[]): Table {
  return table(
    columns.map((column): Column => {
      const { name, type } = features[column]!
      const values = columnOf(data, column)
      if (type === 'number') return { name, kind: 'number', values: signedLogs(values) }
      const words = categories.get(name) ?? []
      return { name, kind: 'text', values: Array.from(values, (code) => words[code] ?? null) }
    }),
  )
}

/**
 * Which of so many rows to learn from or judge by, in order: all, or as many drawn at random as more would add minutes
 * and no accuracy.
 */
export function drawnRows(rows: number, seed: number, most = labelledRowsMax): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row)
  if (rows <= most) return order
  seededRandom(seed).shuffle(order)
  return order.slice(0, most).sort()
}

/** Learning takes at most so many rows of all its cuts, and judging as many of its own. */
export const labelledRowsMax = 20_000

/** A logarithmic scale that keeps the sign and 0. */
const signedLog = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value))

/** Of each: a plain loop, as there are a million of them. */
export function signedLogs(values: Float64Array): Float64Array {
  const logs = new Float64Array(values.length)
  for (let at = 0; at < values.length; at += 1) logs[at] = signedLog(values[at]!)
  return logs
}
