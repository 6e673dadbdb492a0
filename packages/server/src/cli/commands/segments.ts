import { countOf, RapportError } from '../../base/index.ts'
import { lastMoment, makeFamily } from '../../insights/index.ts'
import {
  csvOf,
  exportSegment,
  listSegments,
  lostNames,
  type Purpose,
  purposes,
  refreshSegments,
  type ShownSegment,
  showSegment,
} from '../../segments/index.ts'
import type { Command, Outcome } from '../command.ts'
import type { MakeFamily } from '../serve.ts'
import { textTable } from '../text-table.ts'
import { lentWith } from '../with-store.ts'
import { discoverOptions, discoverSegments } from './discover-segments.ts'
import { checkSegmentsOf, declareOptions, declareSegmentsOf, removeSegmentOf } from './live/declare.ts'
import { listCustomersOf } from './live/list-customers.ts'
import {
  explainOf,
  exportLive,
  isLive,
  liveSegments,
  liveTable,
  membersOf,
  noteExport,
  overlapsOf,
  previewOf,
  segmentVersionsOf,
  showLive,
  trendOf,
} from './live/segment-actions.ts'
import { type Both, withBoth } from './live/with-both.ts'
import { refitOptions, refitSegments } from './refit-segments.ts'
import { teachOptions, teachSegments } from './teach-segments.ts'

/** @param makeFamilyApart so that a server goes on answering; a command that has the store to itself needs no other thread */
export const segmentsCommand = (makeFamilyApart: MakeFamily): Command => ({
  name: 'segments',
  summary:
    'Declares live segments, lists and shows segments, previews a rule, says who is in them and why, exports them; finds groups, extends a labelled list',
  words: Object.entries(actions)
    .map(([action, { takes }]) => (takes === '' ? action : `${action} ${takes}`))
    .join(' | '),
  options: {
    purpose: {
      type: 'string',
      value: 'NAME',
      description: 'what the exported customers are to be contacted for',
      choices: purposes,
      default: 'marketing.email',
    },
    limit: { type: 'string', value: 'N', description: 'customers that members and preview name' },
    after: { type: 'string', value: 'ID', description: 'customer behind whom members begins' },
    days: { type: 'string', value: 'N', description: 'days that trend shows (default: 30)' },
    add: { type: 'boolean', description: 'customers: those of the file too' },
    remove: { type: 'boolean', description: 'customers: without those of the file' },
    empty: { type: 'boolean', description: 'customers: nobody may be left on a list that has customers' },
    analysis: {
      type: 'boolean',
      description: 'show and export: the segment of the last analysis, where one is live too',
    },
    ...declareOptions,
    ...discoverOptions,
    ...teachOptions,
    ...refitOptions,
    seed: { type: 'string', value: 'N', description: 'seed of the discovered segments', default: '1' },
  },
  details: [
    'Live segments (declared; true now: docs/methods/live-segments.md)',
    'check     says everything that is wrong with the definitions in a JSON file, and changes nothing',
    'declare   those of a JSON file, or those that come with the product: a server has everybody in them, or out, as it happens',
    'versions  everything that one was declared as, the latest first',
    'remove    one that no other names',
    'preview   how many a rule of a file holds for now, and some of them with the reasons, without declaring it',
    'members   ids of who is in one now, a page at a time (--limit, --after)',
    'explain   why a customer is in one, or is not, with the events that count',
    'overlap   how many are in two of some at once',
    'trend     how large one was at the end of each day (--days), and how many came and left',
    'customers has a list hold the customers of a CSV file with a column customer_id, or more (--add), or fewer (--remove);',
    '          a list that is not declared is declared',
    '',
    'All segments',
    'list      every segment with how many are in it: live ones now, those of analyses as of the last one',
    'show      one segment: a live one with its rule in plain language; of an analysis what sets it apart, and some customers',
    'export    its members as CSV: contact fields and, per purpose (--purpose), whether the customer agreed; cells that a',
    '          spreadsheet would run are neutralised',
    '',
    'Segments of analyses',
    'refresh   makes them anew: RFM, discovered, rules; asks families about everybody again',
    'discover  looks for groups by a method and features of your choice (--method, --features, --k, --radius, --size-min)',
    'refit     finds the groups of a family anew and says which is which of before; --accept puts them in their place',
    'teach     learns who else is like a labelled list or a segment (--name with --labels or --segment, --threshold)',
  ].join('\n'),
  run: (here) =>
    withBoth(here, async (both) => {
      const [action = 'list', ...words] = here.given.words
      checkWords(action, words)
      return actions[action]!.run(both, words, makeFamilyApart)
    }),
})

