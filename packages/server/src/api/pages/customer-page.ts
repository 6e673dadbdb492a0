import {
  type Content,
  type CustomerProfile,
  type Format,
  formatFor,
  type Html,
  html,
  name,
  tile,
} from '../../insights/index.ts'
import type { CustomerNow } from '../../segments/index.ts'
import { nothing, type Page, part } from './layout.ts'
import type { Moments } from './moments.ts'
import { nowPart } from './now-part.ts'
import { cardTable, nextLink } from './paged-table.ts'
import { timelineList } from './timeline-list.ts'
import { consentLines, scoreLines, whyUnscored } from './words.ts'

/** Everything about one customer. @param now what is true of them now @param before of an earlier page of the timeline; '' for the latest */
export function customerPage(profile: CustomerProfile, now: CustomerNow, before: string, moments: Moments): Page {
  const { traits, customerId, currency } = profile
  const format = formatFor(currency ?? '', moments.timezone)
  const title = String(traits['name'] ?? traits['email'] ?? customerId)
  return {
    title,
    place: 'customers',
    lead: title !== customerId && html`Customer ${name(customerId)}`,
    main: html`<div class="columns"><div class="aside">
${part('profile', 'Profile', profileOf(profile, format, moments))}
${nowPart(now)}
${part('segments', 'Segments', segmentsOf(profile, format, moments))}
${part('consents', 'What they agreed to', consentsOf(profile, moments))}
${part('identities', 'Known by', identitiesOf(profile, moments))}
</div><div>
${part('scores', 'What is expected', scoresOf(profile, format, moments))}
${timelinePart(profile, before, moments)}
${profile.orders.length > 0 && part('orders', 'Orders', ordersOf(profile, moments))}
${
  profile.recommendations.length > 0 &&
  part(
    'recommendations',
    'What to show next',
    html`<ol class="plain">${profile.recommendations.map(({ name: product, because }) => html`<li>${name(product)}${because !== null && html` <span class="beside">because of ${name(because)}</span>`}</li>`)}</ol>`,
  )
}
</div></div>`,
  }
}

function timelinePart({ timeline, customerId }: CustomerProfile, before: string, moments: Moments): Html {
  const path = `/customers/${encodeURIComponent(customerId)}`
  const isLive = before === ''
  return part(
    'timeline',
    'Timeline',
    html`${!isLive && html`<p><a href="${path}">Back to the latest</a></p>`}
<div id="happened"${isLive && html` data-live="${path}/timeline"`}>${timelineBody(timeline, moments)}</div>
${nextLink(path, { before: timeline.next }, 'Earlier')}`,
    isLive && html`<span class="live" id="live" hidden>live</span>`,
  )
}

/** What the page's script renews while the timeline is looked at. */
export const timelineBody = (timeline: CustomerProfile['timeline'], moments: Moments): Html =>
  timeline.occurrences.length === 0
    ? nothing('Nothing happened yet.', html`<p>Events of this customer show here within a second or two.</p>`)
    : timelineList(timeline, moments)

function profileOf({ traits, orders }: CustomerProfile, format: Format, moments: Moments): Html {
  const known = Object.entries(traits).filter(([trait, value]) => value !== null && value !== '' && trait !== 'traits')
  if (known.length === 0 && orders.length === 0) {
    return nothing('No trait is known.', html`<p>An identify call or an import of customers says who they are.</p>`)
  }
  return html`<dl class="facts">${known.map(
    ([trait, value]) =>
      html`<dt>${sentenceCase(trait.replaceAll('_', ' '))}</dt><dd>${traitValue(trait, value, format, moments)}</dd>`,
  )}</dl>`
}

const traitValue = (trait: string, value: unknown, format: Format, moments: Moments): Content => {
  if (typeof value === 'number') return format.decimal(value)
  const moment = trait === 'created_at' ? Date.parse(String(value)) : Number.NaN
  return Number.isNaN(moment) ? String(value) : moments.moment(new Date(moment).toISOString())
}

const sentenceCase = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

function asOf({ analysis }: CustomerProfile, moments: Moments): Html | false {
  return (
    analysis !== null &&
    html`<p class="lead">As of the last analysis, ${moments.moment(analysis.createdAt)}.</p>${
      analysis.isBeforeMove &&
      html`<p class="cautions">Ids of this customer were joined or parted since: this is from before, and is renewed by the next analysis.</p>`
    }`
  )
}

