import { spendFromWords } from '../../../predictions/index.ts'
import type { Analysis } from '../../analysis.ts'
import { figure } from '../chart.ts'
import { concentrationOf, holdOutOf, valuesOf } from '../charts/lifetime-charts.ts'
import { atMargin, counted, type Format, orWhy, sentence } from '../format.ts'
import { type Html, html, name } from '../html.ts'
import { missing, type Section, tile } from '../section.ts'
import { tableOf } from '../table.ts'

type Lifetime = Extract<Analysis['predictions']['lifetime'], { found: true }>

const models = { 'mbg-nbd': 'MBG/NBD', 'pareto-nbd': 'Pareto/NBD', 'bg-nbd': 'BG/NBD' } as const

/** What customers are expected to be worth, and how the model did on a hold-out. */
export function lifetimeSection({ predictions: { lifetime } }: Analysis, format: Format): Section {
  const base = { id: 'lifetime', title: 'What customers will be worth' }
  if (!lifetime.found) return { ...base, html: missing(lifetime.because), charts: [] }
  const values = [concentrationOf(lifetime, format), valuesOf(lifetime, format)]
  const check = lifetime.holdOut && !('found' in lifetime.holdOut) ? holdOutOf(lifetime.holdOut, format) : undefined
  return {
    ...base,
    html: html`${opening(lifetime, format)}
<div class="charts">${values.map(figure)}</div>
${topTable(lifetime, format)}
<h3>Predicted against what happened</h3>
${holdOutWords(lifetime, format)}${check && figure(check)}
<h3>What the model assumes</h3>
<p>${sentence(lifetime.independence.verdict)}</p>
${assumptions(lifetime, format)}`,
    charts: check ? [...values, check] : values,
  }
}

function opening(lifetime: Lifetime, format: Format): Html {
  const { totalValue, totalInterval, margin } = lifetime
  const kind = margin === null ? 'Revenue, because unit costs are not known' : `Profit ${atMargin(margin, format)}`
  return html`<p class="lead">${kind}, over the next ${lifetime.horizonDays} days, discounted by ${format.percent(lifetime.discountRatePerYear)} a year and less the ${format.percent(lifetime.refundShare)} of sales that usually come back; by ${models[lifetime.model]} for purchases and Gamma-Gamma for spend.</p>
<div class="tiles">
${tile('All customers', format.money(totalValue), intervalWords(totalInterval, format))}
${tile('Customers', format.count(lifetime.customers))}
${tile('Each, on average', orWhy(lifetime.customers > 0 ? totalValue / lifetime.customers : null, format.money, 'no customers'))}
${tile('Still active', format.percent(lifetime.aliveShare), 'expected share')}
</div>`
}

function assumptions({ spendFrom, parameters }: Lifetime, format: Format): Html {
  const written = Object.entries(parameters).map(([parameter, value]) => `${parameter} ${format.decimal(value, 3)}`)
  return html`<p class="lead">${sentence(spendFromWords(spendFrom))} Parameters: ${written.join(', ')}.</p>`
}

function topTable({ top }: Lifetime, format: Format): Html | false {
  if (top.length === 0) return false
  return tableOf(
    'Customers of the greatest expected value',
    [
      { head: 'Customer', cell: ({ customerId }) => name(customerId) },
      { head: 'Value', numeric: true, cell: ({ value }) => format.money(value) },
      {
        head: '80 % interval',
        numeric: true,
        cell: ({ interval }) =>
          interval ? `${format.money(interval.low)} to ${format.money(interval.high)}` : 'cannot be said',
      },
      { head: 'Still active', numeric: true, cell: ({ probabilityAlive }) => format.percent(probabilityAlive) },
      {
        head: 'Purchases expected',
        numeric: true,
        cell: ({ expectedPurchases }) => format.decimal(expectedPurchases, 1),
      },
    ],
    top,
  ).markup
}

function holdOutWords({ holdOut }: Lifetime, format: Format): Html {
  if ('found' in holdOut) return missing(holdOut.because)
  const fine = (value: number): string => format.decimal(value, 2)
  const rows = [
    { label: 'Purchases', write: format.count, each: fine, ...holdOut.purchases },
    { label: 'Spend', write: format.money, each: format.money, ...holdOut.spend },
  ]
  return html`<p class="lead">Fitted on what was known on ${format.date(holdOut.cut)} and compared with the ${holdOut.days} days after it, for ${counted(format, holdOut.customers, 'customer')}. Ranked by predicted value the customers agree with what came by ${orWhy(holdOut.rankCorrelation.model, fine, 'an unknown degree, as all are equal')} (rank correlation; ${orWhy(holdOut.rankCorrelation.baseline, fine, 'not known')} for the past average). ${format.percent(holdOut.coverage80)} of customers bought as often as their 80 % interval says.</p>${
    tableOf(
      'All customers together, and the mean error for each',
      [
        { head: 'What', cell: ({ label }) => label },
        { head: 'Predicted', numeric: true, cell: ({ predicted, write }) => write(predicted) },
        { head: 'Actual', numeric: true, cell: ({ actual, write }) => write(actual) },
        { head: 'Mean error', numeric: true, cell: ({ mae, each }) => each(mae) },
        { head: 'Mean error of the past average', numeric: true, cell: ({ maeBaseline, each }) => each(maeBaseline) },
      ],
      rows,
    ).markup
  }`
}

const intervalWords = (interval: Lifetime['totalInterval'], format: Format): string =>
  interval
    ? `80 % interval ${format.money(interval.low)} to ${format.money(interval.high)}`
    : 'how surely cannot be said: spend varies too much'
