import { commandLine, recordAudit } from '../../../access/index.ts'
import { countOf, RapportError } from '../../../base/index.ts'
import { knownCustomers } from '../../../insights/index.ts'
import { changeList, declareSegments, readListFile } from '../../../segments/index.ts'
import type { Outcome } from '../../command.ts'
import { textOf } from '../../read-file.ts'
import { isLive } from './segment-actions.ts'
import { type Both, tellServer } from './with-both.ts'

/**
 * Has a list hold the customers of a CSV file, or them too (`--add`), or without them (`--remove`); a list that is not declared is
 * declared, and said to be new.
 */
export async function listCustomersOf(both: Both, id: string, file: string): Promise<Outcome> {
  const { state, warehouse, given, path } = both
  const [isMore, isLess] = [given.flag('add'), given.flag('remove')]
  const options = ['add', 'remove', 'empty'].filter((option) => given.flag(option))
  if (options.length > 1)
    throw new RapportError(
      'cli.option',
      `segments customers must be given one of --add, --remove and --empty, got --${options.join(' and --')}`,
    )
  const ids = readListFile(textOf(path(file), file), file)
  const isNew = !(await isLive(both, id))
  if (isNew) {
    if (isLess)
      throw new RapportError(
        'segments.unknown',
        `the segment must be one that is declared to lose customers, got ${id}`,
      )
    const name = given.text('name') ?? id
    await state.transaction(async (queries) => {
      const list = { id, name, words: `on the list ${name}`, list: true }
      for (const { version } of await declareSegments(queries, [list]))
        await recordAudit(queries, { actor: commandLine, action: 'segments.declare', target: id, detail: { version } })
    })
  }
  const edit = isMore
    ? { add: ids, remove: [] }
    : isLess
      ? { add: [], remove: ids }
      : { customers: ids, mayEmpty: given.flag('empty') }
  const changed = await changeList(
    state,
    (named) => knownCustomers(warehouse, named),
    id,
    edit,
    (queries, it) =>
      recordAudit(queries, {
        ...{ actor: commandLine, action: 'segments.list', target: id },
        detail: { customers: it.customers, added: it.added, removed: it.removed },
      }),
  )
  await tellServer(both)
  const { customers, added, removed, unknownCount, unknown } = changed
  return {
    document: { ...changed, isNew },
    text: [
      ...(isNew ? [`${id} is new: a list, declared with this`] : []),
      `${countOf(customers, 'customer is', 'customers are')} in ${id}: ${added} came, ${removed} left`,
      ...(unknownCount > 0
        ? [
            `${countOf(unknownCount, 'id names nobody, and was', 'ids name nobody, and were')} left out: ${unknown.join(', ')}${unknownCount > unknown.length ? ', …' : ''}`,
          ]
        : []),
    ].join('\n'),
  }
}