interface Action {
  /** What must follow it; in brackets what may, with … where there may be several. */
  readonly takes: string
  readonly run: (both: Both, words: readonly string[], makeFamilyApart: MakeFamily) => Promise<Outcome>
}

const actions: Readonly<Record<string, Action>> = {
  list: { takes: '', run: list },
  show: {
    takes: 'ID',
    run: async (both, [id]) => ((await isMeantLive(both, id!)) ? showLive(both, id!) : showOfAnalysis(both, id!)),
  },
  versions: { takes: 'ID', run: (both, [id]) => segmentVersionsOf(both, id!) },
  check: { takes: 'FILE', run: (both, [file]) => checkSegmentsOf(both, file!) },
  declare: { takes: '[FILE]', run: (both, [file]) => declareSegmentsOf(both, file) },
  remove: { takes: 'ID', run: (both, [id]) => removeSegmentOf(both, id!) },
  preview: { takes: 'FILE', run: (both, [file]) => previewOf(both, file!) },
  members: { takes: 'ID', run: (both, [id]) => membersOf(both, id!) },
  explain: { takes: 'ID CUSTOMER', run: (both, [id, customer]) => explainOf(both, id!, customer!) },
  overlap: { takes: 'ID ID…', run: overlapsOf },
  trend: { takes: 'ID', run: (both, [id]) => trendOf(both, id!) },
  customers: { takes: 'ID FILE', run: (both, [id, file]) => listCustomersOf(both, id!, file!) },
  export: {
    takes: 'ID',
    run: async (both, [id]) => {
      const purpose = purposes.find((known) => known === both.given.text('purpose'))!
      return (await isMeantLive(both, id!)) ? exportLive(both, id!, purpose) : exportOfAnalysis(both, id!, purpose)
    },
  },
  refresh: { takes: '', run: refresh },
  discover: {
    takes: '',
    run: (both, _, apart) => thenTelling(both, discoverSegments(both.warehouse, both, makeOf(both, apart))),
  },
  refit: {
    takes: 'FAMILY',
    run: (both, [family], apart) => refitSegments(both, family!, makeOf(both, apart)),
  },
  teach: {
    takes: '',
    run: (both, _, apart) => thenTelling(both, teachSegments(both.warehouse, both, makeOf(both, apart))),
  },
}

/** Another family in the place of one may leave rules that name segments which are no more. */
async function thenTelling(both: Both, made: Promise<Outcome>): Promise<Outcome> {
  const outcome = await made
  for (const words of await lostNames(both.warehouse, both.state.queries)) both.tell(words)
  return outcome
}

const makeOf = ({ warehouse }: Both, apart: MakeFamily): MakeFamily => (lentWith(warehouse) ? apart : makeFamily)

const isMeantLive = async (both: Both, id: string): Promise<boolean> =>
  !both.given.flag('analysis') && (await isLive(both, id))

/** A word that is passed over would be taken for heard: `discover hdbscan` must not look by k-means. */
function checkWords(action: string, words: readonly string[]): void {
  if (!Object.hasOwn(actions, action)) {
    const known = Object.keys(actions)
    throw new RapportError(
      'cli.words',
      `segments must be followed by ${known.slice(0, -1).join(', ')} or ${known.at(-1)}, got ${action}`,
    )
  }
  const { takes } = actions[action]!
  const wanted = takes === '' ? [] : takes.split(' ')
  const least = wanted.filter((one) => !one.startsWith('[')).length
  if (words.length >= least && (words.length <= wanted.length || takes.endsWith('…'))) return
  const hint = action === 'discover' || action === 'teach' ? ', what it is to do goes into options' : ''
  throw new RapportError(
    'cli.words',
    `segments ${action} must be followed by ${wanted.length === 0 ? `no other word${hint}` : takes}, got ${words.join(' ') || 'none'}`,
  )
}

