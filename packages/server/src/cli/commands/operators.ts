import { role as roles } from '@rapport/protocol'
import {
  commandLine,
  findOperator,
  inviteToJoin,
  listOperators,
  operatorOfEmail,
  type Role,
  removeOperator,
  setRole,
} from '../../access/index.ts'
import { isoOf, RapportError } from '../../base/index.ts'
import type { State } from '../../state/index.ts'
import type { Command, Outcome } from '../command.ts'
import { textTable } from '../text-table.ts'
import { urlOfServer } from '../url-of-server.ts'
import { withState } from '../with-state.ts'

export const operators: Command = {
  name: 'operators',
  summary: 'Who works with rapport, and what they may do',
  words: 'list | invite EMAIL | role EMAIL ROLE | remove EMAIL',
  options: {
    role: {
      ...{ type: 'string', value: 'ROLE', description: 'what who is invited may do' },
      ...{ choices: roles.options, default: 'viewer' },
    },
  },
  details:
    'viewer looks; marketer also decides; engineer also connects and runs; owner also says who may.\n' +
    'invite prints a link by which they choose a password, once, within three days; inviting again makes another.\n' +
    'An id of the list does instead of an address.',
  run: ({ store, given }) =>
    withState(store, (state) => {
      const [word = 'list', who, ...rest] = given.words
      if (word === 'list' && who === undefined) return list(state)
      if (who !== undefined) {
        if (word === 'invite' && rest.length === 0) return invite(state, who, given.text('role') as Role)
        if (word === 'role' && rest.length === 1) return change(state, who, rest[0]!)
        if (word === 'remove' && rest.length === 0) return remove(state, who)
      }
      throw new RapportError(
        'cli.words',
        `operators must be followed by list, invite EMAIL, role EMAIL ROLE or remove EMAIL, got ${given.words.join(' ')}`,
      )
    }),
}

async function list({ queries }: State): Promise<Outcome> {
  const all = (await listOperators(queries)).map(({ createdAt, ...rest }) => ({ ...rest, createdAt: isoOf(createdAt) }))
  const text = textTable(all, [
    { title: 'id', value: ({ operatorId }) => operatorId },
    { title: 'name', value: ({ name }) => name },
    { title: 'email', value: ({ email }) => email ?? '' },
    { title: 'role', value: ({ role }) => role },
    { title: 'comes by', value: ({ hasPassword }) => (hasPassword ? 'password' : 'link') },
    { title: 'since', value: ({ createdAt }) => createdAt.slice(0, 10) },
  ])
  return { document: all, text }
}

async function invite(state: State, email: string, role: Role): Promise<Outcome> {
  const url = await urlOfServer(state)
  const operator = await operatorOfEmail(state, { email, role, actor: commandLine })
  const link = `${url}/join/${await inviteToJoin(state, operator, commandLine)}`
  return { document: { operatorId: operator.operatorId, role, link }, text: link }
}

async function change(state: State, who: string, word: string): Promise<Outcome> {
  const role = roles.safeParse(word)
  if (!role.success) throw new RapportError('cli.words', `a role must be ${roles.options.join(', ')}, got ${word}`)
  const { operatorId } = await findOperator(state.queries, who)
  const operator = await setRole(state, { operatorId, role: role.data, actor: commandLine })
  return { document: operator, text: `${operator.name} is ${operator.role}` }
}

async function remove(state: State, who: string): Promise<Outcome> {
  const { operatorId, name } = await findOperator(state.queries, who)
  await removeOperator(state, { operatorId, actor: commandLine })
  return { document: { removed: operatorId }, text: `${name} is removed, with every session and link` }
}
