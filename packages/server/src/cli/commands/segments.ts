import { RapportError } from '../../base/index.ts'
import { lastMoment, makeFamily } from '../../insights/index.ts'
import {
  csvOf,
  exportSegment,
  listSegments,
  purposes,
  refreshSegments,
  type ShownSegment,
  showSegment,
} from '../../segments/index.ts'
import type { Command } from '../command.ts'
import type { MakeFamily } from '../serve.ts'
import { textTable } from '../text-table.ts'
import { lentWith, withStore } from '../with-store.ts'
import { declareSegmentsOf } from './declare.ts'
import { discoverOptions, discoverSegments } from './discover-segments.ts'
import { teachOptions, teachSegments } from './teach-segments.ts'

/** @param makeFamilyApart so that a server goes on answering; a command that has the store to itself needs no other thread */
export const segmentsCommand = (makeFamilyApart: MakeFamily): Command => ({
  name: 'segments',
  summary: 'Lists segments, shows one, exports its members with their consents; finds groups, extends a labelled list',
  words: 'list | show ID | export ID | refresh | discover | teach | declare [FILE]',
  options: {
    purpose: {
      type: 'string',
      value: 'NAME',
      description: 'what the exported customers are to be contacted for',
      choices: purposes,
      default: 'marketing.email',
    },
    ...discoverOptions,
    ...teachOptions,
    seed: { type: 'string', value: 'N', description: 'seed of the discovered segments', default: '1' },
  },
  details: [
    'list      every segment with how many are in it',
    'show      one segment: what sets it apart, and some of its customers',
    'export    its members as CSV: contact fields and, per purpose (--purpose), whether the customer agreed; cells that a',
    '          spreadsheet would run are neutralised',
    'refresh   makes those of the analysis anew: RFM, discovered, rules; asks families about everybody again',
    'discover  looks for groups by a method and features of your choice (--method, --features, --k, --radius, --size-min)',
    'teach     learns who else is like a labelled list or a segment (--name with --labels or --segment, --threshold)',
    'declare   live segments of a JSON file, or those that come with the product: a server has everybody in them, or out, as it',
    '          happens; see docs/methods/live-segments.md',
  ].join('\n'),
  run: (here) =>
    withStore(here.store, async (warehouse) => {
      const { given, tell, work } = here
      const [action = 'list', id, ...more] = given.words
      checkWords(action, id === undefined ? [] : [id, ...more])
      const make = lentWith(warehouse) ? makeFamilyApart : makeFamily
      if (action === 'discover') return discoverSegments(warehouse, here, make)
      if (action === 'teach') return teachSegments(warehouse, here, make)
      if (action === 'declare') return declareSegmentsOf(here, id)
      if (action === 'refresh') {
        const result = await refreshSegments(
          warehouse,
          { asOf: await lastMoment(warehouse), seed: given.whole('seed', 0)! },
          work,
        )
        return { document: result, text: 'segments are up to date: rapport segments list shows them' }
      }
      if (action === 'list') {
        const listed = await listSegments(warehouse)
        return {
          document: listed,
          text: textTable(listed, [
            { title: 'segment', value: (segment) => segment.id },
            { title: 'name', value: ({ name }) => name },
            { title: 'customers', value: ({ customers }) => customers.toLocaleString('en'), align: 'right' },
          ]),
        }
      }
      if (id === undefined) throw new RapportError('cli.words', `segments ${action} must name a segment, got none`)
      if (action === 'show') {
        const shown = await showSegment(warehouse, id)
        return { document: shown, text: describeSegment(shown) }
      }
      const purpose = purposes.find((known) => known === given.text('purpose'))!
      const exported = await exportSegment(warehouse, id, { purpose }, work)
      tell(`${exported.rows.length} customers, ${exported.contactable} of them may be contacted for ${purpose}`)
      return { document: exported, text: csvOf(exported).trimEnd() }
    }),
})

/** How many words follow each action. */
const wordsAfter: Readonly<Record<string, number>> = {
  ...{ list: 0, refresh: 0, discover: 0, teach: 0 },
  ...{ show: 1, export: 1, declare: 1 },
}

/** A word that is passed over would be taken for heard: `discover hdbscan` must not look by k-means. */
function checkWords(action: string, words: readonly string[]): void {
  if (!Object.hasOwn(wordsAfter, action)) {
    throw new RapportError(
      'cli.words',
      `segments must be followed by list, show, export, refresh, discover, teach or declare, got ${action}`,
    )
  }
  const most = wordsAfter[action]!
  if (words.length <= most) return
  const hint = action === 'discover' || action === 'teach' ? `, what it is to do goes into options` : ''
  throw new RapportError(
    'cli.words',
    `segments ${action} must be followed by ${most === 0 ? `no other word${hint}` : action === 'declare' ? 'one file' : 'one segment'}, got ${words.join(' ')}`,
  )
}

const percent = (share: number): string => `${Math.round(100 * share)} %`

const describeSegment = ({ id, name, definition, customers, profile, sample, taught }: ShownSegment): string =>
  [
    `${id}: ${name}, ${customers.toLocaleString('en')} customers`,
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
