import { saidWithUnit } from '../../../base/index.ts'
import type { CustomerValues } from '../../../features/index.ts'
import { textTable } from '../../text-table.ts'

/**
 * Values of customers as a table, then those with products and categories, and how many are not shown.
 *
 * @param units of features, by name
 */
export function valuesText(customers: readonly CustomerValues[], units: ReadonlyMap<string, string | null>): string {
  const valueColumn = {
    title: 'value',
    value: ({ name, value }: { readonly name: string; readonly value: number | string | null }) =>
      value === null ? 'missing' : saidWithUnit(value, units.get(name) ?? null),
  }
  const own = customers.flatMap(({ customerId, values }) =>
    Object.entries(values).map(([name, value]) => ({ customerId, name, value })),
  )
  const pairs = customers.flatMap(({ customerId, pairs }) =>
    pairs.flatMap(({ name, values }) => values.map(({ key, value }) => ({ customerId, name, key, value }))),
  )
  const notes = customers.flatMap(({ customerId, pairs }) =>
    pairs.flatMap(({ name, values, more }) => {
      if (values.length === 0) return `${name} of ${customerId}: nothing is known`
      return more === 0 ? [] : `${name} of ${customerId}: ${more.toLocaleString('en')} more`
    }),
  )
  if (own.length + pairs.length + notes.length === 0)
    return 'no feature of customers is declared: rapport features declare FILE does'
  const columns = [
    { title: 'customer', value: ({ customerId }: { readonly customerId: string }) => customerId },
    { title: 'feature', value: ({ name }: { readonly name: string }) => name },
  ]
  const tables = [
    ...(own.length === 0 ? [] : [textTable(own, [...columns, { ...valueColumn, align: 'right' }])]),
    ...(pairs.length === 0
      ? []
      : [textTable(pairs, [...columns, { title: 'of', value: ({ key }) => key }, { ...valueColumn, align: 'right' }])]),
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
  ]
  return tables.join('\n\n')
}
