import { RapportError, saidValue } from '../../base/index.ts'
import { type CustomerView, type Occurrence, timelineOf, viewCustomer } from '../../insights/index.ts'
import type { CustomerNow } from '../../segments/index.ts'
import type { Command } from '../command.ts'
import { textTable } from '../text-table.ts'
import { customerNowOf } from './live/segment-actions.ts'
import { withBoth } from './live/with-both.ts'

type Score = CustomerView['scores'][number]

export const customer: Command = {
  name: 'customer',
  summary:
    'One customer: traits, consents, segments, scores with reasons, the latest orders and events, what to show next',
  words: 'ID',
  options: {},
  run: (here) =>
    withBoth(here, async (both) => {
      const { store, given, warehouse } = both
      const id = given.words[0]
      if (id === undefined) throw new RapportError('cli.words', 'customer must be followed by an id, got none')
      const view = await viewCustomer(warehouse, id)
      const { occurrences } = await timelineOf(warehouse, view.customerId, { limit: latest })
      const now = await customerNowOf(both, view.customerId)
      return { document: { ...view, now, latest: occurrences }, text: describeCustomer(view, now, occurrences, store) }
    }),
}

/** Live segments with what speaks for them, and declared features; nothing where nothing is declared. */
function describeNow({ segments, features }: CustomerNow): string[] {
  const known = features.filter(({ value }) => value !== null)
  return [
    ...(segments.length === 0
      ? []
      : [
          [
            'in these live segments now:',
            ...segments.flatMap(({ name, reasons }) => [`  ${name}`, ...reasons.map((reason) => `    ${reason}`)]),
          ].join('\n'),
        ]),
    ...(known.length === 0
      ? []
      : [
          textTable(known, [
            { title: 'declared feature', value: ({ label }) => label },
            { title: 'now', value: ({ value, unit }) => saidValue(value!, unit).value, align: 'right' },
            { title: '', value: ({ value, unit }) => saidValue(value!, unit).unit ?? '' },
          ]),
        ]),
  ]
}

/** Each name once, with the families that have it where these are several. */
function describeSegments({ segments }: CustomerView): string {
  const families = new Map<string, string[]>()
  for (const { id, name } of segments) {
    families.set(name, [...(families.get(name) ?? []), id.slice(0, id.lastIndexOf('.'))])
  }
  const named = [...families].map(([name, own]) => (own.length > 1 ? `${name} (${own.join(', ')})` : name))
  return named.length > 0 ? ['segments:', ...named.map((one) => `  ${one}`)].join('\n') : 'segments: none'
}

/** How sure models are of the segments that were taught. */
const describeTaught = ({ segments }: CustomerView): string[] =>
  segments.flatMap(({ id, name, probability, isLabelled, reasons }) =>
    probability === null
      ? []
      : [
          [
            `${name}: ${isLabelled ? 'was said to be in it' : 'added by the model that was taught'}, which gives ${percent(probability)} (how far to trust it: rapport segments show ${id})`,
            ...reasons.map((reason) => `  ${reason}`),
          ].join('\n'),
        ],
  )

/** Of what happened. */
const latest = 20

