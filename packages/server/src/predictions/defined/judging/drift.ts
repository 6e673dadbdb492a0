import { columnOf, type Matrix } from '@rapport/numerics'
import type { Feature } from '../../../features/index.ts'
import type { CustomerRows } from '../../customer-rows.ts'

/** How values lay when a model was made: shares of rows between edges, and of those that are missing. */
export interface Spread {
  /** Rising; one fewer than shares of numbers. */
  readonly edges: readonly number[]
  /** Of each bin, then of the missing values. */
  readonly shares: readonly number[]
}

/** What later rows are compared with. */
export interface DriftBasis {
  /** By feature, in the model's order. */
  readonly inputs: readonly Spread[]
  readonly scores: Spread
  /** Mean outcome of the newest labelled customers, with its standard error. */
  readonly outcome: { readonly mean: number; readonly error: number }
}

/** How far something has moved. */
export interface Moved {
  readonly of: string
  /** Population stability index: 0 where nothing moved. */
  readonly psi: number
  readonly verdict: 'steady' | 'moved' | 'shifted'
}

export interface DriftReport {
  readonly scores: Moved
  /** The features that moved most, 10 at most. */
  readonly inputs: readonly Moved[]
  /** Of all features. */
  readonly shifted: number
}

const bins = 10

/** Deciles of what is known, and the share that is missing. */
export function spreadOf(values: Float64Array): Spread {
  const known = values.filter((value) => !Number.isNaN(value)).sort()
  const edges = [
    ...new Set(Array.from({ length: bins - 1 }, (_, at) => known[Math.floor(((at + 1) * known.length) / bins)] ?? 0)),
  ]
  return { edges, shares: sharesOf(values, edges) }
}

/**
 * The population stability index of later values against a spread, Σ (q − p) · ln(q / p); shares of nothing count as a
 * twentieth of a per cent, so that one empty bin does not decide.
 *
 * Source: Siddiqi, "Credit risk scorecards", Wiley 2006; below 0.1 is called steady, above 0.25 shifted.
 */
export function stabilityIndex({ edges, shares }: Spread, values: Float64Array): number {
  const floor = 0.0005
  return sharesOf(values, edges).reduce((sum, share, bin) => {
    const [p, q] = [Math.max(shares[bin]!, floor), Math.max(share, floor)]
    return sum + (q - p) * Math.log(q / p)
  }, 0)
}

/** Of a model that says the same of everybody: fitted again it says another number, and nobody has moved against anybody. */
const isSameOfAll = ({ edges, shares }: Spread, scores: Float64Array): boolean =>
  edges.length === 1 && shares[1] === 1 && scores.every((score) => score === scores[0])

function sharesOf(values: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 2).fill(0)
  for (const value of values) {
    if (Number.isNaN(value)) counts[edges.length + 1]! += 1
    else {
      const bin = edges.findIndex((edge) => value < edge)
      counts[bin < 0 ? edges.length : bin]! += 1
    }
  }
  return counts.map((count) => count / Math.max(1, values.length))
}

/** @param scores `[n]` of the same rows */
export function driftBasis(matrix: Matrix, scores: Float64Array, all: Float64Array): DriftBasis {
  const outcomes = all.filter((outcome) => !Number.isNaN(outcome))
  const mean = outcomes.reduce((sum, value) => sum + value, 0) / outcomes.length
  const variance = outcomes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / outcomes.length
  return {
    inputs: Array.from({ length: matrix.columns }, (_, column) => spreadOf(columnOf(matrix, column))),
    scores: spreadOf(scores),
    outcome: { mean, error: Math.sqrt(variance / outcomes.length) },
  }
}

/** How far the rows that are scored now, and their scores, have moved from those of the training. */
export function driftOf(
  basis: DriftBasis,
  features: readonly Feature[],
  { matrix }: CustomerRows,
  scores: Float64Array,
): DriftReport {
  const moved = basis.inputs.map((spread, column) =>
    movedBy(features[column]!.label, stabilityIndex(spread, columnOf(matrix, column))),
  )
  return {
    scores: movedBy('scores', isSameOfAll(basis.scores, scores) ? 0 : stabilityIndex(basis.scores, scores)),
    inputs: [...moved].sort((left, right) => right.psi - left.psi).slice(0, 10),
    shifted: moved.filter(({ verdict }) => verdict === 'shifted').length,
  }
}

const movedBy = (of: string, psi: number): Moved => ({
  ...{ of, psi },
  verdict: psi < 0.1 ? 'steady' : psi < 0.25 ? 'moved' : 'shifted',
})
