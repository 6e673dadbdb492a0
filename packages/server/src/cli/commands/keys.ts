import { type Scope, scopes } from '@rapport/protocol'
import {
  type ApiKey,
  commandLine,
  createApiKey,
  createWriteKey,
  listApiKeys,
  listWriteKeys,
  revokeApiKey,
  revokeWriteKey,
  rotateApiKey,
} from '../../access/index.ts'
import { isoOf, now, RapportError } from '../../base/index.ts'
import type { State } from '../../state/index.ts'
import type { Command, Given, Outcome } from '../command.ts'
import { textTable } from '../text-table.ts'
import { withState } from '../with-state.ts'

const hourMs = 60 * 60 * 1000

export const keys: Command = {
  name: 'keys',
  summary: 'Keys: write keys let a site or app send events, API keys let a program do what their scopes say',
  words: 'list | create write|api NAME | rotate KEY | revoke KEY',
  options: {
    scope: {
      ...{ type: 'string', value: 'SCOPE', description: 'what an API key may do', multiple: true },
      choices: Object.keys(scopes),
    },
    expires: { type: 'string', value: 'DAY', description: 'when an API key ends; never where it is not said' },
    'grace-hours': { type: 'string', value: 'N', description: 'how long a rotated secret still holds', default: '24' },
  },
  details: [
    'A write key is public: it stands in every page. An API key is secret, shown once, and goes into',
    'Authorization: Bearer rk_… Without --scope it reads customers. Scopes:',
    ...Object.entries(scopes).map(([name, meaning]) => `  ${name.padEnd(18)}${meaning}`),
  ].join('\n'),
  run: ({ store, given }) =>
    withState(store, (state) => {
      const [word = 'list', ...rest] = given.words
      if (word === 'list') return list(state)
      if (word === 'create') return create(state, rest, given)
      if (word === 'rotate') return rotate(state, rest, given)
      if (word === 'revoke') return revoke(state, rest)
      throw new RapportError('cli.words', `keys must be followed by list, create, rotate or revoke, got ${word}`)
    }),
}

const isoOrNull = (at: number | null): string | null => (at === null ? null : isoOf(at))

const shown = ({ keyId, ...key }: ApiKey) => ({
  ...{ kind: 'api', key: keyId, name: key.name, scopes: key.scopes, createdAt: isoOf(key.createdAt) },
  ...{ expiresAt: isoOrNull(key.expiresAt), usedAt: isoOrNull(key.usedAt), revokedAt: isoOrNull(key.revokedAt) },
})

async function list(state: State): Promise<Outcome> {
  const write = (await listWriteKeys(state)).map((row) => ({
    ...{ kind: 'write', key: row.write_key, name: row.name, scopes: [], createdAt: isoOf(row.created_at) },
    ...{ expiresAt: null, usedAt: null, revokedAt: isoOrNull(row.revoked_at) },
  }))
  const all = [...write, ...(await listApiKeys(state)).map(shown)]
  const text = textTable(all, [
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'key', value: ({ key }) => key },
    { title: 'name', value: ({ name }) => name },
    { title: 'may', value: ({ kind, scopes: held }) => (kind === 'write' ? 'send events' : held.join(' ')) },
    { title: 'since', value: ({ createdAt }) => createdAt.slice(0, 10) },
    { title: 'used', value: ({ usedAt }) => usedAt?.slice(0, 10) ?? '' },
    { title: 'ends', value: ({ expiresAt }) => expiresAt?.slice(0, 10) ?? '' },
    { title: 'revoked', value: ({ revokedAt }) => revokedAt?.slice(0, 10) ?? '' },
  ])
  return { document: all, text }
}

async function create(state: State, words: readonly string[], given: Given): Promise<Outcome> {
  const [kind, name, ...more] = words
  if ((kind !== 'write' && kind !== 'api') || name === undefined || more.length > 0) {
    throw new RapportError(
      'cli.words',
      `keys create must name write or api and one name, got ${words.join(' ') || 'nothing'}`,
    )
  }
  if (kind === 'write') {
    const key = await createWriteKey(state, name, commandLine)
    return { document: { kind, key, name }, text: key }
  }
  const asked = given.texts('scope') as readonly Scope[]
  const held = { scopes: asked.length > 0 ? asked : (['customers.read'] as const), expiresAt: expiryOf(given) }
  const { secret, ...key } = await createApiKey(state, { name, ...held, actor: commandLine })
  return {
    document: { ...shown(key), secret },
    text: `${secret}\n(${key.keyId}, may ${key.scopes.join(', ')}; the secret cannot be shown again)`,
  }
}

function expiryOf(given: Given): number | null {
  const day = given.text('expires')
  if (day === undefined) return null
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : Number.NaN
  if (at > now()) return at
  throw new RapportError('cli.option', `--expires must be a day to come such as 2030-12-31, got ${day}`)
}

async function rotate(state: State, words: readonly string[], given: Given): Promise<Outcome> {
  const hours = given.whole('grace-hours', 0)!
  const keyId = onlyKey('rotate', words)
  const { secret, ...key } = await rotateApiKey(state, { keyId, graceMs: hours * hourMs, actor: commandLine })
  return {
    document: { ...shown(key), secret },
    text: `${secret}\n(${keyId}; the secret so far holds for ${hours} hours more, this one cannot be shown again)`,
  }
}

async function revoke(state: State, words: readonly string[]): Promise<Outcome> {
  const key = onlyKey('revoke', words)
  if (
    !(await revokeWriteKey(state, key, commandLine)) &&
    !(await revokeApiKey(state, { keyId: key, actor: commandLine }))
  ) {
    throw new RapportError('cli.no-key', `the key must be one of rapport keys list that holds, got ${key}`)
  }
  return { document: { revoked: key }, text: `${key} does not hold any more; a running server knows within seconds` }
}

function onlyKey(word: string, [key, ...more]: readonly string[]): string {
  if (key !== undefined && more.length === 0) return key
  throw new RapportError('cli.words', `keys ${word} must name one key`)
}
