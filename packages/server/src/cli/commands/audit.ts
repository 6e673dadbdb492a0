import { readAudit } from '../../access/index.ts'
import { isoOf } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { textTable } from '../text-table.ts'
import { withState } from '../with-state.ts'

export const audit: Command = {
  name: 'audit',
  summary: 'Who did what: the audit log, the newest first',
  options: {
    limit: { type: 'string', value: 'N', description: 'at most this many', default: '100' },
    actor: { type: 'string', value: 'ID', description: 'only what this operator or key did' },
    action: { type: 'string', value: 'NAME', description: 'only this: customers.erase, keys.create, …' },
    target: { type: 'string', value: 'ID', description: 'only what was done to this' },
    person: { type: 'string', value: 'ID', description: 'only what was done to this customer' },
    before: { type: 'string', value: 'ID', description: 'only what is older than this entry' },
  },
  details: 'Persons stand in it by pseudonyms that only this store can tell: --person finds one by the id it had.',
  run: ({ store, given }) =>
    withState(store, async ({ queries }) => {
      const person = given.text('person')
      const entries = await readAudit(queries, {
        ...{ limit: given.whole('limit', 1)!, before: given.text('before') },
        ...{ actor: given.text('actor'), action: given.text('action') },
        target: person === undefined ? given.text('target') : { person },
      })
      const text = textTable(entries, [
        { title: 'when', value: ({ at }) => isoOf(at).slice(0, 19) },
        { title: 'who', value: ({ actor }) => actor },
        { title: 'what', value: ({ action }) => action },
        { title: 'to', value: ({ target }) => target ?? '' },
        { title: 'detail', value: ({ detail }) => (detail === null ? '' : JSON.stringify(detail)) },
      ])
      return { document: entries.map(({ at, ...rest }) => ({ at: isoOf(at), ...rest })), text }
    }),
}
