import type { Column, Table } from '@rapport/learn'
import { matrix } from '@rapport/numerics'
import { spreadOf } from '../../features/index.ts'
import { driftOfGroups, type GroupBasis, type GroupDrift } from './group-drift.ts'

type Numbers = Extract<Column, { kind: 'number' }>
const numbersOf = ({ columns }: Table): readonly Numbers[] => columns.filter((column) => column.kind === 'number')

/**
 * How everybody lay when a family was taught: the spread of each number that its model goes by, and how many were put into each
 * class.
 *
 * @param classOf `[n]` −1 for none
 */
export function basisOfTaught(everybody: Table, classOf: Int32Array, classes: number): GroupBasis {
  const customers = new Array<number>(classes).fill(0)
  for (const one of classOf) if (one >= 0) customers[one]! += 1
  return {
    customers: everybody.rows,
    inputs: numbersOf(everybody).map(({ name, values }) => ({ name, spread: spreadOf(values) })),
    groups: customers.map((count) => ({ customers: count, mean: [], spread: 0 })),
  }
}

/** What moved since a family was taught, by the same rules as of groups, but for middles, which classes have none of. */
export function driftOfTaught(
  basis: GroupBasis,
  everybody: Table,
  classOf: Int32Array,
  classNames: readonly string[],
): GroupDrift {
  const byName = new Map(numbersOf(everybody).map((column) => [column.name, column.values]))
  const names = basis.inputs.map(({ name }) => name)
  const data = matrix(everybody.rows, names.length)
  for (const [column, name] of names.entries())
    byName.get(name)?.forEach((value, row) => {
      data.values[row * names.length + column] = value
    })
  return driftOfGroups(basis, { data, names, labels: classOf }, classNames)
}
