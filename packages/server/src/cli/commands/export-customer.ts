import { commandLine, recordAudit } from '../../access/index.ts'
import { RapportError } from '../../base/index.ts'
import type { Command } from '../command.ts'
import type { OpenPrivacy } from '../serve.ts'
import { withPrivacy } from '../with-store.ts'

export const exportCustomer = (openPrivacy: OpenPrivacy): Command => ({
  name: 'export-customer',
  summary: 'Everything that is kept of one customer, as one JSON document: what a person may ask for',
  words: 'ID',
  options: {},
  run: ({ store, given }) => {
    const [id, ...more] = given.words
    if (id === undefined || more.length > 0) {
      throw new RapportError(
        'cli.words',
        `export-customer must be followed by one id, got ${given.words.join(' ') || 'none'}`,
      )
    }
    return withPrivacy(store, openPrivacy, async (privacy, { queries }) => {
      const document = await privacy.export(id)
      await recordAudit(queries, { actor: commandLine, action: 'customers.export', target: { person: id } })
      return { document, text: JSON.stringify(document, null, 2) }
    })
  },
})
