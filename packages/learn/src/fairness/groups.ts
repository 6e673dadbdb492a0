import { RapportError } from '@rapport/numerics'
import { checkWords } from '../preparation/check-table.ts'

/** What each row belongs to in one respect: age group, region, gender. A text column of a `Table` is one. */
export interface Attribute {
  readonly name: string
  /** `[n]` null where it is not known, which is a group of its own. */
  readonly values: readonly (string | null)[]
}

/** Rows that have the same value in every attribute that was asked. */
export interface RowGroup {
  /** One a attribute, in their order. */
  readonly values: readonly (string | null)[]
  /** Rising. */
  readonly rows: Int32Array
}

/**
 * The groups that rows form by one attribute or by several together, in the order of their values, "not known" last.
 * Only groups with rows are there.
 *
 * @param rows n, that each attribute must have
 * @throws RapportError `fairness.groups` when there is no attribute, or one has another length
 *
 * @example
 * groupRows([{ name: 'sex', values: ['f', 'm', 'f'] }], 3).map(({ rows }) => rows.length) // [2, 1]
 */
export function groupRows(attributes: readonly Attribute[], rows: number): RowGroup[] {
  if (attributes.length === 0)
    throw new RapportError('fairness.groups', 'there must be at least one attribute, got none')
  for (const { name, values } of attributes) {
    checkWords('fairness.groups', name, values)
    if (values.length !== rows) {
      throw new RapportError('fairness.groups', `${name} must hold one value a row (${rows}), got ${values.length}`)
    }
  }
  const members = new Map<string, { values: (string | null)[]; rows: number[] }>()
  for (let row = 0; row < rows; row += 1) {
    const values = attributes.map((attribute) => attribute.values[row]!)
    const key = JSON.stringify(values)
    const group = members.get(key) ?? { values, rows: [] }
    group.rows.push(row)
    members.set(key, group)
  }
  return [...members.values()]
    .sort((one, other) => compareValues(one.values, other.values))
    .map((group) => ({ values: group.values, rows: Int32Array.from(group.rows) }))
}

/** All ways to take 1, 2, … `most` of the attributes, few first; at least one, so that `groupRows` can refuse none. */
export function crossings(attributes: readonly Attribute[], most: number): Attribute[][] {
  const sizes = Array.from({ length: Math.max(1, Math.min(most, attributes.length)) }, (_, at) => at + 1)
  const taking = (size: number, from: number): Attribute[][] =>
    size === 0
      ? [[]]
      : attributes
          .slice(from)
          .flatMap((attribute, at) => taking(size - 1, from + at + 1).map((rest) => [attribute, ...rest]))
  return attributes.length === 0 ? [[]] : sizes.flatMap((size) => taking(size, 0))
}

function compareValues(one: readonly (string | null)[], other: readonly (string | null)[]): number {
  const at = one.findIndex((value, place) => value !== other[place])
  if (at < 0) return 0
  const [left, right] = [one[at]!, other[at]!]
  if (left === null || right === null) return left === null ? 1 : -1
  return left < right ? -1 : 1
}
