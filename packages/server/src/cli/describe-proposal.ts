import { shortened } from '../base/index.ts'
import { type ImportKind, looksLikeConsent, type MappingProposal } from '../ingestion/index.ts'
import { textTable } from './text-table.ts'

/** Letters in a line of column names. */
const lineWidth = 100

/** What an import does with columns that no target takes. */
const unmappedWords: Readonly<Record<ImportKind, string>> = {
  orders: 'not used',
  events: 'kept as properties of the events',
  customers: 'kept as further traits',
  products: 'kept as further attributes',
}

/** A proposed mapping as a person reads it: what is taken for what, what is not, and what only that person can say. */
export function describeProposal({ kind, columns, unmapped, questions }: MappingProposal): string {
  const table = textTable(columns, [
    { title: 'target', value: ({ target }) => target },
    { title: 'column', value: ({ source }) => source },
    { title: 'for example', value: ({ sample }) => cut(sample.slice(0, 3).join(' | '), 40) },
    { title: 'why', value: ({ why }) => why },
  ])
  const consents = unmapped.filter(looksLikeConsent)
  const isConsented = columns.some(({ target }) => target === 'consent' || target.startsWith('marketing_'))
  const blocks = [
    ...(columns.length > 0 ? [table] : []),
    ...(columns.some(({ source }) => source.endsWith(':order')) ? [ofOrders] : []),
    ...(unmapped.length > 0 ? [describeUnmapped(kind, unmapped)] : []),
    ...(consents.length > 0 ? [describeConsents(kind, consents, isConsented)] : []),
    ...(questions.length > 0 ? [describeQuestions(questions)] : []),
  ]
  return blocks.join('\n\n')
}

const ofOrders =
  ':order marks what the file says once an order: it holds for all lines of the order, amounts are spread over them.'

const cut = (text: string, length: number): string => (text.length > length ? shortened(text, length - 1, '…') : text)

function describeUnmapped(kind: ImportKind, unmapped: readonly string[]): string {
  const lines: string[] = []
  for (const [index, name] of unmapped.entries()) {
    const item = index < unmapped.length - 1 ? `${name},` : name
    const last = lines.at(-1)
    if (last !== undefined && last.length + item.length < lineWidth) lines[lines.length - 1] = `${last} ${item}`
    else lines.push(`  ${item}`)
  }
  const count = unmapped.length === 1 ? '1 column is' : `${unmapped.length} columns are`
  return [`${count} ${unmappedWords[kind]}:`, ...lines].join('\n')
}

function describeConsents(kind: ImportKind, consents: readonly string[], isConsented: boolean): string {
  const [looks, it] = consents.length === 1 ? ['looks', 'it'] : ['look', 'them']
  const what = `! ${consents.join(', ')} ${looks} like consent to be contacted${isConsented ? ' too' : ''}`
  const how =
    `  --map consent=COLUMN for one that speaks of all channels, marketing_email=COLUMN, marketing_social=COLUMN or\n` +
    `  marketing_ads=COLUMN for one that speaks of one only`
  if (kind !== 'customers') {
    return (
      `${what}, which an import of ${kind} cannot take. Nobody may be contacted\n` +
      `  until customers are imported with their consents: rapport import customers FILE, with\n${how}.`
    )
  }
  return isConsented
    ? `${what}, and nothing takes ${it}. Say\n${how}.`
    : `${what}, and nothing takes ${it}. Nobody may be contacted unless you say\n${how},\n  or give a --basis.`
}

const describeQuestions = (questions: readonly string[]): string =>
  [
    'still open:',
    ...questions.map((question) => `  ${question}`),
    'Answer by running the command again with --map TARGET=COLUMN for each, such as --map occurred_at="Order date";',
    'a column of dates takes TARGET=COLUMN:dd/mm or :mm/dd, one of amounts TARGET=COLUMN:1.234,56 or :1,234.56.',
  ].join('\n')
