import { countOf, RapportError } from '../../base/index.ts'
import {
  type ImportSummary,
  importFiles,
  importTemplate,
  listBatches,
  type PresetName,
  presetNames,
  undoImport,
} from '../../ingestion/index.ts'
import { refreshLeftOut } from '../../quality/index.ts'
import type { Command, Given, Outcome, Surroundings } from '../command.ts'
import { describeProposal } from '../describe-proposal.ts'
import { textTable } from '../text-table.ts'
import { withNewStore, withStore } from '../with-store.ts'

const kinds = ['orders', 'events', 'customers', 'products'] as const
type Kind = (typeof kinds)[number]

export const importCommand: Command = {
  name: 'import',
  summary: 'Reads orders, events, customers or products from files into the store',
  words: 'KIND FILE… | undo BATCH | template KIND | list',
  options: {
    map: { type: 'string', value: 'TARGET=COLUMN', description: 'which column holds what', multiple: true },
    preset: { type: 'string', value: 'NAME', description: 'a known file', choices: presetNames },
    currency: { type: 'string', value: 'CODE', description: 'currency of amounts that name none: EUR' },
    timezone: { type: 'string', value: 'ZONE', description: 'zone of times that name none: Europe/Berlin' },
    basis: {
      type: 'string',
      value: 'TEXT',
      description: 'legal basis on which these people may be profiled and contacted',
    },
    yes: { type: 'boolean', description: 'take the proposed mapping without asking' },
    'dry-run': { type: 'boolean', description: 'read and check everything, keep nothing' },
  },
  details:
    'Files are CSV, TSV, JSON Lines or Parquet, plain or gzip. Without --map or --preset a mapping is proposed from headers\n' +
    'and values and must be confirmed. A COLUMN may say how it reads: Date:dd/mm or :mm/dd, Price:1.234,56 or :1,234.56,\n' +
    'Shipping:order for what holds for a whole order, :line for what each line has of its own.\n' +
    'Without --basis or a consent column only those may be contacted and are analysed one by one whose region lets them opt\n' +
    'out (rapport consent defaults), or for whom the store has a basis (rapport consent basis). A BASIS: consent, contract,\n' +
    'legitimate-interest.\n' +
    'The same file imported twice changes nothing.',
  run: async (surroundings) => {
    const { given, store } = surroundings
    const [word, ...rest] = given.words
    if (word === 'undo') return undo(store, rest)
    if (word === 'template') return template(rest)
    if (word === 'list') return list(store)
    return importKind(surroundings, kindOf(word), rest)
  },
}

function kindOf(word: string | undefined): Kind {
  const kind = kinds.find((known) => known === word)
  if (kind) return kind
  throw new RapportError(
    'cli.words',
    `import must name one of ${kinds.join(', ')}, undo, template or list, got ${word ?? 'nothing'}`,
  )
}

async function importKind(
  { store, given, work, ask, tell, path }: Surroundings,
  kind: Kind,
  files: string[],
): Promise<Outcome> {
  if (files.length === 0) throw new RapportError('cli.words', `import ${kind} must name at least one file, got none`)
  const summary = await withNewStore(store, async (warehouse) => {
    const imported = await importFiles(
      warehouse,
      {
        kind,
        files: files.map(path),
        ...mapOf(given),
        ...presetOf(given),
        ...textOption(given, 'currency'),
        ...textOption(given, 'timezone'),
        ...textOption(given, 'basis'),
        dryRun: given.flag('dry-run'),
        confirm: async (proposal) => {
          tell(describeProposal(proposal))
          if (proposal.questions.length > 0) return false
          return given.flag('yes') || (await ask('Take this mapping?'))
        },
      },
      work,
    )
    if (!imported.dryRun) await refreshLeftOut(warehouse)
    return imported
  })
  return { document: summary, text: describeImport(summary) }
}

const textOption = <Name extends string>(given: Given, name: Name): { [key in Name]?: string } => {
  const value = given.text(name)
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: string }
}