async function list(both: Both): Promise<Outcome> {
  const [live, analysed] = [await liveSegments(both), await listSegments(both.warehouse)]
  const table = textTable(analysed, [
    { title: 'segment', value: (segment) => segment.id },
    { title: 'name', value: ({ name }) => name },
    { title: 'customers', value: ({ customers }) => customers.toLocaleString('en'), align: 'right' },
  ])
  return {
    document: { live, analysed },
    text: live.length === 0 ? table : `${liveTable(live)}\n\nas of the last analysis\n\n${table}`,
  }
}

async function refresh({ warehouse, given, work }: Both): Promise<Outcome> {
  const result = await refreshSegments(
    warehouse,
    { asOf: await lastMoment(warehouse), seed: given.whole('seed', 0)! },
    work,
  )
  return { document: result, text: 'segments are up to date: rapport segments list shows them' }
}

async function showOfAnalysis({ warehouse }: Both, id: string): Promise<Outcome> {
  const shown = await showSegment(warehouse, id)
  return { document: shown, text: describeSegment(shown) }
}

async function exportOfAnalysis(both: Both, id: string, purpose: Purpose): Promise<Outcome> {
  const { warehouse, tell, work } = both
  const exported = await exportSegment(warehouse, id, { purpose }, work)
  await noteExport(both, id)
  tell(
    `${countOf(exported.rows.length, 'customer')}, ${exported.contactable.toLocaleString('en')} of them may be contacted for ${purpose}`,
  )
  return { document: exported, text: csvOf(exported).trimEnd() }
}

const percent = (share: number): string => `${Math.round(100 * share)} %`

const describeSegment = ({ id, name, definition, customers, profile, sample, taught }: ShownSegment): string =>
  [
    `${id}: ${name}, ${countOf(customers, 'customer')}`,
    `definition: ${JSON.stringify(definition)}`,
    textTable(profile, [
      { title: 'compared with all customers', value: ({ label }) => label },
      { title: 'here', value: ({ mean }) => mean.toFixed(2), align: 'right' },
      { title: 'all', value: ({ overallMean }) => overallMean.toFixed(2), align: 'right' },
      { title: 'effect', value: ({ effect }) => effect.toFixed(2), align: 'right' },
    ]),
    taught ? describeTaught(taught) : `for example ${sample.join(', ')}`,
  ].join('\n\n')

/** How far to trust it, and of whom it is surest. */
function describeTaught({ source, chosen, labelled, added, quality, members }: Taught): string {
  const { auc, precision, recall, threshold, baselinePrecision } = quality
  const right = precision === null ? 'none was called in' : `${percent(precision)} of those called in are`
  return [
    `taught by ${source}: ${labelled.toLocaleString('en')} were said to be in it, ${added.toLocaleString('en')} were added by ${chosen}, which takes in whom it gives ${percent(threshold)} or more`,
    `on customers it had not seen: ${right} (by chance ${percent(baselinePrecision)}), ${percent(recall)} of those who are were called in; area under the ROC curve ${auc.value.toFixed(3)} (95 % between ${auc.low.toFixed(3)} and ${auc.high.toFixed(3)}; 0.5 is chance)`,
    textTable(members, [
      { title: 'of whom it is surest', value: ({ customerId }) => customerId },
      { title: 'probability', value: ({ probability }) => percent(probability), align: 'right' },
      { title: '', value: ({ isLabelled }) => (isLabelled ? 'was said to be in it' : 'added') },
      { title: 'what speaks for it', value: ({ reasons }) => reasons.join('; ') },
    ]),
  ].join('\n')
}

type Taught = NonNullable<ShownSegment['taught']>
