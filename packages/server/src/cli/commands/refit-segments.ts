import { join } from 'node:path'
import { type DiscoveredFamily, lostNames } from '../../segments/index.ts'
import type { OptionSpecs, Outcome } from '../command.ts'
import type { MakeFamily } from '../serve.ts'
import { textTable } from '../text-table.ts'
import type { Both } from './live/with-both.ts'

export const refitOptions: OptionSpecs = {
  accept: { type: 'boolean', description: 'puts what refit finds in the place of the groups before' },
}

/** Finds the groups of a family anew, and says which of them is which of before, and what rules name that is no more. */
export async function refitSegments(
  { warehouse, state, store, given, work }: Both,
  name: string,
  make: MakeFamily,
): Promise<Outcome> {
  const request = { kind: 'refit' as const, name, isAccepted: given.flag('accept') }
  const found = (await make(warehouse, request, join(store, 'report.html'), work)) as DiscoveredFamily
  const { groups, refit } = found
  const told = refit!.mapping.length > 0 && mappingTable(refit!.mapping)
  const next = refit!.isAccepted
    ? 'These groups are in the place of those before.'
    : `Nothing was changed: rapport segments refit ${name} --accept puts these groups in the place of those before.`
  const warnings = await lostNames(warehouse, state.queries, refit!.isAccepted ? undefined : found)
  const text = [groups.found ? groups.verdict : groups.reason, told, warnings.join('\n'), next]
    .filter(Boolean)
    .join('\n\n')
  return { document: { ...found, warnings }, text }
}

type Mapping = NonNullable<DiscoveredFamily['refit']>['mapping']

const mappingTable = (mapping: Mapping): string =>
  textTable(mapping, [
    { title: 'before', value: ({ from }) => (from === null ? 'new' : `${from.id} ${from.name}`) },
    { title: 'customers', value: ({ from }) => from?.customers.toLocaleString('en') ?? '', align: 'right' },
    { title: 'now', value: ({ to }) => (to === null ? 'gone' : `${to.id} ${to.name}`) },
    { title: 'customers', value: ({ to }) => to?.customers.toLocaleString('en') ?? '', align: 'right' },
    { title: 'in both', value: ({ shared }) => shared.toLocaleString('en'), align: 'right' },
  ])
