import { commandLine, recordAudit } from '../../../access/index.ts'
import { RapportError } from '../../../base/index.ts'
import { knownCustomers } from '../../../insights/index.ts'
import { changeList, declareSegments, readListFile } from '../../../segments/index.ts'
import type { Outcome } from '../../command.ts'
import { textOf } from '../../read-file.ts'
import { isLive } from './segment-actions.ts'
import { type Both, tellServer } from './with-both.ts'

/**
 * Has a list hold the customers of a CSV file, or them too (`--add`), or without them (`--remove`); a list that is not declared is
 * declared.
 */
export async function listCustomersOf(both: Both, id: string, file: string): Promise<Outcome> {
  const { state, warehouse, given, path, tell } = both
  const [isMore, isLess] = [given.flag('add'), given.flag('remove')]
  if (isMore && isLess)
    throw new RapportError('cli.option', 'segments customers must be given --add or --remove, got both')
  const ids = readListFile(textOf(path(file), file), file)
  if (!(await isLive(both, id))) {
    const name = given.text('name') ?? id
    await state.transaction(async (queries) => {
      const list = { id, name, words: `on the list ${name}`, list: true }
      for (const { version } of await declareSegments(queries, [list]))
        await recordAudit(queries, { actor: commandLine, action: 'segments.declare', target: id, detail: { version } })
    })
    tell(`${id} is declared, a list`)
  }
  const edit = isMore ? { add: ids, remove: [] } : isLess ? { add: [], remove: ids } : { customers: ids }
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
    document: changed,
    text: [
      `${customers} customers are in ${id}: ${added} came, ${removed} left`,
      ...(unknownCount > 0
        ? [
            `${unknownCount} ids name nobody, and were left out: ${unknown.join(', ')}${unknownCount > unknown.length ? ', …' : ''}`,
          ]
        : []),
    ].join('\n'),
  }
}
