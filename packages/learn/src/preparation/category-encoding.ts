import { RapportError } from '@rapport/numerics'
import { checkWords } from './check-table.ts'

export interface CategoryOptions {
  /** Categories with fewer training rows than this are joined into one, "rare". Default 1: none are. */
  readonly rowsMin?: number
}

/** The categories of a text column, as both one-hot and ordinal encoding know them. Plain data. */
export interface CategoryModel {
  readonly kind: 'categories'
  /** Kept categories in code-unit order: code 0, 1, … */
  readonly categories: readonly string[]
  /** Categories joined as rare, in code-unit order; together they have the code after the kept ones. */
  readonly rare: readonly string[]
  /** Whether training had missing values; they have the last code of all. */
  readonly missing: boolean
}

/**
 * Learns the categories of a text column.
 *
 * Missing (null) is a category of its own when training has it. A category first seen later counts as rare where
 * training had rare ones, and otherwise as none of the known.
 *
 * @param values `[n]` n ≥ 1
 * @throws RapportError `categories.rows` when there are no rows, `categories.rare` when rowsMin is not a whole number ≥ 1
 *
 * @example
 * fitCategories(['b', 'a', 'b', null]).categories // ['a', 'b']
 */
export function fitCategories(
  values: readonly (string | null)[],
  { rowsMin = 1 }: CategoryOptions = {},
): CategoryModel {
  checkWords('categories.values', 'a column', values)
  if (values.length === 0) throw new RapportError('categories.rows', 'a column must have at least one row, got none')
  if (!Number.isInteger(rowsMin) || rowsMin < 1) {
    throw new RapportError('categories.rare', `rowsMin must be a whole number ≥ 1, got ${rowsMin}`)
  }
  const counts = new Map<string, number>()
  let missing = false
  for (const value of values) {
    if (value === null) missing = true
    else counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  // Code-unit order and not the locale's, which differs between machines.
  const names = [...counts.keys()].sort()
  return {
    kind: 'categories',
    categories: names.filter((name) => counts.get(name)! >= rowsMin),
    rare: names.filter((name) => counts.get(name)! < rowsMin),
    missing,
  }
}

/** Number of different codes: kept categories, rare if there are any, missing if training had it. */
export const codeCount = ({ categories, rare, missing }: CategoryModel): number =>
  categories.length + (rare.length > 0 ? 1 : 0) + (missing ? 1 : 0)

/** A readable name for every code, in order. */
export function codeNames({ categories, rare, missing }: CategoryModel): string[] {
  return [...categories, ...(rare.length > 0 ? ['(rare)'] : []), ...(missing ? ['(missing)'] : [])]
}

/**
 * The code of every value.
 *
 * @returns `[n]` 0 … codeCount − 1, or −1 for a category (or missing) that training did not have
 *
 * @example
 * encodeCategories(fitCategories(['b', 'a', 'b']), ['b', 'c']) // Int32Array [1, -1]
 */
export function encodeCategories(model: CategoryModel, values: readonly (string | null)[]): Int32Array {
  const codes = new Map(model.categories.map((name, code) => [name, code]))
  const rareCode = model.rare.length > 0 ? model.categories.length : -1
  const missingCode = model.missing ? codeCount(model) - 1 : -1
  const encoded = new Int32Array(values.length)
  values.forEach((value, row) => {
    encoded[row] = value === null ? missingCode : (codes.get(value) ?? rareCode)
  })
  return encoded
}
