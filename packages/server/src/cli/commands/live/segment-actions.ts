import { commandLine, recordAudit } from '../../../access/index.ts'
import { countOf, isoOf, RapportError } from '../../../base/index.ts'
import { storedFeatures } from '../../../features/index.ts'
import { customerNamed } from '../../../insights/index.ts'
import {
  type CustomerNow,
  customerNow,
  type DescribedSegment,
  describeSegment,
  describeSegments,
  type Explanation,
  explainNow,
  exportMembers,
  membersPage,
  overlapOf,
  type Purpose,
  previewSegment,
  type RuleWords,
  segmentTrend,
  segmentVersions,
  storedSegmentDefinitions,
} from '../../../segments/index.ts'
import type { Outcome } from '../../command.ts'
import { readJsonFile } from '../../read-file.ts'
import { textTable } from '../../text-table.ts'
import { lentWith } from '../../with-store.ts'
import { standingOf } from './standing.ts'
import type { Both } from './with-both.ts'

const count = (n: number): string => n.toLocaleString('en')

/** Whether a segment of this id is declared, and is so live. */
export const isLive = async ({ state }: Both, id: string): Promise<boolean> =>
  (await storedSegmentDefinitions(state.queries)).some((segment) => segment.id === id)

/** Live segments with how many are in them now. */
export async function liveSegments(both: Both): Promise<readonly DescribedSegment[]> {
  if ((await storedSegmentDefinitions(both.state.queries)).length === 0) return []
  return (await describeSegments(both.state.queries, await standingOf(both))).segments
}

export const liveTable = (segments: readonly DescribedSegment[]): string =>
  [sizesTable(segments), ...segments.flatMap(({ id, warnings }) => warnings.map((words) => `${id} ${words}`))].join(
    '\n',
  )

const sizesTable = (segments: readonly DescribedSegment[]): string =>
  textTable(segments, [
    { title: 'live segment', value: ({ id }) => id },
    { title: 'name', value: ({ name }) => name },
    { title: 'version', value: ({ version }) => String(version), align: 'right' },
    {
      title: 'customers now',
      value: ({ customers, isReady }) => (customers === null || !isReady ? 'being filled' : count(customers)),
      align: 'right',
    },
  ])

export async function showLive(both: Both, id: string): Promise<Outcome> {
  const shown = await describeSegment(both.state.queries, id, await standingOf(both))
  const { name, words, version, customers, isReady, usesFeatures, usesSegments, usedBy, warnings } = shown
  const uses = [...usesFeatures.map((one) => `feature ${one}`), ...usesSegments].join(', ')
  return {
    document: shown,
    text: [
      `${id}: ${name}, ${customers === null || !isReady ? 'being filled' : `${countOf(customers, 'customer')} now`}`,
      words,
      `version ${version}, declared ${isoOf(shown.declaredAt)}`,
      `made of ${uses || 'nothing else that is declared'}; used by ${usedBy.join(', ') || 'nothing'}`,
      ...warnings,
      shown.ruleWords === null ? 'a list that somebody keeps' : `who is in it:\n${indented(shown.ruleWords)}`,
    ].join('\n'),
  }
}

const indented = ({ words, parts }: RuleWords, depth = 1): string =>
  [`${'  '.repeat(depth)}${words}`, ...parts.map((part) => indented(part, depth + 1))].join('\n')

export async function segmentVersionsOf({ state }: Both, id: string): Promise<Outcome> {
  const versions = await segmentVersions(state.queries, id)
  return {
    document: { id, versions },
    text: versions
      .map(({ version, declaredAt, definition }) => {
        const what = definition === null ? ': removed' : `\n${JSON.stringify(definition.rule ?? 'a list', null, 2)}`
        return `version ${version}, ${isoOf(declaredAt)}${what}`
      })
      .join('\n\n'),
  }
}

function ruleIn(json: unknown, file: string): unknown {
  const isObject = typeof json === 'object' && json !== null
  if (isObject && !Array.isArray(json) && !('list' in json)) return 'rule' in json ? json.rule : json
  const got = Array.isArray(json) ? `${json.length} of them` : isObject ? 'a list of customers' : JSON.stringify(json)
  throw new RapportError('cli.file', `${file} must hold one rule, or one definition that has a rule, got ${got}`)
}

/** Who would be in a rule of a file: the rule itself, or a definition that has one. */
export async function previewOf(both: Both, file: string): Promise<Outcome> {
  const json = readJsonFile(both.path(file), file, 'a rule, or the definition of a segment')
  const rule = ruleIn(json, file)
  const { signal } = both.work
  const found = await previewSegment(both, rule, {
    sample: both.given.whole('limit', 0) ?? 10,
    ...(signal ? { signal } : {}),
  })
  const [low, high] = found.between
  const size = found.isExact
    ? `${countOf(found.customers, 'customer')} now`
    : `about ${countOf(found.customers, 'customer')} now (${count(low)} to ${count(high)} in 95 of 100 cases: one in ${found.oneIn} was looked at)`
  const sample = found.sample.map(({ customerId, reasons }) =>
    [`${customerId}`, ...reasons.map(({ words, holds }) => `  ${holds ? '' : 'not so: '}${words}`)].join('\n'),
  )
  const warnings = found.warnings.map(({ pointer, words }) => `warning: ${pointer} ${words}`)
  return { document: found, text: [[size, ...warnings].join('\n'), ...sample].join('\n\n') }
}

