import type { Analysis } from '../../analysis.ts'
import type { Chart } from '../chart.ts'
import { counted, type Format } from '../format.ts'
import { name } from '../html.ts'
import { tableOf } from '../table.ts'
import { histogram } from './histogram.ts'
import { linesChart } from './lines.ts'
import { rankedBars, rankedHeight } from './ranked-bars.ts'

type Lapse = Extract<Analysis['predictions']['lapse'], { found: true }>
type Model = Lapse['candidates'][number]

const height = 340
const chance = { name: 'chance', from: [0, 0], to: [1, 1] } as const
const shares = { style: 'percent', xMin: 0, xMax: 1, yMin: 0, yMax: 1 } as const

/** Every candidate's trade-off between customers found and false alarms. */
export function rocOf({ candidates }: Lapse, format: Format): Chart {
  const rates = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
  return {
    id: 'lapse-roc',
    title: 'ROC: lapses found against false alarms (dashed: chance)',
    summary: candidates.map(({ name, rocAuc }) => `${name}: area ${format.decimal(rocAuc, 3)}`).join('; '),
    height,
    option: linesChart({
      ...shares,
      xName: 'false alarms',
      yName: 'lapses found',
      reference: chance,
      lines: candidates.map(({ name, roc }) => ({
        name,
        points: roc.falsePositive.map((x, at) => {
          const y = roc.truePositive[at]!
          return { x, y, text: `${name}\n${format.percent(y)} of lapses found at ${format.percent(x)} false alarms` }
        }),
      })),
    }),
    table: tableOf(
      'Share of lapses found at some rates of false alarms',
      [
        { head: 'False alarms', cell: (rate: number) => format.percent(rate) },
        ...candidates.map((model) => ({
          head: model.name,
          numeric: true as const,
          cell: (rate: number) => format.percent(foundAt(model, rate)),
        })),
      ],
      rates,
    ),
  }
}

function foundAt({ roc }: Model, rate: number): number {
  let found = 0
  roc.falsePositive.forEach((own, at) => {
    if (own <= rate) found = Math.max(found, roc.truePositive[at]!)
  })
  return found
}

/** How many of the lapses are found among the customers ranked first. */
export function gainOf({ candidates }: Lapse, format: Format): Chart {
  const rows = candidates.flatMap(({ name, gain }) => gain.map((point) => ({ name, ...point })))
  return {
    id: 'lapse-gain',
    title: 'Gain: lapses found among those ranked first (dashed: chance)',
    summary: candidates
      .map(({ name, liftTop10 }) => `${name}: ${format.decimal(liftTop10)} times chance in the best tenth`)
      .join('; '),
    height,
    option: linesChart({
      ...shares,
      xName: 'customers, likeliest first',
      yName: 'lapses found',
      reference: chance,
      lines: candidates.map(({ name, gain }) => ({
        name,
        points: gain.map(({ share, found }) => ({
          x: share,
          y: found,
          text: `${name}\n${format.percent(found)} of lapses among the first ${format.percent(share)} of customers`,
        })),
      })),
    }),
    table: tableOf(
      'Lapses found among the customers ranked first',
      [
        { head: 'Model', cell: (row) => name(row.name) },
        { head: 'Customers', numeric: true, cell: ({ share }) => format.percent(share) },
        { head: 'Lapses found', numeric: true, cell: ({ found }) => format.percent(found) },
      ],
      rows,
    ),
  }
}

/** Whether 30 % means 30 %, for the model that is published. */
export function calibrationOf({ candidates, chosen }: Lapse, format: Format): Chart {
  const bins = (candidates.find((model) => model.name === chosen) ?? candidates[0])?.calibration ?? []
  const misses = bins.filter(({ predicted, interval }) => predicted < interval.low || predicted > interval.high).length
  return {
    id: 'lapse-calibration',
    title: `Calibration of ${chosen}: does 30\u00a0% mean 30\u00a0%? (dashed: perfect)`,
    summary: `in ${misses} of ${bins.length} bins the prediction lies outside the interval of what was seen`,
    height,
    option: linesChart({
      ...shares,
      xName: 'predicted probability',
      yName: 'share that lapsed',
      reference: { ...chance, name: 'perfect' },
      lines: [
        {
          name: chosen,
          isMarked: true,
          intervals: bins.map(({ interval }) => interval),
          points: bins.map(({ predicted, seen, interval, customers }) => ({
            x: predicted,
            y: seen,
            text: `predicted ${format.percent(predicted)}\nseen ${format.percent(seen)} (${format.percent(interval.low)} to ${format.percent(interval.high)})\n${counted(format, customers, 'customer')}`,
          })),
        },
      ],
    }),
    table: tableOf(
      'Predicted and seen share of lapses',
      [
        { head: 'Predicted', cell: ({ predicted }) => format.percent(predicted) },
        { head: 'Seen', numeric: true, cell: ({ seen }) => format.percent(seen) },
        { head: 'From', numeric: true, cell: ({ interval }) => format.percent(interval.low) },
        { head: 'To', numeric: true, cell: ({ interval }) => format.percent(interval.high) },
        { head: 'Customers', numeric: true, cell: ({ customers }) => format.count(customers) },
      ],
      bins,
    ),
  }
}

/** What the model looks at most. */
export function driversOf({ drivers }: Lapse, format: Format): Chart {
  const bars = drivers.slice(0, 10).map(({ label, importance }) => ({
    label,
    value: importance,
    text: `${label}\nimportance ${format.decimal(importance, 3)}`,
  }))
  return {
    id: 'lapse-drivers',
    title: 'What the prediction rests on',
    summary: drivers[0] ? `most on ${drivers[0].label}` : 'nothing stands out',
    height: rankedHeight(bars),
    option: rankedBars(bars, 'decimal', 160),
    table: tableOf(
      'Importance of each feature',
      [
        { head: 'Feature', cell: ({ label }) => label },
        { head: 'Importance', numeric: true, cell: ({ importance }) => format.decimal(importance, 4) },
      ],
      drivers,
    ),
  }
}

/** How many customers have which probability of lapsing. */
export function probabilitiesOf(lapse: Lapse, format: Format): Chart {
  const range = (bin: { from: number; to: number }): string =>
    `${format.percent(bin.from)} to ${format.percent(bin.to)}`
  const risky = lapse.histogram.filter(({ from }) => from >= 0.5).reduce((sum, { customers }) => sum + customers, 0)
  return {
    id: 'lapse-histogram',
    title: 'Active customers by probability of lapsing',
    summary: `${counted(format, risky, 'customer')} of ${format.count(lapse.scored)} are likelier to lapse than not`,
    height,
    option: histogram(
      lapse.histogram.map((bin) => ({
        from: bin.from,
        customers: bin.customers,
        text: `${range(bin)}\n${counted(format, bin.customers, 'customer')}`,
      })),
      'probability of lapsing',
      'percent',
    ),
    table: tableOf(
      'Customers by probability of lapsing',
      [
        { head: 'Probability', cell: range },
        { head: 'Customers', numeric: true, cell: ({ customers }) => format.count(customers) },
      ],
      lapse.histogram,
    ),
  }
}
