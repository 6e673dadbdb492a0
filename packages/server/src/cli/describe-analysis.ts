import { countOf, isoOf } from '../base/index.ts'
import { type Analysis, clockOf, clockWords, formatFor, leftOutWords } from '../insights/index.ts'

const count = (n: number): string => Math.round(n).toLocaleString('en')
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** What an analysis found, in a few lines for a terminal; everything else is in the report. */
export function describeAnalysis(analysis: Analysis): string {
  return [
    ...(analysis.simulated ? [`a simulated ${analysis.simulated} shop: no number here is about real people`] : []),
    ...clockLines(analysis),
    firstLookLine(analysis),
    segmentLine(analysis),
    lapseLine(analysis),
    lifetimeLine(analysis),
    recommendationLine(analysis),
    ...planLines(analysis),
    ...currencyLines(analysis),
    ...consentLines(analysis),
    ...seriousLines(analysis),
  ].join('\n')
}

function clockLines(analysis: Analysis): string[] {
  const { currency, timezone } = analysis.firstLook
  const words = clockWords(clockOf(analysis), formatFor(currency, timezone).date)
  return words === undefined ? [] : [words]
}

const money = (analysis: Analysis, amount: number): string => `${count(amount)} ${analysis.firstLook.currency}`

function firstLookLine(analysis: Analysis): string {
  const { from, to, total } = analysis.firstLook
  const repeat = total.repeatRate === null ? '' : `, ${percent(total.repeatRate)} of them bought again`
  return `sales      ${money(analysis, total.revenue)} in ${countOf(total.orders, 'order')} by ${countOf(total.customers, 'known customer')}${repeat} (${isoOf(from).slice(0, 10)} to ${isoOf(to).slice(0, 10)})`
}

function segmentLine({ segments: { rfm, discovered } }: Analysis): string {
  const largest = rfm.found ? rfm.segments.toSorted((a, b) => b.customers - a.customers)[0] : undefined
  const rfmPart = rfm.found
    ? `${rfm.segments.filter(({ customers }) => customers > 0).length} RFM segments${largest ? `, the largest ${largest.name} (${count(largest.customers)})` : ''}`
    : `no RFM segments: ${rfm.reason}`
  const discoveredPart = discovered.found
    ? `${discovered.k} discovered: ${discovered.segments.map(({ name }) => name).join('; ')}`
    : `none discovered: ${discovered.reason}`
  return `segments   ${rfmPart}; ${discoveredPart}`
}

function lapseLine({ predictions: { lapse } }: Analysis): string {
  if (!lapse.found) return `lapse      not predicted: ${lapse.because}`
  const chosen = lapse.candidates.find(({ name }) => name === lapse.chosen)
  const found =
    chosen === undefined
      ? ''
      : `; tried on the past, it put the one who stayed away above one who came back in ${percent(chosen.rocAuc)} of pairs (${lapse.chosen}, AUC ${chosen.rocAuc.toFixed(3)})`
  return `lapse      ${percent(lapse.expectedLapses / Math.max(lapse.scored, 1))} of ${countOf(lapse.scored, 'active customer')} expected to stay away ${lapse.horizonDays} days${found}`
}

function lifetimeLine(analysis: Analysis): string {
  const { lifetime } = analysis.predictions
  if (!lifetime.found) return `value      not predicted: ${lifetime.because}`
  const interval = lifetime.totalInterval
  const range = interval ? `${count(interval.low)} to ${count(interval.high)}` : 'how surely cannot be said'
  return `value      ${money(analysis, lifetime.totalValue)} ${lifetime.margin === null ? 'revenue' : 'profit'} expected from ${countOf(lifetime.customers, 'customer')} in ${lifetime.horizonDays} days (${range})`
}

function recommendationLine({ recommendations }: Analysis): string {
  if (!recommendations.found) return `products   nothing recommended: ${recommendations.because}`
  return `products   recommended to ${countOf(recommendations.customersServed, 'customer')} by ${recommendations.chosen}`
}

const planLines = ({ plan, firstLook }: Analysis): string[] =>
  plan
    .filter(({ family, goal }) => family === 'rfm' && goal.id !== 'too-small')
    .slice(0, 3)
    .map(({ segment, goal, valueAtStake }, index) => {
      const stake = valueAtStake.amount === null ? '' : `, ${count(valueAtStake.amount)} ${firstLook.currency} at stake`
      return `${index === 0 ? 'plan      ' : '          '} ${segment}: ${goal.title.toLowerCase()} (${goal.because}${stake})`
    })

const currencyLines = ({ firstLook }: Analysis): string[] =>
  firstLook.otherCurrencies.length === 0
    ? []
    : [
        `left out   ${firstLook.otherCurrencies.map(({ currency, orders }) => `${countOf(orders, 'order')} in ${currency}`).join(', ')}: only ${firstLook.currency} is analysed`,
      ]

function consentLines({ leftOut }: Analysis): string[] {
  const words = leftOutWords(leftOut, count)
  return words === undefined ? [] : [`consent    ${words}`]
}

const seriousLines = ({ quality }: Analysis): string[] =>
  quality.findings
    .filter(({ severity }) => severity === 'serious')
    .map(({ title, count: n, unit }) => `look at    ${title.toLowerCase()}: ${count(n)} ${unit}`)
