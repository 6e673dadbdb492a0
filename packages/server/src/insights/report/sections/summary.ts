import type { Analysis } from '../../analysis.ts'
import { clockOf, clockWords } from '../../clock.ts'
import { leftOutWords } from '../../left-out-words.ts'
import { atMargin, counted, type Format } from '../format.ts'
import { type Html, html, name } from '../html.ts'
import type { Section } from '../section.ts'

/** What was found, in five sentences made from the numbers, one on the moment where it matters, and one on who was left out. */
export function summarySection(analysis: Analysis, format: Format): Section {
  const sentences = [sales, loyalty, groups, future, firstStep].map((sentence) => sentence(analysis, format))
  const clock = clockWords(clockOf(analysis), format.date)
  if (clock !== undefined) sentences.unshift(html`${clock}.`)
  const leftOut = leftOutWords(analysis.leftOut, format.count)
  if (leftOut !== undefined) sentences.push(html`${leftOut}.`)
  return {
    id: 'summary',
    title: 'Summary',
    html: html`<ol class="sentences">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ol>`,
    charts: [],
  }
}

function sales({ firstLook }: Analysis, format: Format): Html {
  const { total, current, previous, periodDays } = firstLook
  const change =
    previous === null || previous.revenue <= 0
      ? html`, with no earlier period to compare with`
      : html`, <strong>${changeWords(current.revenue / previous.revenue - 1, format)}</strong> the ${periodDays} days before`
  return html`The shop sold <strong>${format.money(total.revenue)}</strong> in ${counted(format, total.orders, 'order')} to ${counted(format, total.customers, 'known customer')}; the last ${periodDays} days brought ${format.money(current.revenue)}${change}.`
}

const changeWords = (change: number, format: Format): string =>
  Math.abs(change) < 0.005
    ? 'about as much as'
    : `${format.percent(Math.abs(change))} ${change > 0 ? 'more' : 'less'} than`

function loyalty({ firstLook }: Analysis, format: Format): Html {
  const { repeatRate, unknownRevenueShare } = firstLook.total
  const { returningRevenueShare } = firstLook.current
  const repeat =
    repeatRate === null
      ? 'How many customers come back is not known, because no sale names a customer'
      : `${format.percent(repeatRate)} of customers have bought on at least two different days`
  const returning =
    returningRevenueShare === null
      ? ''
      : `, and customers from before brought ${format.percent(returningRevenueShare)} of recent revenue from known customers`
  const unknown =
    unknownRevenueShare !== null && unknownRevenueShare > 0.01
      ? ` (${format.percent(unknownRevenueShare)} of all revenue names no customer)`
      : ''
  return html`${repeat}${returning}${unknown}.`
}

function groups({ segments }: Analysis, format: Format): Html {
  const best = segments.rfm.found
    ? [...segments.rfm.segments].sort((a, b) => b.revenueShare - a.revenueShare)[0]
    : undefined
  const rfm = best
    ? html`The segment ${name(best.name)} holds ${format.percent(best.share)} of buyers and brought ${format.percent(best.revenueShare)} of their revenue`
    : html`Buyers could not be scored by recency, frequency and spend`
  const { discovered } = segments
  return discovered.found
    ? html`${rfm}; comparing customers by what they do finds <strong>${discovered.k} groups</strong> that hold up under resampling.`
    : html`${rfm}; looking for natural groups among customers found none that could be relied on.`
}

function future({ predictions: { lapse, lifetime } }: Analysis, format: Format): Html {
  const leaving = lapse.found
    ? html`Of ${counted(format, lapse.scored, 'active customer')}, about <strong>${format.count(lapse.expectedLapses)}</strong> are expected not to buy in the next ${lapse.horizonDays} days`
    : html`Who is about to lapse cannot be said yet (${lapse.because})`
  const worth = lifetime.found
    ? html`customers are expected to bring <strong>${format.money(lifetime.totalValue)}</strong> of ${lifetime.margin === null ? 'revenue' : `profit (${atMargin(lifetime.margin, format)})`} over the next ${lifetime.horizonDays} days${lifetime.totalInterval ? ` (80 % interval ${format.money(lifetime.totalInterval.low)} to ${format.money(lifetime.totalInterval.high)})` : ''}`
    : html`what customers will be worth cannot be said yet (${lifetime.because})`
  return html`${leaving}; ${worth}.`
}

function firstStep({ plan, quality }: Analysis, format: Format): Html {
  const first = plan.find(({ goal }) => goal.id !== 'rest' && goal.id !== 'too-small')
  const grave = quality.findings.filter(({ severity }) => severity === 'serious').length
  const doubt =
    grave === 0
      ? html`no serious fault was found in the data`
      : html`read <a href="#data-quality">${counted(format, grave, 'serious finding')} about the data</a> first`
  return first
    ? html`A good first step: <a href="#plan">${name(first.segment)}</a> (${counted(format, first.customers, 'customer')}): ${sentenceEnd(first.goal.title)}; ${doubt}.`
    : html`No segment calls for a campaign now; ${doubt}.`
}

const sentenceEnd = (words: string): string => (words.charAt(0).toLowerCase() + words.slice(1)).replace(/\.$/, '')
