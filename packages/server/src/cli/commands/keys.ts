import {
  commandLine,
  createApiKey,
  createWriteKey,
  listApiKeys,
  listWriteKeys,
  recordAudit,
  revokeApiKey,
  revokeWriteKey,
} from '../../access/index.ts'
import { isoOf, RapportError } from '../../base/index.ts'
import type { State } from '../../state/index.ts'
import type { Command, Outcome } from '../command.ts'
import { textTable } from '../text-table.ts'
import { withState } from '../with-state.ts'

export const keys: Command = {
  name: 'keys',
  summary: 'Keys: write keys let a site or app send events, API keys let a program read customers',
  words: 'list | create write|api NAME | revoke KEY',
  options: {},
  details:
    'A write key is public: it stands in every page. An API key is secret, shown once, and goes into\n' +
    'Authorization: Bearer rk_…',
  run: ({ store, given }) =>
    withState(store, (state) => {
      const [word = 'list', ...rest] = given.words
      if (word === 'list') return list(state)
      if (word === 'create') return create(state, rest)
      if (word === 'revoke') return revoke(state, rest)
      throw new RapportError('cli.words', `keys must be followed by list, create or revoke, got ${word}`)
    }),
}

async function list(state: State): Promise<Outcome> {
  const write = (await listWriteKeys(state)).map((row) => ({
    ...{ kind: 'write', key: row.write_key, name: row.name },
    ...{ createdAt: row.created_at, revokedAt: row.revoked_at },
  }))
  const api = (await listApiKeys(state)).map(({ keyId, ...rest }) => ({ kind: 'api', key: keyId, ...rest }))
  const all = [...write, ...api].map((row) => ({
    ...{ kind: row.kind, key: row.key, name: row.name, createdAt: isoOf(row.createdAt) },
    revokedAt: row.revokedAt === null ? null : isoOf(row.revokedAt),
  }))
  const text = textTable(all, [
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'key', value: ({ key }) => key },
    { title: 'name', value: ({ name }) => name },
    { title: 'since', value: ({ createdAt }) => createdAt.slice(0, 10) },
    { title: 'revoked', value: ({ revokedAt }) => revokedAt?.slice(0, 10) ?? '' },
  ])
  return { document: all, text }
}

async function create(state: State, words: readonly string[]): Promise<Outcome> {
  const [kind, name, ...more] = words
  if ((kind !== 'write' && kind !== 'api') || name === undefined || more.length > 0) {
    throw new RapportError(
      'cli.words',
      `keys create must name write or api and one name, got ${words.join(' ') || 'nothing'}`,
    )
  }
  if (kind === 'write') {
    const key = await createWriteKey(state, name)
    await recordAudit(state.queries, { actor: commandLine, action: 'keys.create', target: key, detail: { kind } })
    return { document: { kind, key, name }, text: key }
  }
  const { keyId, secret } = await createApiKey(state, name)
  await recordAudit(state.queries, { actor: commandLine, action: 'keys.create', target: keyId, detail: { kind } })
  return { document: { kind, key: keyId, name, secret }, text: `${secret}\n(${keyId}; it cannot be shown again)` }
}

async function revoke(state: State, words: readonly string[]): Promise<Outcome> {
  const [key, ...more] = words
  if (key === undefined || more.length > 0) {
    throw new RapportError('cli.words', `keys revoke must name one key, got ${words.join(' ') || 'nothing'}`)
  }
  if (!(await revokeWriteKey(state, key)) && !(await revokeApiKey(state, key))) {
    throw new RapportError('cli.no-key', `the key must be one of rapport keys list that holds, got ${key}`)
  }
  await recordAudit(state.queries, { actor: commandLine, action: 'keys.revoke', target: key })
  return { document: { revoked: key }, text: `${key} does not hold any more; a running server knows within seconds` }
}
