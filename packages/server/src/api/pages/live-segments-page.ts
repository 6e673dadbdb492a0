import { countOf } from '../../base/index.ts'
import { type Html, html, name, sentence } from '../../insights/index.ts'
import type {
  DescribedSegment,
  MembersPage,
  NeverSeen,
  RuleWords,
  SegmentDocument,
  SegmentOverlap,
  SegmentTrend,
} from '../../segments/index.ts'
import { nothing, type Page, part } from './layout.ts'
import { overlapPart, pathOf, trendOf, versionsPart } from './live-segment-parts.ts'
import type { Moments } from './moments.ts'
import { cardTable, nextLink } from './paged-table.ts'

const count = new Intl.NumberFormat('en-GB')

const sizeOf = ({ customers, isReady }: Pick<DescribedSegment, 'customers' | 'isReady'>): Html =>
  customers === null || !isReady
    ? html`<span class="unknown">${customers === null ? 'being filled' : `${count.format(customers)} so far`}</span>`
    : html`${count.format(customers)}`

/** Live segments with how many are in each now; nothing where none is declared. */
export const liveSegmentsPart = (segments: readonly DescribedSegment[]): Html | false =>
  segments.length > 0 &&
  part(
    'live',
    'True now',
    html`<p class="lead">Live segments: an event changes who is in them at once, and so does time alone.</p>${cardTable<DescribedSegment>(
      'True now',
      [
        {
          head: 'Segment',
          cell: ({ id, name: called }) => html`<a class="who" href="${pathOf(id)}">${name(called)}</a>`,
        },
        { head: 'Who is in it', cell: ({ words }) => words },
        { head: 'Customers', numeric: true, cell: sizeOf },
      ],
      [...segments].sort(
        (one, other) => (other.customers ?? 0) - (one.customers ?? 0) || (one.name < other.name ? -1 : 1),
      ),
    )}`,
  )

export interface LiveSegmentFacts {
  readonly segment: SegmentDocument
  readonly members: MembersPage
  /** What its rule goes by and the store has never seen. */
  readonly unseen: readonly NeverSeen[]
  readonly trend: SegmentTrend
  /** Null where it is not known yet who is in it. */
  readonly overlaps: readonly SegmentOverlap[] | null
}

/** One live segment. @param after the id that the page before ended with; '' on the first */
export function liveSegmentPage(
  { segment, members, unseen, trend, overlaps }: LiveSegmentFacts,
  after: string,
  moments: Moments,
): Page {
  const { id, name: called, words, kind, version, customers, isReady, filling } = segment
  const path = pathOf(id)
  const isFilled = customers !== null && isReady
  return {
    title: called,
    place: 'segments',
    lead: isFilled
      ? `${countOf(customers, 'customer')} now`
      : filling === null
        ? 'It is being filled'
        : `It is being filled: ${count.format(filling.done)} of ${countOf(filling.total, 'customer was', 'customers were')} looked at`,
    main: html`${part(
      'definition',
      'Who is in it',
      html`<p>${sentence(words)}</p>
${segment.ruleWords === null ? html`<p class="beside">A list: whoever is put into it. <code>npx rapport segments customers ${id} FILE</code> does, from a CSV file.</p>` : html`<ul class="clauses">${clause(segment.ruleWords)}</ul>`}
${unseen.length > 0 && html`<ul class="cautions">${unseen.map(({ words: never }) => html`<li>${sentence(never)}</li>`)}</ul>`}
<details><summary>The definition as it is stored, version ${version}</summary><pre tabindex="0" aria-label="Definition"><code>${JSON.stringify(segment.definition, null, 2)}</code></pre></details>
${tiesOf(segment)}
<p class="actions"><a class="button" href="${path}/members.csv" download>Export as CSV</a></p>
<p class="beside">The file says for each purpose who agreed; write only to those who did. <code>npx rapport segments export ${id}</code> makes the same.</p>`,
    )}
${part('trend', 'Day by day', trendOf(trend))}
${part('overlap', 'Who else they are', overlapPart(overlaps, isFilled ? customers : null))}
${part(
  'members',
  'Customers',
  members.customers.length === 0
    ? nothing(
        after === '' ? (isFilled ? 'Nobody is in it.' : 'Nobody is in it yet.') : 'There is nobody further on.',
        after === ''
          ? html`<p>${kind === 'list' ? 'Nobody was put into it.' : 'Nobody fits its rule now.'}</p>`
          : html`<p><a href="${path}">Back to the first</a></p>`,
      )
    : html`<ul class="chips">${members.customers.map((customer) => html`<li><a href="/customers/${encodeURIComponent(customer)}">${name(customer)}</a></li>`)}</ul>${nextLink(path, { after: members.next })}`,
)}
${part('versions', 'Versions', versionsPart(segment, moments))}`,
  }
}

const clause = ({ words, parts }: RuleWords): Html =>
  html`<li>${words}${parts.length > 0 && html`<ul>${parts.map(clause)}</ul>`}</li>`

function tiesOf({ usesFeatures, usesSegments, usedBy, warnings }: SegmentDocument): Html | false {
  const links = (ids: readonly string[]): readonly Html[] =>
    ids.map((id, at) => html`${at > 0 && ', '}<a href="${pathOf(id)}">${name(id)}</a>`)
  const rows = [
    usesFeatures.length > 0 && html`<dt>Features</dt><dd>${usesFeatures.join(', ')}</dd>`,
    usesSegments.length > 0 && html`<dt>Made of</dt><dd>${links(usesSegments)}</dd>`,
    warnings.length > 0 && html`<dt>Holds for nobody</dt><dd>${warnings.join('; ')}</dd>`,
    usedBy.length > 0 && html`<dt>Used by</dt><dd>${links(usedBy)}</dd>`,
  ]
  return rows.some(Boolean) && html`<dl class="facts">${rows}</dl>`
}
