import { type Receiver, receiverDraft } from '@rapport/protocol'
import { commandLine, recordAudit } from '../../access/index.ts'
import { fit, isoOf, RapportError, readConfiguration } from '../../base/index.ts'
import {
  addReceiver,
  checkReceiverSegments,
  checkReceiverUrl,
  listReceivers,
  type MadeReceiver,
  removeReceiver,
  resumeReceiver,
  rotateReceiver,
} from '../../segments/index.ts'
import type { State, StateQueries } from '../../state/index.ts'
import type { Command, Outcome } from '../command.ts'
import { sourcesOf } from '../configuration-of.ts'
import { textTable } from '../text-table.ts'
import { withState } from '../with-state.ts'
import { withStore } from '../with-store.ts'

export const receivers: Command = {
  name: 'receivers',
  summary: 'Outgoing webhooks: other systems that are told who comes into live segments and leaves them',
  words: 'list | add NAME URL [SEGMENT …] | rotate ID | resume ID | remove ID',
  options: {
    definitions: { type: 'boolean', description: 'also tell who is in a segment that is new or means something else' },
  },
  details:
    'docs/receivers.md says what they are sent, how it is signed, and how often it is tried. A secret is shown once.',
  run: (here) =>
    withState(here.store, async (state) => {
      const { given } = here
      const [word = 'list', one, two, ...rest] = given.words
      if (word === 'list' && one === undefined) return list(state)
      if (word === 'add' && one !== undefined && two !== undefined) {
        const draft = {
          name: one,
          url: two,
          segments: rest.length > 0 ? rest : null,
          takesDefinitions: given.flag('definitions'),
        }
        const wanted = fit(receiverDraft, draft, 'cli.receiver')
        checkReceiverUrl(wanted.url, readConfiguration(sourcesOf(here.store)).allowHosts)
        await withStore(here.store, (warehouse) => checkReceiverSegments(warehouse, state.queries, wanted.segments))
        return change(state, 'receivers.add', (queries) => addReceiver(queries, wanted)).then(describe)
      }
      if (one !== undefined && two === undefined) {
        if (word === 'rotate')
          return change(state, 'receivers.rotate', (queries) => rotateReceiver(queries, one)).then(describe)
        if (word === 'resume') return resume(state, one)
        if (word === 'remove') return remove(state, one)
      }
      throw new RapportError(
        'cli.words',
        `receivers must be followed by list, add NAME URL, rotate ID, resume ID or remove ID, got ${given.words.join(' ')}`,
      )
    }),
}

async function list(state: State): Promise<Outcome> {
  const all = await listReceivers(state.queries)
  const text = textTable(all, [
    { title: 'name', value: ({ name }) => name },
    { title: 'told of', value: ({ segments }) => segments?.join(', ') ?? 'all segments' },
    { title: 'delivered', align: 'right', value: ({ delivered }) => delivered.toLocaleString('en') },
    { title: 'last', value: ({ lastAt }) => (lastAt === null ? 'never' : isoOf(lastAt)) },
    { title: 'stands', value: standing },
    { title: 'id', value: ({ receiverId }) => receiverId },
  ])
  return { document: all, text }
}

function standing({ failure, pausedAt }: Receiver): string {
  if (pausedAt !== null) return `given up: ${failure ?? 'it is gone'}`
  return failure === null ? 'well' : `tried again: ${failure}`
}

const change = <Changed extends { readonly receiver: Receiver }>(
  state: State,
  action: string,
  deed: (queries: StateQueries) => Promise<Changed>,
): Promise<Changed> =>
  state.transaction(async (queries) => {
    const done = await deed(queries)
    await recordAudit(queries, { actor: commandLine, action, target: done.receiver.receiverId })
    return done
  })

const describe = ({ receiver, secret }: MadeReceiver): Outcome => ({
  document: { ...receiver, secret },
  text: `${receiver.name} is told at ${receiver.url}\nwhat it checks signatures with, shown this once: ${secret}`,
})

async function resume(state: State, id: string): Promise<Outcome> {
  const { receiver } = await change(state, 'receivers.resume', async (queries) => ({
    receiver: await resumeReceiver(queries, id),
  }))
  return { document: receiver, text: `${receiver.name} is tried again, from where it was` }
}

async function remove(state: State, id: string): Promise<Outcome> {
  const { receiver } = await change(state, 'receivers.remove', async (queries) => ({
    receiver: await removeReceiver(queries, id),
  }))
  return { document: { removed: id, name: receiver.name }, text: `${receiver.name} is told no more` }
}
