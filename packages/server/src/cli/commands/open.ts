import { commandLine, inviteOwner } from '../../access/index.ts'
import type { Command } from '../command.ts'
import { urlOfServer } from '../url-of-server.ts'
import { withState } from '../with-state.ts'

export const open: Command = {
  name: 'open',
  summary: 'Makes a link that opens a running server in a browser as its owner, once, within an hour',
  options: {},
  run: ({ store }) =>
    withState(store, async (state) => {
      const link = `${await urlOfServer(state)}/open/${await inviteOwner(state, commandLine)}`
      return { document: { link }, text: link }
    }),
}
