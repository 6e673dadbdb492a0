import { RapportError } from '@rapport/numerics'
import { quoted, sum } from './expressions.ts'

/** A named expression over the names of the layer before. */
export interface SqlColumn {
  readonly name: string
  readonly sql: string
}

/** Projections one after the other: each sees the names of the one before, the last has what a model says. */
export type SqlLayers = readonly (readonly SqlColumn[])[]

/** Columns by their expressions: `prefix_0`, `prefix_1` … */
export const numbered = (prefix: string, expressions: readonly string[]): SqlColumn[] =>
  expressions.map((sql, at) => ({ name: `${prefix}_${at}`, sql }))

/** How a later layer names columns of the one before. */
export const references = (columns: readonly SqlColumn[]): string[] => columns.map(({ name }) => quoted(name))

/** Scores of classes and their probabilities, the largest score taken out so that nothing overflows. */
export function softmax(scores: readonly string[]): SqlLayers {
  const given = numbered('score', scores)
  const named = references(given)
  const powers = numbered(
    'power',
    named.map((score) => `exp(${score} - greatest(${named.join(', ')}))`),
  )
  const total = sum(references(powers))
  return [
    given,
    powers,
    numbered(
      'probability',
      references(powers).map((power) => `${power} / ${total}`),
    ),
  ]
}

/** @throws RapportError `sql.columns` when a model takes another number of columns than it is given */
export function checkInputs(kind: string, columns: number, inputs: readonly string[]): void {
  if (inputs.length !== columns) {
    throw new RapportError(
      'sql.columns',
      `the ${kind} must be given the ${columns} columns of its fit, got ${inputs.length}`,
    )
  }
}
