import type { GoldenHead } from './goldens.d.mts'

/** What tests measured of one method by one golden file. */
export interface Difference {
  readonly file: string
  readonly method: string
  readonly difference: number
  /** How many values were compared. */
  readonly compared: number
}

interface MethodRow {
  readonly method: string
  readonly page: string
  readonly difference: number
  readonly compared: number
}

/** Path of docs/methods/README.md. */
export const methodsFile: string
export function methodRows(heads: readonly GoldenHead[], differences: readonly Difference[]): MethodRow[]
export function methodsDocument(rows: readonly MethodRow[]): string
export function listedMethods(document: string): string[]
export function expectedMethods(heads: readonly GoldenHead[]): string[]
