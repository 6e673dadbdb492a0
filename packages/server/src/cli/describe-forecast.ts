import type { RevenueForecast, SeriesCard } from '../predictions/index.ts'
import { textTable } from './text-table.ts'
import { wrapped } from './wrapped.ts'

const percent = (share: number | null): string => (share === null ? '' : `${(100 * share).toFixed(1)} %`)
const amount = (value: number): string => Math.round(value).toLocaleString('en')

export const describeSeriesCard = (card: SeriesCard): string =>
  [
    `${card.prediction}: ${card.predicts}`,
    `learned from ${card.data.days.toLocaleString('en')} days of sales from ${card.data.from} on`,
    textTable(card.tried, [
      { title: 'on days of the past', value: ({ name }) => name },
      { title: 'MASE', value: ({ mase }) => mase.toFixed(3), align: 'right' },
      { title: 'sMAPE', value: ({ smape }) => percent(smape), align: 'right' },
      { title: 'within its own 80 % bounds', value: ({ coverage }) => percent(coverage), align: 'right' },
      { title: 'total off by', value: ({ totalError }) => percent(totalError), align: 'right' },
    ]),
    wrapped(`${card.method}: ${card.chosenBecause}`),
    ...boundsWords(card.bounds).map(wrapped),
    ...(card.notTried.length > 0 ? [`not tried in the time allowed: ${card.notTried.join(', ')}`] : []),
    'limits:',
    ...card.limits.map((limit) => wrapped(`- ${limit}`)),
  ].join('\n')

function boundsWords({ moments, factor, coverage, ownCoverage, totalCoverage }: SeriesCard['bounds']): string[] {
  if (factor === null || coverage === null) return []
  const total = totalCoverage === null ? '' : `, and ${percent(totalCoverage)} of totals`
  return [
    `bounds by ${moments} moments of the past, ${factor.toFixed(2)} times as wide as its own: on days that they had not seen they held ${percent(coverage)} of 80 % (its own ${percent(ownCoverage)})${total}`,
  ]
}

export const describeForecast = ({ modelId, method, currency, days, total, before, held }: RevenueForecast): string =>
  [
    textTable(days, [
      { title: 'day', value: ({ day }) => day },
      { title: currency, value: ({ mean }) => amount(mean), align: 'right' },
      { title: 'low', value: ({ low }) => amount(low), align: 'right' },
      { title: 'high', value: ({ high }) => amount(high), align: 'right' },
    ]),
    `in all ${amount(total.mean)} ${currency} (eight of ten: ${amount(total.low)} to ${amount(total.high)}), by ${modelId}, ${method}; as many days before: ${amount(before)}`,
    ...(held.days === null
      ? ['how many of ten its bounds hold cannot be told: the past is too short']
      : [
          `of the newest days of the past such bounds held ${percent(held.days)} (80 % were wanted)${held.totals === null ? '' : `, of totals ${percent(held.totals)}`}`,
        ]),
  ].join('\n')