function scoresOf(profile: CustomerProfile, format: Format, moments: Moments): Html {
  if (profile.scores.length === 0) {
    return nothing('Nothing is predicted for this customer.', html`<p>${whyUnscored(profile)}</p>`)
  }
  return html`${asOf(profile, moments)}<div class="tiles">${scoreLines(profile.scores, format).map(
    ({ title, value, interval, meaning, reasons }) =>
      tile(
        title,
        value,
        html`${interval && html`${interval}<br>`}${meaning}${reasons.length > 0 && html`<details><summary>What moved it</summary><ul class="plain">${reasons.map((reason) => html`<li>${reason}</li>`)}</ul></details>`}`,
      ),
  )}</div>`
}

function segmentsOf(profile: CustomerProfile, format: Format, moments: Moments): Html {
  const { segments, analysis } = profile
  if (segments.length === 0) {
    return nothing(
      'In no segment.',
      html`<p>${analysis === null ? 'No analysis was run yet.' : 'As of the last analysis.'}</p>`,
    )
  }
  // Two families may have found the same group, and named it alike.
  const isShared = (called: string): boolean => segments.filter((one) => one.name === called).length > 1
  return html`${asOf(profile, moments)}<ul class="chips">${segments.map(
    ({ id, name: called }) =>
      html`<li><a href="/segments/${encodeURIComponent(id)}">${name(called)}${isShared(called) && html`<span class="beside">${familyOf(id)}</span>`}</a></li>`,
  )}</ul>${segments.map((segment) => howSure(segment, format))}`
}

/** 'hdbscan.1' is of hdbscan. */
const familyOf = (id: string): string => id.slice(0, id.lastIndexOf('.')).replaceAll('-', ' ')

/** Of a taught segment: the model's probability, and what speaks most for it. */
const howSure = (
  { name: called, probability, isLabelled, reasons }: CustomerProfile['segments'][number],
  format: Format,
): Html | false =>
  probability !== null &&
  html`<p class="beside">${name(called)}: ${isLabelled ? 'was said to be in it' : 'added by the model that was taught'}, which gives ${format.percent(probability)}.</p>${
    reasons.length > 0 &&
    html`<details><summary>What speaks for it</summary><ul class="plain">${reasons.map((reason) => html`<li>${reason}</li>`)}</ul></details>`
  }`

const consentsOf = (profile: CustomerProfile, moments: Moments): Html =>
  html`<ul class="consents">${consentLines(profile).map(
    ({ words, isGranted, since, because }) =>
      html`<li class="${isGranted ? 'yes' : 'no'}"><span class="answer">${isGranted ? 'Yes' : 'No'}</span><span>${words}<span class="beside">${since !== null && html`since ${moments.moment(since)}${because !== '' && ', '}`}${because}</span></span></li>`,
  )}</ul>`

function identitiesOf({ identities, identityCount, customerId, movedAt }: CustomerProfile, moments: Moments): Html {
  if (identities.length === 0) {
    return html`<p>${name(customerId)}</p><p class="beside">From imports only: nothing came over the wire under this id.</p>`
  }
  return html`<ul class="identities">${identities.map(({ identity, why, firstSeenAt, links, linkCount }) => {
    const colon = identity.indexOf(':')
    const joined = linkCount > links.length ? linkCount : links.filter(({ isSevered }) => !isSevered).length
    return html`<li><span class="kind">${kinds[identity.slice(0, colon)] ?? identity.slice(0, colon)}</span> <b>${name(identity.slice(colon + 1))}</b><span class="beside">${why}${firstSeenAt > 0 && html`; first seen ${moments.moment(new Date(firstSeenAt).toISOString())}`}${joined > 0 && html`; ${joined} ${joined === 1 ? 'link' : 'links'}`}</span></li>`
  })}</ul>${identities.length < identityCount && html`<p class="beside">${identities.length} of ${identityCount} are shown.</p>`}${movedAt !== null && html`<p class="beside">Ids were last joined or parted ${moments.moment(movedAt)}.</p>`}
<p class="beside">Not one person? <code>npx rapport identities part user:A user:B</code></p>`
}

const kinds: Readonly<Record<string, string>> = {
  user: 'Customer id',
  anonymous: 'Browser',
  device: 'Device',
  email: 'Email',
}

const ordersOf = ({ orders, orderCount }: CustomerProfile, moments: Moments): Html =>
  cardTable<(typeof orders)[number]>(
    `${orders.length < orderCount ? `${orders.length} of ${orderCount} orders` : 'All orders'}, the latest first`,
    [
      { head: 'Order', cell: ({ orderId }) => name(orderId) },
      { head: 'When', cell: ({ orderedAt }) => moments.moment(orderedAt) },
      { head: 'Lines', numeric: true, cell: ({ lines }) => String(lines) },
      {
        head: 'Amount',
        numeric: true,
        cell: ({ amount, currency }) => formatFor(currency, moments.timezone).money(amount),
      },
    ],
    orders,
  )
