import { columnOf, type Matrix } from '@rapport/numerics'
import { type Feature, type Spread, spreadOf, stabilityIndex } from '../../../features/index.ts'
import type { CustomerRows } from '../../customer-rows.ts'

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

/** Of a model that says the same of everybody: fitted again it says another number, and nobody has moved against anybody. */
const isSameOfAll = ({ edges, shares }: Spread, scores: Float64Array): boolean =>
  edges.length === 1 && shares[1] === 1 && scores.every((score) => score === scores[0])

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
