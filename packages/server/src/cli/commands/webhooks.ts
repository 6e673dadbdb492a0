import { type Webhook, type WebhookDraft, webhookDraft, webhookPreset, webhookSignature } from '@rapport/protocol'
import { commandLine, recordAudit } from '../../access/index.ts'
import { fit, isoOf, RapportError } from '../../base/index.ts'
import {
  addWebhook,
  auditNameOf,
  listWebhooks,
  type MadeWebhook,
  removeWebhook,
  rotateSecret,
} from '../../ingestion/index.ts'
import type { State, StateQueries } from '../../state/index.ts'
import type { Command, Given, Outcome, Surroundings } from '../command.ts'
import { bytesOf, readJsonFile } from '../read-file.ts'
import { textTable } from '../text-table.ts'
import { lastUrlOf } from '../url-of-server.ts'
import { withState } from '../with-state.ts'

export const webhooks: Command = {
  name: 'webhooks',
  summary: 'Incoming webhooks: shops, payments and help desks that send events by themselves',
  words: 'list | add NAME | rotate ID | remove ID',
  options: {
    preset: { type: 'string', description: 'who sends', choices: webhookPreset.options },
    mapping: { type: 'string', value: 'FILE', description: 'instead of a preset: a mapping, as JSON' },
    signature: { type: 'string', description: 'how requests are signed', choices: webhookSignature.options },
    'secret-file': { type: 'string', value: 'FILE', description: 'file with the secret that the sender shows' },
    'customers-by': { type: 'string', description: 'what customers go by', choices: ['email', 'id'] },
    tests: { type: 'boolean', description: 'also take test orders and test payments' },
  },
  details:
    'docs/webhooks.md says how to set them up with Shopify, Stripe, Zendesk and others. A secret is shown once at most;\n' +
    'a webhook whose sender makes the secret refuses everything until rotate has given it.',
  run: (here) =>
    withState(here.store, (state) => {
      const { given } = here
      const [word = 'list', ...rest] = given.words
      if (word === 'list' && rest.length === 0) return list(state)
      if (word === 'add') return add(state, oneOf(word, rest, 'name'), here)
      if (word === 'rotate') return rotate(state, oneOf(word, rest, 'id'), here)
      if (word === 'remove') return remove(state, oneOf(word, rest, 'id'))
      throw new RapportError(
        'cli.words',
        `webhooks must be followed by list, add, rotate or remove, got ${given.words.join(' ')}`,
      )
    }),
}

function oneOf(word: string, words: readonly string[], what: string): string {
  const [one, ...more] = words
  if (one !== undefined && more.length === 0) return one
  throw new RapportError('cli.words', `webhooks ${word} must have one ${what}, got ${words.join(' ') || 'nothing'}`)
}

async function list(state: State): Promise<Outcome> {
  const base = await baseUrl(state)
  const all = await listWebhooks(state.queries)
  const text = textTable(all, [
    { title: 'name', value: ({ name }) => name },
    { title: 'understood as', value: ({ preset }) => preset ?? 'a mapping' },
    { title: 'signed', value: ({ signature, hasSecret }) => signedAs(signature, hasSecret) },
    ...(['accepted', 'ignored', 'quarantined', 'refused'] as const).map((title) => ({
      ...{ title, align: 'right' as const },
      value: (webhook: Webhook) => webhook[title].toLocaleString('en'),
    })),
    { title: 'last', value: ({ lastAt }) => (lastAt === null ? 'never' : isoOf(lastAt)) },
    { title: 'id', value: ({ webhookId }) => webhookId },
  ])
  return { document: all.map((webhook) => ({ ...webhook, url: `${base}${webhook.path}` })), text }
}

const signedAs = (signature: string, hasSecret: boolean): string =>
  signature === 'path' ? 'no: by its address' : hasSecret ? signature : `${signature}, waits for its secret`

async function add(state: State, name: string, here: Surroundings): Promise<Outcome> {
  const draft = draftOf(name, here)
  return describe(state, await change(state, 'webhooks.add', (queries) => addWebhook(queries, draft)))
}

async function rotate(state: State, webhookId: string, here: Surroundings): Promise<Outcome> {
  const secret = secretOf(here)
  const made = await change(state, 'webhooks.rotate', (queries) => rotateSecret(queries, webhookId, secret))
  return describe(state, made)
}

async function remove(state: State, webhookId: string): Promise<Outcome> {
  const forget = async (queries: StateQueries) => ({ webhook: await removeWebhook(queries, webhookId) })
  const { name } = (await change(state, 'webhooks.remove', forget)).webhook
  return { document: { removed: webhookId, name }, text: `${name} is gone; what it brought stays` }
}

/** What is changed and who did it are written together. */
const change = <Changed extends { readonly webhook: Webhook }>(
  state: State,
  action: string,
  deed: (queries: StateQueries) => Promise<Changed>,
): Promise<Changed> =>
  state.transaction(async (queries) => {
    const done = await deed(queries)
    const target = auditNameOf(done.webhook.webhookId)
    await recordAudit(queries, { actor: commandLine, action, target })
    return done
  })

function draftOf(name: string, here: Surroundings): WebhookDraft {
  const { given } = here
  const file = given.text('mapping')
  const draft = {
    name,
    ...chosen(given, 'preset', 'preset'),
    ...chosen(given, 'signature', 'signature'),
    ...chosen(given, 'customers-by', 'customersBy'),
    ...(file === undefined ? {} : { mapping: readJsonFile(here.path(file), file, 'a mapping') }),
    ...(given.flag('tests') ? { takesTests: true } : {}),
    secret: secretOf(here),
  }
  return fit(webhookDraft, draft, 'cli.webhook')
}

function chosen(given: Given, option: string, field: string): Record<string, string> {
  const value = given.text(option)
  return value === undefined ? {} : { [field]: value }
}

function secretOf(here: Surroundings): string | undefined {
  const file = here.given.text('secret-file')
  return file === undefined ? undefined : bytesOf(here.path(file), file).toString('utf8').trim()
}

async function describe(state: State, { webhook, secret }: MadeWebhook): Promise<Outcome> {
  const url = `${await baseUrl(state)}${webhook.path}`
  const { signature, hasSecret, webhookId } = webhook
  const about = secret
    ? `its signing secret, shown this once: ${secret}`
    : signature === 'path'
      ? 'it is not signed: whoever knows the address may post, so keep it as a secret'
      : hasSecret
        ? `it takes what is signed as ${signature} signs`
        : `it refuses everything until it has the secret that ${signature} shows: rapport webhooks rotate ${webhookId} --secret-file FILE`
  return {
    document: { ...webhook, url, ...(secret === undefined ? {} : { secret }) },
    text: `${webhook.name}: the sender posts to\n${url}\n${about}`,
  }
}

/** Where the server of this store was last reached, or will be where nothing else is said. */
const baseUrl = async (state: State): Promise<string> => (await lastUrlOf(state)) ?? 'http://localhost:8787'
