import { type Html, html, name } from '../../insights/index.ts'
import type { SegmentDocument, SegmentOverlap, SegmentTrend } from '../../segments/index.ts'
import { nothing } from './layout.ts'
import type { Moments } from './moments.ts'
import { cardTable } from './paged-table.ts'

const count = new Intl.NumberFormat('en-GB')
const percent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 0 })

export const pathOf = (id: string): string => `/segments/live/${encodeURIComponent(id)}`

const [width, height] = [600, 80]
/** Days and versions that are shown at once; the others unfold. */
const [daysShown, versionsShown] = [7, 20]

/** A line of the sizes, and the days in numbers. */
export function trendOf({ days }: SegmentTrend): Html {
  if (days.length === 0)
    return nothing(
      'No sizes are known yet.',
      html`<p>They are kept day by day from the first on which somebody comes in while the server runs.</p>`,
    )
  const [first, last] = [days[0]!, days.at(-1)!]
  const latest = [...days].reverse()
  if (days.length === 1)
    return html`${daysTable('Sizes by day', latest)}<p class="beside">${first.day} is the first day of which the size is known: there is a line from the second on.</p>`
  const largest = Math.max(...days.map(({ size }) => size))
  const points = days.map(({ size }, at) => {
    const x = (width * at) / (days.length - 1)
    return `${x.toFixed(1)},${(height - (height - 4) * (size / Math.max(1, largest)) - 2).toFixed(1)}`
  })
  const words = `From ${customers(first.size)} on ${first.day} to ${count.format(last.size)} on ${last.day}, at most ${count.format(largest)}`
  return html`<svg class="trend" viewBox="0 0 ${String(width)} ${String(height)}" preserveAspectRatio="none" role="img" aria-label="${words}"><polyline points="${points.join(' ')}"/></svg>
<p class="beside" aria-hidden="true">${words}.</p>
${daysTable('Sizes by day', latest.slice(0, daysShown))}
${days.length > daysShown && html`<details><summary>${count.format(days.length - daysShown)} earlier ${days.length - daysShown === 1 ? 'day' : 'days'}</summary>${daysTable('Sizes of earlier days', latest.slice(daysShown))}</details>`}`
}

const customers = (n: number): string => `${count.format(n)} ${n === 1 ? 'customer' : 'customers'}`

const daysTable = (caption: string, days: SegmentTrend['days']): Html =>
  cardTable(
    caption,
    [
      { head: 'Day', cell: ({ day }) => day },
      { head: 'Customers', numeric: true, cell: ({ size }) => count.format(size) },
      { head: 'Came', numeric: true, cell: ({ entries }) => count.format(entries) },
      { head: 'Left', numeric: true, cell: ({ exits }) => count.format(exits) },
    ],
    days,
  )

/** With which others it has the most customers in common. @param size how many are in it; null where that is not known yet */
export function overlapPart(overlaps: readonly SegmentOverlap[] | null, size: number | null): Html {
  if (overlaps === null || size === null)
    return nothing('It is being filled.', html`<p>With whom it overlaps is known once everybody was looked at.</p>`)
  if (size === 0) return nothing('Nobody is in it.', html`<p>So it has nobody in common with another segment.</p>`)
  if (overlaps.length === 0)
    return nothing(
      'It has nobody in common with another live segment.',
      html`<p><a href="/segments">All segments</a></p>`,
    )
  return html`<p class="beside">Customers who are in both now, of the live segments with which it has the most in common. <code>npx rapport segments overlap</code> compares any others.</p>
${cardTable<SegmentOverlap>(
  'Segments with customers in common',
  [
    { head: 'Segment', cell: ({ id, name: called }) => html`<a class="who" href="${pathOf(id)}">${name(called)}</a>` },
    { head: 'In both', numeric: true, cell: ({ both }) => count.format(both) },
    { head: 'Of this one', numeric: true, cell: ({ both }) => shareOf(both, size) },
    { head: 'Of the other', numeric: true, cell: ({ both, size: theirs }) => shareOf(both, theirs) },
  ],
  overlaps,
)}`
}

/** `<1 %` where some are, and none of them is all only where all are. */
function shareOf(part: number, whole: number): string {
  const share = part / whole
  const shown = share > 0 && share < 0.01 ? '<1%' : share < 1 && share > 0.99 ? '>99%' : percent.format(share)
  return shown.replace('%', '\u00a0%')
}

type Version = SegmentDocument['versions'][number]

/** What it was over time, the latest first. */
export function versionsPart({ id, versions }: Pick<SegmentDocument, 'id' | 'versions'>, { moment }: Moments): Html {
  const shown = versions.slice(0, versionsShown)
  return html`${
    versions.length === 1 && html`<p class="beside">It is as it was first declared: there is one version.</p>`
  }${cardTable<Version>(
    'Versions',
    [
      {
        head: 'Version',
        cell: ({ version }) => `${version}${version === versions[0]!.version ? ', now' : ''}`,
      },
      { head: 'Declared', cell: ({ declaredAt }) => moment(new Date(declaredAt).toISOString()) },
      { head: 'What changed', cell: (one) => changeWords(one, versions[versions.indexOf(one) + 1]) },
      {
        head: 'Definition',
        cell: ({ version, definition }) =>
          definition === null
            ? html`<span class="unknown">none</span>`
            : html`<details><summary>Show</summary><pre tabindex="0" aria-label="Definition of version ${String(version)}"><code>${JSON.stringify(definition, null, 2)}</code></pre></details>`,
      },
    ],
    shown,
  )}${
    versions.length > versionsShown &&
    html`<p class="beside">${count.format(versions.length - versionsShown)} earlier ones: <code>npx rapport segments versions ${id}</code></p>`
  }`
}

function changeWords({ definition }: Version, before: Version | undefined): string {
  if (definition === null) return 'removed'
  if (before === undefined) return 'declared'
  if (before.definition === null) return 'declared again'
  const [now, then] = [definition, before.definition].map((one) => new Map(Object.entries(one)))
  const labels = { name: 'name', words: 'words', rule: 'rule', list: 'a list now' }
  const changed = Object.entries(labels).flatMap(([key, label]) =>
    now!.has(key) && JSON.stringify(now!.get(key)) !== JSON.stringify(then!.get(key)) ? label : [],
  )
  return changed.join(', ')
}
