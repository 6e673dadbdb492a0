import { openSessions } from '../../access/index.ts'
import { RapportError } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { withState } from '../with-state.ts'

export const open: Command = {
  name: 'open',
  summary: 'Makes a link that opens a running server in a browser, once, within an hour',
  options: {},
  run: ({ store }) =>
    withState(store, async (state) => {
      const { queries } = state
      const url = await queries.selectFrom('settings').select('value').where('name', '=', 'url').executeTakeFirst()
      if (!url) throw new RapportError('cli.no-server', 'a server must have run on this store, none has: rapport start')
      const link = `${url.value}/open/${await openSessions(state).invite()}`
      return { document: { link }, text: link }
    }),
}
