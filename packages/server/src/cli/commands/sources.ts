import type { SourceDefinition } from '@rapport/protocol'
import { commandLine, recordAudit } from '../../access/index.ts'
import { isoOf, RapportError, readConfiguration } from '../../base/index.ts'
import {
  defineSource,
  listSecrets,
  listSources,
  putSecret,
  removeSecret,
  removeSource,
  type SourceRun,
  type SourceView,
} from '../../ingestion/index.ts'
import { refreshLeftOut } from '../../quality/index.ts'
import type { State, StateQueries } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { Command, Outcome, Surroundings } from '../command.ts'
import { sourcesOf } from '../configuration-of.ts'
import { bytesOf, readJsonFile } from '../read-file.ts'
import { textTable } from '../text-table.ts'
import { withSources } from '../with-sources.ts'
import { withState } from '../with-state.ts'
import { withStore } from '../with-store.ts'

export const sources: Command = {
  name: 'sources',
  summary: 'Sources: records fetched from APIs and folders, again and again',
  words: 'list | add NAME FILE | run NAME | remove NAME | secrets | secret NAME URL FILE | forget-secret NAME',
  options: {},
  details:
    'docs/sources.md says what a definition (FILE, JSON) holds. A running server fetches each source as often as it says;\n' +
    'run does it now. A secret is read from FILE, sent to the host of URL only, and never shown.',
  run: (here) =>
    withStore(here.store, (warehouse) =>
      withState(here.store, (state) => {
        const [word = 'list', ...rest] = here.given.words
        const action = actions[word]
        if (action && rest.length === action.words) return action.run({ ...here, warehouse, state }, rest)
        throw new RapportError(
          'cli.words',
          `sources must be followed by ${sources.words}, got ${here.given.words.join(' ')}`,
        )
      }),
    ),
}

interface Here extends Surroundings {
  readonly warehouse: Warehouse
  readonly state: State
}

interface Action {
  /** How many words it takes. */
  readonly words: number
  readonly run: (here: Here, words: readonly string[]) => Promise<Outcome>
}

const actions: Readonly<Record<string, Action>> = {
  list: { words: 0, run: ({ state }) => list(state) },
  add: { words: 2, run: (here, [name, file]) => add(here, name!, file!) },
  run: { words: 1, run: (here, [name]) => run(here, name!) },
  remove: { words: 1, run: (here, [name]) => remove(here, name!) },
  secrets: { words: 0, run: ({ state }) => secrets(state) },
  secret: { words: 3, run: (here, [name, url, file]) => keepSecret(here, name!, url!, file!) },
  'forget-secret': { words: 1, run: (here, [name]) => forgetSecret(here, name!) },
}

async function list(state: State): Promise<Outcome> {
  const all = await listSources(state)
  const text = textTable(all, [
    { title: 'name', value: ({ name }) => name },
    { title: 'from', value: ({ definition: { from } }) => (from.type === 'http' ? new URL(from.url).host : from.path) },
    { title: 'into', value: ({ definition: { into } }) => into.kind },
    { title: 'every', value: ({ definition }) => durationOf(definition) },
    { title: 'last', value: ({ ranAt }) => (ranAt === null ? 'never' : isoOf(ranAt)) },
    { title: 'took', value: ({ result }) => result?.accepted.toLocaleString('en') ?? '', align: 'right' },
    { title: 'state', value: stateOf },
  ])
  return { document: all, text: all.length === 0 ? 'no sources: rapport sources add NAME FILE makes one' : text }
}

function stateOf({ failure, failedAt, result }: SourceView): string {
  if (failure !== null) return `failed ${isoOf(failedAt!)}: ${failure}`
  const unseen = result?.unseen ?? []
  return unseen.length > 0 ? `no record has ${unseen.join(', ')}` : 'well'
}

const durationOf = ({ everyMs }: SourceDefinition): string =>
  everyMs % 3_600_000 === 0
    ? `${everyMs / 3_600_000} h`
    : everyMs % 60_000 === 0
      ? `${everyMs / 60_000} min`
      : `${everyMs / 1000} s`

async function add({ store, path, warehouse, state }: Here, name: string, file: string): Promise<Outcome> {
  const { sourceFolders } = readConfiguration(sourcesOf(store))
  const source = await defineSource(warehouse, state, sourceFolders, name, readJsonFile(path(file), file, 'a source'))
  await enter(state.queries, 'sources.define', name)
  return {
    document: source,
    text: `${name} is fetched by a running server every ${durationOf(source.definition)}; rapport sources run ${name} does it now`,
  }
}

async function run({ store, warehouse, state, work }: Here, name: string): Promise<Outcome> {
  await enter(state.queries, 'sources.run', name)
  const taken = await withSources(store, warehouse, state, (all) => all.run(name, work))
  await refreshLeftOut(warehouse)
  return { document: taken, text: describe(taken) }
}

function describe({ read, accepted, duplicates, quarantined, ignored, unseen }: SourceRun): string {
  const count = (n: number): string => n.toLocaleString('en')
  const others = ignored > 0 ? ` + ignored ${count(ignored)}` : ''
  const lines = [
    `read ${count(read)}: accepted ${count(accepted)} + duplicates ${count(duplicates)} + quarantined ${count(quarantined)}${others}`,
    ...(unseen.length > 0 ? [`note: no record has ${unseen.join(', ')}`] : []),
  ]
  return lines.join('\n')
}

async function remove({ warehouse, state }: Here, name: string): Promise<Outcome> {
  await removeSource(warehouse, state, name)
  await enter(state.queries, 'sources.remove', name)
  return { document: { removed: name }, text: `${name} is gone; what it brought stays` }
}

async function secrets({ queries }: State): Promise<Outcome> {
  const all = await listSecrets(queries)
  const text = textTable(all, [
    { title: 'name', value: ({ name }) => name },
    { title: 'for', value: ({ origin }) => origin },
    { title: 'since', value: ({ createdAt }) => isoOf(createdAt) },
  ])
  return { document: all, text: all.length === 0 ? 'no secrets' : text }
}

async function keepSecret({ path, state }: Here, name: string, url: string, file: string): Promise<Outcome> {
  const value = bytesOf(path(file), file).toString('utf8').trim()
  const secret = await state.transaction(async (queries) => {
    const kept = await putSecret(queries, name, url, value)
    await enter(queries, 'secrets.put', name)
    return kept
  })
  return { document: secret, text: `${name} is kept, for ${secret.origin} only` }
}

async function forgetSecret({ state }: Here, name: string): Promise<Outcome> {
  await state.transaction(async (queries) => {
    await removeSecret(queries, name)
    await enter(queries, 'secrets.remove', name)
  })
  return { document: { removed: name }, text: `${name} is forgotten` }
}

const enter = (queries: StateQueries, action: string, target: string): Promise<void> =>
  recordAudit(queries, { actor: commandLine, action, target })