function describeCustomer(
  view: CustomerView,
  now: CustomerNow,
  happened: readonly Occurrence[],
  store: string,
): string {
  const traits = Object.entries(view.traits).filter(([, value]) => value !== null && value !== '')
  return [
    [view.customerId, ...traits.map(([name, value]) => `  ${name.replaceAll('_', ' ').padEnd(16)}${value}`)].join('\n'),
    `may be used for: ${
      view.consents
        .filter(({ isGranted }) => isGranted)
        .map(({ purpose }) => purpose)
        .join(', ') || 'nothing'
    }`,
    ...describeNow(now),
    describeSegments(view),
    ...describeTaught(view),
    view.scores.length === 0 ? 'nothing is predicted for this customer' : describeScores(view),
    view.orders.length === 0
      ? 'no orders'
      : textTable(view.orders, [
          { title: 'order', value: ({ orderId }) => orderId },
          { title: 'day', value: ({ orderedAt }) => orderedAt.slice(0, 10) },
          { title: 'amount', value: ({ amount, currency }) => exact(amount, currency), align: 'right' },
          { title: 'lines', value: ({ lines }) => String(lines), align: 'right' },
        ]),
    happened.length === 0 ? 'nothing happened' : describeHappened(happened),
    view.recommendations.length === 0
      ? 'no product is recommended'
      : textTable(view.recommendations, [
          { title: 'show next', value: ({ name }) => name },
          { title: 'because of', value: ({ because }) => because ?? 'what is popular' },
        ]),
    `${shownOf(view.orders.length, view.orderCount, 'order')}; ${count(view.eventCount)} ${view.eventCount === 1 ? 'event' : 'events'}, of which and of orders the latest ${happened.length} are shown; everything: rapport export-customer ${view.customerId} --store ${store}`,
  ].join('\n\n')
}

const count = (n: number): string => n.toLocaleString('en')
const shownOf = (shown: number, all: number, thing: string): string =>
  `${shown < all ? `${count(shown)} of ${count(all)}` : count(all)} ${all === 1 ? thing : `${thing}s`}`

const describeHappened = (happened: readonly Occurrence[]): string =>
  textTable(happened, [
    { title: 'happened', value: ({ occurredAt }) => occurredAt.slice(0, 16).replace('T', ' ') },
    { title: 'what', value: ({ call, name }) => name || call },
    {
      title: 'about',
      value: ({ productName, productId, orderId, about }) => productName ?? productId ?? orderId ?? about ?? '',
    },
  ])

interface ScoreWords {
  readonly title: string
  readonly write: (value: number, currency: string | null) => string
}

const percent = (share: number): string => `${Math.round(share * 100)} %`
const money = (amount: number, currency: string | null): string => {
  const digits = amount !== 0 && Math.abs(amount) < 100 ? 2 : 0
  const written = amount.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return currency === null ? written : `${written} ${currency}`
}

const exact = (amount: number, currency: string): string =>
  `${amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${currency}`

/** In the order in which they are read. */
const words: Readonly<Record<string, ScoreWords>> = {
  lapse_probability: { title: 'chance of lapsing', write: percent },
  probability_alive: { title: 'chance of being a customer still', write: percent },
  expected_purchases: { title: 'purchases expected', write: (value) => value.toFixed(1) },
  expected_spend: { title: 'spend expected per purchase', write: money },
  lifetime_value: { title: 'value expected', write: money },
}

function describeScores({ scores, currency }: CustomerView): string {
  const order = Object.keys(words)
  const known = scores
    .filter(({ score }) => score in words)
    .sort((a, b) => order.indexOf(a.score) - order.indexOf(b.score))
  const written = ({ score }: Score, value: number): string => words[score]!.write(value, currency)
  const table = textTable(known, [
    { title: 'predicted', value: ({ score }) => words[score]!.title },
    { title: '', value: (one) => written(one, one.value), align: 'right' },
    {
      title: 'in 8 of 10 cases between',
      value: (one) =>
        one.low === null || one.high === null ? '' : `${written(one, one.low)} and ${written(one, one.high)}`,
    },
    { title: 'meaning', value: ({ meaning }) => meaning ?? '' },
  ])
  const reasons = known.flatMap((one) =>
    one.reasons.length === 0
      ? one.score === 'lapse_probability'
        ? [`what the ${words[one.score]!.title} rests on: nothing stands out`]
        : []
      : [`what the ${words[one.score]!.title} rests on:`, ...one.reasons.map((reason) => `  ${reason}`)],
  )
  return [table, ...(reasons.length > 0 ? [reasons.join('\n')] : [])].join('\n\n')
}