export async function membersOf(both: Both, id: string): Promise<Outcome> {
  const limit = both.given.whole('limit', 1) ?? 100
  const standing = await standingOf(both)
  const page = await membersPage(standing, id, { after: both.given.text('after') ?? '', limit })
  if (page.next !== null) both.tell(`there are more: --after ${page.next}`)
  return { document: { segment: id, ...page }, text: page.customers.join('\n') }
}

/** Writes down that customers of a segment were handed out. */
export const noteExport = ({ state }: Both, id: string): Promise<void> =>
  recordAudit(state.queries, { actor: commandLine, action: 'segments.export', target: id })

/** The members of a live segment as CSV, with what each agreed to. */
export async function exportLive(both: Both, id: string, purpose: Purpose): Promise<Outcome> {
  const parts: string[] = []
  let [customers, contactable] = [0, 0]
  for await (const part of exportMembers(both.warehouse, await standingOf(both), id, { purpose }, both.work)) {
    parts.push(part.csv)
    customers += part.customers
    contactable += part.contactable
  }
  await noteExport(both, id)
  both.tell(`${countOf(customers, 'customer')}, ${count(contactable)} of them may be contacted for ${purpose}`)
  const csv = parts.join('')
  return { document: { id, customers, contactable, csv }, text: csv.trimEnd() }
}

export async function overlapsOf(both: Both, ids: readonly string[]): Promise<Outcome> {
  const found = overlapOf(await standingOf(both), ids)
  const rows = found.segments.map((id, row) => ({ id, counts: found.customers[row]! }))
  return {
    document: found,
    text: textTable(rows, [
      { title: 'in both', value: ({ id }) => id },
      ...found.segments.map((id, column) => ({
        title: id,
        value: ({ counts }: (typeof rows)[number]) => count(counts[column]!),
        align: 'right' as const,
      })),
    ]),
  }
}

export async function trendOf(both: Both, id: string): Promise<Outcome> {
  if (!(await isLive(both, id)))
    throw new RapportError('segments.unknown', `the segment must be one that is declared, got ${id}`)
  await lentWith(both.warehouse)?.live().journal.settle()
  const trend = await segmentTrend(both.warehouse, id, Math.min(1100, both.given.whole('days', 1) ?? 30))
  return {
    document: trend,
    text:
      trend.days.length === 0
        ? 'nobody has come yet while a server ran: sizes are kept from then on'
        : textTable(trend.days, [
            { title: 'day', value: ({ day }) => day },
            { title: 'customers', value: ({ size }) => count(size), align: 'right' },
            { title: 'came', value: ({ entries }) => count(entries), align: 'right' },
            { title: 'left', value: ({ exits }) => count(exits), align: 'right' },
          ]),
  }
}

/** Why a customer is in a live segment, or is not. */
export async function explainOf(both: Both, segment: string, named: string): Promise<Outcome> {
  const customer = await customerNamed(both.warehouse, named)
  const why = await explainNow(both.warehouse, await standingOf(both, [customer]), { segment, customer })
  const { name, isMember, isProfiled, rule } = why
  return {
    document: JSON.parse(JSON.stringify(why, (key, value: unknown) => (key === 'key' ? undefined : value))) as unknown,
    text: [
      `${customer} is ${isMember ? '' : 'not '}in ${name}${!isProfiled ? ': they may not be profiled, so they are in no segment' : rule === null ? ', a list' : ''}`,
      ...(rule === null ? [] : [clauseText(rule)]),
    ].join('\n'),
  }
}

type Clause = NonNullable<Explanation['rule']>

const clauseText = ({ holds, words, parts, events }: Clause, depth = 1): string =>
  [
    `${'  '.repeat(depth)}${holds ? 'yes' : 'no '}  ${words}`,
    ...events.slice(0, 5).map(({ name, at }) => `${'  '.repeat(depth)}     ${isoOf(at)} ${name}`),
    ...parts.map((part) => clauseText(part, depth + 1)),
  ].join('\n')

/** Live segments of a customer with why, and their declared features, in words. */
export async function customerNowOf(both: Both, customerId: string): Promise<CustomerNow> {
  const definitions = (await storedFeatures(both.state.queries)).map(({ definition }) => definition)
  return customerNow(await standingOf(both, [customerId]), definitions, customerId)
}
