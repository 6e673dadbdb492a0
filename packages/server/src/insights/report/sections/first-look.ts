import type { Analysis } from '../../analysis.ts'
import { definitions, type Measures } from '../../first-look.ts'
import { atMargin, counted, type Format, orWhy } from '../format.ts'
import { type Html, html, name } from '../html.ts'
import { definition, type Section } from '../section.ts'
import { tableOf } from '../table.ts'

interface Measure {
  readonly key: keyof Measures & keyof typeof definitions
  readonly label: string
  readonly style: 'money' | 'count' | 'percent'
  readonly because: string
  /** Whether more is good news, bad news or neither. */
  readonly more?: 'good' | 'bad'
}

const measures: readonly Measure[] = [
  { key: 'revenue', label: 'Revenue', style: 'money', because: 'no sales', more: 'good' },
  { key: 'orders', label: 'Orders', style: 'count', because: 'no sales', more: 'good' },
  {
    key: 'averageOrderValue',
    label: 'Average order value',
    style: 'money',
    because: 'no order in the period',
    more: 'good',
  },
  { key: 'customers', label: 'Known customers', style: 'count', because: 'no sales', more: 'good' },
  { key: 'newCustomers', label: 'New customers', style: 'count', because: 'no sales', more: 'good' },
  { key: 'repeatRate', label: 'Repeat rate', style: 'percent', because: 'no known customer', more: 'good' },
  {
    key: 'returningRevenueShare',
    label: 'Returning share of revenue',
    style: 'percent',
    because: 'no revenue from known customers',
  },
  { key: 'refunds', label: 'Refunds', style: 'money', because: 'none noted', more: 'bad' },
  { key: 'refundRate', label: 'Refund rate', style: 'percent', because: 'no revenue in the period', more: 'bad' },
  {
    key: 'unknownRevenueShare',
    label: 'Revenue without a customer',
    style: 'percent',
    because: 'no revenue in the period',
  },
  { key: 'profit', label: 'Profit', style: 'money', because: 'too many sold lines have no unit cost', more: 'good' },
]

/** The numbers a shop asks for first, against the period before, each with its definition. */
export function firstLookSection({ firstLook }: Analysis, format: Format): Section {
  const { current, previous, total, periodDays, otherCurrencies } = firstLook
  const periods: readonly (readonly [string, Measures | null])[] = [
    [`Last ${periodDays} days`, current],
    [`${periodDays} days before`, previous],
    ['All time', total],
  ]
  const table = tableOf(
    'The same numbers for each period',
    [
      { head: 'Measure', cell: ({ label }: Measure) => label },
      ...periods.map(([head, period]) => ({
        head,
        numeric: true as const,
        cell: (measure: Measure) =>
          period === null
            ? html`<span class="unknown">history too short</span>`
            : period === total && measure.key === 'returningRevenueShare'
              ? html`<span class="unknown">does not apply: everybody was new once</span>`
              : written(measure, period, format),
      })),
    ],
    measures,
  )
  const others =
    otherCurrencies.length > 0 &&
    html`<p>Left out of every amount: ${otherCurrencies.map(
      ({ currency, orders }, at) => html`${at > 0 && ', '}${counted(format, orders, 'order')} in ${name(currency)}`,
    )}.</p>`
  const against = previous
    ? `The last ${periodDays} days; changes are against the ${periodDays} days before. They are counted, not tested: small ones come and go by chance.`
    : `The last ${periodDays} days. The history is too short to compare with the ${periodDays} days before.`
  return {
    id: 'first-look',
    title: 'First look',
    charts: [],
    html: html`<p class="lead">${against}</p>
<div class="tiles">${measures.map((measure) => tileOf(measure, current, previous, format))}</div>
${others}${table.markup}`,
  }
}

const written = ({ key, style, because }: Measure, period: Measures, format: Format): Html | string =>
  orWhy(period[key], format[style], because)

const tileOf = (measure: Measure, current: Measures, previous: Measures | null, format: Format): Html => {
  const change = previous && changeOf(measure, current[measure.key], previous[measure.key], format)
  return html`<div class="tile"><span class="label">${measure.label}</span><span class="value">${written(measure, current, format)}</span>${
    change && html`<span class="below">${change}</span>`
  }${
    measure.key === 'profit' &&
    current.profitMargin !== null &&
    html`<span class="below">${atMargin(current.profitMargin, format)}</span>`
  }${definition(measure.label.toLowerCase(), definitions[measure.key])}</div>`
}

/** Shares change by points, everything else by a percentage; from nothing there is no percentage. */
function changeOf({ style, more }: Measure, now: number | null, before: number | null, format: Format): Html | null {
  if (now === null || before === null) return null
  const isShare = style === 'percent'
  if (!isShare && before === 0) return now === 0 ? null : html`none the period before`
  const change = isShare ? now - before : now / before - 1
  if (Math.abs(change) < 0.0005) return html`unchanged`
  const isGood = more === undefined ? undefined : change > 0 === (more === 'good')
  const size = isShare ? pointsOf(format.decimal(Math.abs(change) * 100, 1)) : format.percent(Math.abs(change))
  return html`<span class="${isGood === undefined ? 'flat' : isGood ? 'up' : 'down'}">${change > 0 ? '▲' : '▼'} ${size}</span> ${change > 0 ? 'up' : 'down'}`
}

const pointsOf = (points: string): string => `${points} percentage ${points === '1' ? 'point' : 'points'}`
