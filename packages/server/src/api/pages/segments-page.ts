import {
  type AnalysisTimes,
  type Format,
  factValue,
  formatFor,
  type Html,
  html,
  type MemberPage,
  name,
  type PlanEntry,
  type SegmentFound,
  type SegmentMember,
  sentence,
  tableOf,
  tile,
} from '../../insights/index.ts'
import type { DescribedSegment, ProfileEntry, SegmentEntry, TaughtFacts } from '../../segments/index.ts'
import { customerLink } from './customers-page.ts'
import { nothing, type Page, part } from './layout.ts'
import { liveSegmentsPart } from './live-segments-page.ts'
import type { Moments } from './moments.ts'
import { cardTable, nextLink, ordersAndSpent } from './paged-table.ts'

const families = [
  {
    family: 'rfm',
    title: 'By recency, frequency and spend',
    words: 'Every buyer is in one of these: how lately, how often and how much they bought.',
  },
  { family: 'discovered', title: 'Found in behaviour', words: 'Groups of customers who buy alike.' },
  { family: 'rule', title: 'By rule', words: 'A customer may be in several of these, or in none.' },
] as const

export interface SegmentList {
  readonly segments: readonly SegmentEntry[]
  /** Those that are true now. */
  readonly live: readonly DescribedSegment[]
  /** Of discovered ones, what sets them apart: id → profile. */
  readonly profiles: ReadonlyMap<string, readonly ProfileEntry[]>
  /** Of amounts in profiles; null in a store without sales. */
  readonly currency: string | null
  readonly times: AnalysisTimes | null
}

/** Every segment, by family. */
export function segmentsPage({ segments, live, profiles, currency, times }: SegmentList, moments: Moments): Page {
  const format = formatFor(currency ?? '', moments.timezone)
  const whoOf = (segment: SegmentEntry): string =>
    apartWords(profiles.get(segment.id) ?? [], format) ?? definitionOf(segment)
  return {
    title: 'Segments',
    place: 'segments',
    lead: times && html`${live.length > 0 && 'Below: '}as of the last analysis, ${moments.moment(times.createdAt)}`,
    main: html`${liveSegmentsPart(live)}${
      segments.length === 0
        ? html`<section aria-label="Segments">${nothing(
            'There is no segment yet.',
            html`<p>Segments are made by the analysis, which needs at least one sale. <a href="/">The overview</a> says how to begin; <code>npx rapport analyze</code> runs it.</p>`,
          )}</section>`
        : [...families, ...askedFor(segments)].map(({ family, title, words }) => {
            const own = segments.filter((segment) => segment.family === family)
            return (
              own.length > 0 &&
              part(
                family,
                title,
                html`<p class="lead">${family === 'rule' && live.length > 0 ? html`${words} ${besideLive}` : words}</p>${tableOfSegments(own, title, whoOf)}`,
              )
            )
          })
    }`,
  }
}

/** Why a name that is in both tables may have hundreds of customers in one and nobody in the other. */
const besideLive =
  'These are as of the latest event or order that the analysis knew, those that are true now go by the clock: in a shop whose data ends in the past, as the demo does, the same rule may hold of nobody now.'

/** Families that somebody asked for by name, in order of names. */
function askedFor(segments: readonly SegmentEntry[]) {
  const made = new Set<string>(families.map(({ family }) => family))
  const asked = [...new Set(segments.map(({ family }) => family))].filter((family) => !made.has(family)).sort()
  return asked.map((family) => ({
    family,
    title: family.replaceAll('-', ' '),
    words: 'Asked for by name; the report says how it was found and how far to trust it.',
  }))
}

const count = new Intl.NumberFormat('en-GB')

const tableOfSegments = (
  segments: readonly SegmentEntry[],
  caption: string,
  whoOf: (segment: SegmentEntry) => string,
): Html =>
  cardTable<SegmentEntry>(
    caption,
    [
      {
        head: 'Segment',
        cell: ({ id, name: called }) =>
          html`<a class="who" href="/segments/${encodeURIComponent(id)}">${name(called)}</a>`,
      },
      { head: 'Who is in it', cell: (segment) => whoOf(segment) },
      { head: 'Customers', numeric: true, cell: ({ customers }) => count.format(customers) },
    ],
    segments,
  )

/** The three features that differ most from everybody's; undefined where nothing was measured. */
const apartWords = (profile: readonly ProfileEntry[], format: Format): string | undefined =>
  profile.length === 0
    ? undefined
    : profile
        .slice(0, 3)
        .map(
          ({ label, mean, overallMean, unit }) =>
            `${label} ${factValue(mean, unit, format)} (all: ${factValue(overallMean, unit, format)})`,
        )
        .join('; ')

/** What decides who is in it, in words. */
const definitionOf = ({ family, definition }: SegmentEntry): string => {
  const { words } = definition as { readonly words?: unknown }
  if (typeof words === 'string') return words
  return family === 'discovered' ? 'customers whose buying is most like this group’s' : 'see the definition below'
}

export interface SegmentFacts {
  readonly segment: SegmentEntry
  /** Null for a segment that was not taught. */
  readonly taught: TaughtFacts | null
  readonly members: MemberPage
  /** Null where the last analysis does not know it. */
  readonly found: SegmentFound | null
  readonly times: AnalysisTimes | null
}

