import type { Failure } from '../../base/index.ts'
import type { Column } from '../columns.ts'
import type { Parameters, Stageable } from '../warehouse.ts'

/** What a thread asks the one that has the store. */
export type Question =
  | { readonly kind: 'run' | 'rows' | 'columns'; readonly sql: string; readonly parameters: Parameters | undefined }
  | { readonly kind: 'stage'; readonly name: string; readonly columns: Stageable }
  | { readonly kind: 'checkpoint' | 'begin' | 'commit' | 'rollback' }

export interface Asked {
  readonly id: number
  /** The transaction that it belongs to: the id of its `begin`. */
  readonly inside: number | undefined
  readonly question: Question
}

/** The asker does not want the answer any more. */
export interface Dropped {
  readonly id: number
  readonly question: { readonly kind: 'abort' }
}

/** Rows of an answer of columns; the others follow. */
export interface Part {
  readonly id: number
  readonly part: readonly (readonly [string, Column])[]
  readonly rows: number
}

export type Answer =
  | Part
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure }
