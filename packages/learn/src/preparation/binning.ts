import { columnOf, type Matrix, matrix, RapportError } from '@rapport/numerics'
import { checkedWeights } from '../linear/checked-numbers.ts'
import {
  countBelow,
  kMeansEdges,
  quantileEdges,
  uniformEdges,
  type WeighedColumn,
  weighColumn,
} from './column-edges.ts'
import { checkNotInfinite } from './scaling.ts'

export interface BinningOptions {
  /** Bins a column, ≥ 2; a column with fewer different values gets fewer. Default 5. */
  readonly bins?: number
  /** `quantile`: about equally many rows a bin. `uniform`: one width. `k-means`: where values gather. Default `quantile`. */
  readonly method?: 'quantile' | 'uniform' | 'k-means'
  /** `ordinal`: a bin's number, 0 from below. `one-hot`: a 0/1 column a bin. Default `ordinal`. */
  readonly output?: 'ordinal' | 'one-hot'
  /** `[n]` each ≥ 0. Default all 1. */
  readonly weights?: ArrayLike<number>
}

/** What `fitBinning` found. Plain data. */
export interface BinningModel {
  readonly kind: 'binning'
  readonly method: 'quantile' | 'uniform' | 'k-means'
  readonly output: 'ordinal' | 'one-hot'
  /** `[d]` the rising inner edges of each column: a value at an edge is in the bin above it. None for a single bin. */
  readonly edges: readonly Float64Array[]
}

/**
 * Learns to cut columns into bins, so that a linear model can follow a curve, or a number be read as a class.
 *
 * The outer bins reach to infinity. Missing values (NaN) are left out of the fit.
 *
 * @param data `[n × d]`, n ≥ 1, finite or NaN
 * @throws RapportError `binning.data`, `binning.infinite`, `binning.bins`, `binning.weights`
 *
 * Cost: O(n log n) a column. The same edges as scikit-learn's `KBinsDiscretizer`, but for two: a value that fills whole
 * quantiles has a bin of its own also where it is the least or the largest, and k-means goes on until no value moves.
 *
 * @example
 * applyBinning(fitBinning(matrixFromRows([[1], [2], [3], [4]]), { bins: 2 }), matrixFromRows([[2.5]])).values // [1]
 */
export function fitBinning(data: Matrix, options: BinningOptions = {}): BinningModel {
  const { bins = 5, method = 'quantile', output = 'ordinal' } = options
  checkNotInfinite('binning', data)
  if (!Number.isInteger(bins) || bins < 2) {
    throw new RapportError('binning.bins', `bins must be a whole number ≥ 2, got ${bins}`)
  }
  const weights = checkedWeights('binning', data.rows, options.weights)
  const edges = Array.from({ length: data.columns }, (_, column) =>
    innerEdges(weighColumn(columnOf(data, column), weights), bins, method),
  )
  return { kind: 'binning', method, output, edges }
}

/**
 * The bin of every value.
 *
 * @returns `[n × d]` bin numbers, NaN where missing; or one-hot `[n × bins of all columns]`, 0 in all of its column's
 *   bins where missing
 * @throws RapportError `binning.columns` when d differs from the fit
 */
export function applyBinning(model: BinningModel, data: Matrix): Matrix {
  const { edges, output } = model
  if (data.columns !== edges.length) {
    throw new RapportError(
      'binning.columns',
      `data must have the ${edges.length} columns of the fit, got ${data.columns}`,
    )
  }
  const starts = edges.map(() => 0)
  let width = 0
  edges.forEach((inner, column) => {
    starts[column] = width
    width += output === 'one-hot' ? inner.length + 1 : 1
  })
  const values = new Float64Array(data.rows * width)
  for (let row = 0, at = 0; row < data.rows; row += 1) {
    for (let column = 0; column < data.columns; column += 1, at += 1) {
      const value = data.values[at]!
      const bin = Number.isNaN(value) ? Number.NaN : countBelow(edges[column]!, value, true)
      const to = row * width + starts[column]!
      if (output === 'ordinal') values[to] = bin
      else if (!Number.isNaN(bin)) values[to + bin] = 1
    }
  }
  return matrix(data.rows, width, values)
}

/**
 * What each bin of a column holds, in words: `< 2`, `2 to 5`, `≥ 5`; `any` for a single bin.
 *
 * @param name put in front: `age 2 to 5`
 */
export function binNames({ edges }: BinningModel, column: number, name: string): string[] {
  const inner = Array.from(edges[column]!, (edge) => String(Number(edge.toPrecision(6))))
  if (inner.length === 0) return [`${name} any`]
  const between = inner.slice(1).map((edge, at) => `${name} ${inner[at]} to ${edge}`)
  return [`${name} < ${inner[0]}`, ...between, `${name} ≥ ${inner.at(-1)}`]
}

function innerEdges({ values, weights }: WeighedColumn, bins: number, method: BinningModel['method']): Float64Array {
  const low = values[0]
  const high = values.at(-1)
  if (low === undefined || high === undefined || low === high) return new Float64Array(0)
  // A power of two changes no digit, and keeps sums and squares of huge and tiny values in range.
  const unit = 2 ** Math.floor(Math.log2(Math.max(Math.abs(low), Math.abs(high))))
  const column = { values: values.map((value) => value / unit), weights }
  if (method === 'uniform') return uniformEdges(column, bins).map((edge) => edge * unit)
  const edges = method === 'quantile' ? quantileEdges(column, bins) : kMeansEdges(column, atMostDistinct(values, bins))
  return withoutEmpty(edges, column.values).map((edge) => edge * unit)
}

/** Quantiles of repeated values fall together: leaves out edges that have no value between them and the one before. */
function withoutEmpty(edges: Float64Array, ascending: Float64Array): Float64Array {
  // Of a column that is mostly its least value (spend of 0), quantiles are that value: the edge goes above it.
  const aboveLow = ascending[countBelow(ascending, ascending[0]!, true)]!
  const raised = edges.map((edge) => (edge > ascending[0]! ? edge : aboveLow)).sort()
  let before = 0
  return raised.filter((edge) => {
    const below = countBelow(ascending, edge, false)
    const isKept = below > before
    before = below
    return isKept
  })
}

function atMostDistinct(ascending: Float64Array, bins: number): number {
  let distinct = 1
  for (let at = 1; at < ascending.length && distinct < bins; at += 1) {
    if (ascending[at] !== ascending[at - 1]) distinct += 1
  }
  return distinct
}