/** One segment. @param after the id that the page before ended with; '' on the first */
export function segmentPage(
  { segment, taught, members, found, times }: SegmentFacts,
  after: string,
  moments: Moments,
): Page {
  const format = formatFor(members.currency ?? '', moments.timezone)
  const path = `/segments/${encodeURIComponent(segment.id)}`
  return {
    title: segment.name,
    place: 'segments',
    lead: html`${count.format(segment.customers)} ${segment.customers === 1 ? 'customer' : 'customers'}${times && html`, as of the last analysis, ${moments.moment(times.createdAt)}`}`,
    main: html`${part(
      'definition',
      'Who is in it',
      html`<p>${sentence(definitionOf(segment))}${segment.family === 'rfm' && ' Scores go from 1 to 5: 5 is lately, often and much.'}</p>
<details><summary>The definition as it is stored</summary><pre tabindex="0" aria-label="Definition"><code>${JSON.stringify(segment.definition, null, 2)}</code></pre></details>
<p class="actions"><a class="button" href="${path}/members.csv" download>Export as CSV</a></p>
<p class="beside">The file says for each purpose who agreed; write only to those who did. <code>npx rapport segments export ${segment.id}</code> makes the same.</p>`,
    )}
${taught && part('taught', 'How far to trust it', trustOf(taught, format))}
${found && part('facts', 'What is known of it', factsOf(found, segment, format))}
${part('members', 'Customers', membersOf(members, path, after, moments))}`,
  }
}

/** What is known of the model that added customers, by those whom it had not seen. */
const trustOf = ({ source, chosen, labelled, added, quality }: TaughtFacts, format: Format): Html => {
  const { auc, precision, recall, threshold, baselinePrecision } = quality
  const interval = `95 % between ${format.fixed(auc.low, 3)} and ${format.fixed(auc.high, 3)}; 0.5 is chance`
  return html`<p>${format.count(labelled)} of its customers were said to be in it (${name(source)}); ${format.count(added)} were added by ${chosen}, which takes in whom it gives ${format.percent(threshold)} or more. On customers whom it had not seen:</p>
<div class="tiles">
${tile('Right of those called in', precision === null ? 'nobody was' : format.percent(precision), `by chance ${format.percent(baselinePrecision)}`)}
${tile('Found of those who are', format.percent(recall))}
${tile('Area under the ROC curve', format.fixed(auc.value, 3), interval)}
</div>`
}

const factsOf = (found: SegmentFound, { family, definition }: SegmentEntry, format: Format): Html => {
  const isOfBuyers = family !== 'rule' && (definition as { readonly kind?: unknown }).kind !== 'teach'
  const known = (label: string, value: number | null, write: (value: number) => string, below?: string): Html | false =>
    value !== null && tile(label, write(value), below)
  return html`<div class="tiles">
${tile('Share', format.percent(found.share), isOfBuyers ? 'of everybody who bought' : 'of all known customers')}
${tile('Revenue', format.money(found.revenue), found.revenueShare !== null && `${format.percent(found.revenueShare)} of all`)}
${known('Profit', found.profit, format.money)}
${known('Orders each', found.averageOrders, (value) => format.decimal(value, 1))}
${known('Spend each', found.averageSpend, format.money)}
${known('Days since the last order', found.averageRecencyDays, format.count, 'on average')}
</div>
${
  found.profile.length > 0 &&
  html`<h3>What sets it apart</h3>${
    tableOf(
      'The ten features that differ most from everybody’s',
      [
        { head: 'Feature', cell: ({ label }: ProfileEntry) => label },
        { head: 'Here', numeric: true, cell: ({ mean, unit }) => factValue(mean, unit, format) },
        { head: 'Over all', numeric: true, cell: ({ overallMean, unit }) => factValue(overallMean, unit, format) },
      ],
      found.profile.slice(0, 10),
    ).markup
  }`
}
${found.plan && planOf(found.plan, format.money)}`
}

const planOf = ({ goal, offer, valueAtStake, cautions }: PlanEntry, money: (amount: number) => string): Html =>
  html`<h3>What to do</h3><p class="goal">${goal.title}</p><p>${goal.action}</p><dl class="facts"><dt>Because</dt><dd>${goal.because}</dd><dt>Offer</dt><dd>${offer.words}</dd><dt>At stake</dt><dd>${valueAtStake.amount !== null && html`<b>${money(valueAtStake.amount)}</b> `}${valueAtStake.words}</dd></dl>${
    cautions.length > 0 && html`<ul class="cautions">${cautions.map((caution) => html`<li>${caution}</li>`)}</ul>`
  }`

/** Of a member of a taught segment: the model's probability, and what speaks most for it. */
const howSure = (format: Format) => ({
  head: 'How sure',
  cell: ({ probability, isLabelled, reasons }: SegmentMember) =>
    probability === null
      ? html`<span class="unknown">not known</span>`
      : html`${format.percent(probability)}<span class="beside">${isLabelled ? 'was said to be in it' : 'added'}</span>${
          reasons.length > 0 &&
          html`<details><summary>Why</summary><ul class="plain">${reasons.map((reason) => html`<li>${reason}</li>`)}</ul></details>`
        }`,
})

function membersOf({ members, currency, next }: MemberPage, path: string, after: string, moments: Moments): Html {
  if (members.length === 0) {
    return after === ''
      ? nothing('Nobody is in it.', html`<p>As of the last analysis nobody fitted.</p>`)
      : nothing('There is nobody further on.', html`<p><a href="${path}">Back to the first</a></p>`)
  }
  const format = formatFor(currency ?? '', moments.timezone)
  return html`${cardTable<SegmentMember>(
    'Customers by id',
    [
      { head: 'Customer', cell: (one) => customerLink(one) },
      ...(members.some(({ probability }) => probability !== null) ? [howSure(format)] : []),
      ...ordersAndSpent(format, currency),
      {
        head: 'Last order',
        cell: ({ lastOrderAt }) =>
          lastOrderAt === null ? html`<span class="unknown">never</span>` : moments.moment(lastOrderAt),
      },
    ],
    members,
  )}${nextLink(path, { after: next })}`
}