function presetOf(given: Given): { preset?: PresetName } {
  const preset = presetNames.find((name) => name === given.text('preset'))
  return preset === undefined ? {} : { preset }
}

function mapOf(given: Given): { map?: Record<string, string> } {
  const entries = given.texts('map').map((text): [string, string] => {
    const at = text.indexOf('=')
    if (at < 1) throw new RapportError('cli.option', `--map must be TARGET=COLUMN, got ${text}`)
    return [text.slice(0, at), text.slice(at + 1)]
  })
  return entries.length === 0 ? {} : { map: Object.fromEntries(entries) }
}

async function undo(store: string, words: readonly string[]): Promise<Outcome> {
  const batch = Number(words[0])
  if (!Number.isSafeInteger(batch) || words.length !== 1) {
    throw new RapportError(
      'cli.words',
      `import undo must name one batch by its number, got ${words.join(' ') || 'nothing'}`,
    )
  }
  return withStore(store, async (warehouse) => {
    const undone = await undoImport(warehouse, batch)
    await refreshLeftOut(warehouse)
    return { document: undone, text: `batch ${batch} is undone: its records are out of the store` }
  })
}

function template(words: readonly string[]): Outcome {
  const text = importTemplate(kindOf(words[0]))
  return { document: { kind: words[0], csv: text }, text: text.trimEnd() }
}

const list = (store: string): Promise<Outcome> =>
  withStore(store, async (warehouse) => {
    const batches = await listBatches(warehouse)
    return {
      document: batches,
      text: textTable(batches, [
        { title: 'batch', value: ({ batchId }) => String(batchId), align: 'right' },
        { title: 'kind', value: ({ kind }) => kind },
        { title: 'accepted', value: ({ accepted }) => accepted.toLocaleString('en'), align: 'right' },
        { title: 'duplicates', value: ({ duplicates }) => duplicates.toLocaleString('en'), align: 'right' },
        { title: 'quarantined', value: ({ quarantined }) => quarantined.toLocaleString('en'), align: 'right' },
      ]),
    }
  })

export function describeImport(summary: ImportSummary): string {
  const count = (n: number): string => n.toLocaleString('en')
  const lines = [
    `${wordsOfBatch(summary)} ${summary.kind} from ${summary.files.length} file${summary.files.length === 1 ? '' : 's'}`,
    `read ${count(summary.read)} = accepted ${count(summary.accepted)} + duplicates ${count(summary.duplicates)} + quarantined ${count(summary.quarantined)}${
      summary.refused > 0 ? ` + refused ${count(summary.refused)}, of erased customers` : ''
    }`,
    ...summary.reasons.map(
      ({ reason, count: n }) => `  ${count(n)} × ${n > 1 ? reason.replace(', got ', ', got for example ') : reason}`,
    ),
    ...(summary.quarantined > 0 && summary.batchId !== null
      ? [`  which ones and what they say: rapport quarantine list --batch ${summary.batchId}`]
      : []),
    ...summary.warnings.map((warning) => `note: ${warning}`),
    ...(summary.kind === 'customers' ? [describeContactable(summary)] : []),
  ]
  if (summary.repeatedLinesKept > 0)
    lines.push(
      `${countOf(summary.repeatedLinesKept, 'line that the file itself repeats was', 'lines that the file itself repeats were')} kept and flagged`,
    )
  return lines.join('\n')
}

function wordsOfBatch({ dryRun, batchId }: ImportSummary): string {
  if (dryRun) return 'would import'
  return batchId === null ? 'nothing new in' : `batch ${batchId}: imported`
}

const describeContactable = ({ contactable: { customers, why } }: ImportSummary): string =>
  customers === 0
    ? `note: ${why.startsWith('nobody') ? why : `nobody may be contacted ${why}`}`
    : `${customers.toLocaleString('en')} customer${customers === 1 ? '' : 's'} may be contacted ${why}`
