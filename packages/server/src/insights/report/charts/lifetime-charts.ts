import type { Analysis } from '../../analysis.ts'
import type { Chart } from '../chart.ts'
import { counted, type Format } from '../format.ts'
import { tableOf } from '../table.ts'
import { groupedBars } from './grouped-bars.ts'
import { histogram } from './histogram.ts'
import { linesChart } from './lines.ts'

type Lifetime = Extract<Analysis['predictions']['lifetime'], { found: true }>
type HoldOut = Exclude<Lifetime['holdOut'], { found: false }>

const height = 320

/** How much of the value the best customers hold. */
export function concentrationOf({ concentration }: Lifetime, format: Format): Chart {
  const tenth = concentration.find(({ share }) => share >= 0.1)
  const words = ({ share, value }: { share: number; value: number }): string =>
    `the best ${format.percent(share)} of customers hold ${format.percent(value)} of the value`
  return {
    id: 'lifetime-concentration',
    title: 'Value held by the best customers (dashed: all alike)',
    summary: tenth ? words(tenth) : 'not enough customers',
    height,
    option: linesChart({
      style: 'percent',
      xName: 'customers, most valuable first',
      yName: 'share of value',
      xMin: 0,
      xMax: 1,
      yMin: 0,
      yMax: 1,
      reference: { name: 'all alike', from: [0, 0], to: [1, 1] },
      lines: [
        {
          name: 'value',
          isMarked: concentration.length <= 20,
          points: concentration.map((point) => ({ x: point.share, y: point.value, text: words(point) })),
        },
      ],
    }),
    table: tableOf(
      'Share of value held by the best customers',
      [
        { head: 'Best customers', cell: ({ share }) => format.percent(share) },
        { head: 'Share of value', numeric: true, cell: ({ value }) => format.percent(value) },
      ],
      concentration,
    ),
  }
}

/** How many customers are worth how much. */
export function valuesOf({ histogram: bins, customers }: Lifetime, format: Format): Chart {
  const range = ({ from, to }: { from: number; to: number }): string =>
    Number.isFinite(to) ? `${format.money(from)} to ${format.money(to)}` : `${format.money(from)} and more`
  const fullest = bins.reduce<(typeof bins)[number] | undefined>(
    (most, bin) => (most && most.customers >= bin.customers ? most : bin),
    undefined,
  )
  return {
    id: 'lifetime-histogram',
    title: 'Customers by expected value',
    summary: fullest
      ? `${counted(format, fullest.customers, 'customer')} of ${format.count(customers)} lie at ${range(fullest)}`
      : 'no customers',
    height,
    option: histogram(
      bins.map((bin) => ({
        from: bin.from,
        customers: bin.customers,
        text: `${range(bin)}\n${counted(format, bin.customers, 'customer')}`,
      })),
      'expected value',
      'money',
    ),
    table: tableOf(
      'Customers by expected value',
      [
        { head: 'Value', cell: range },
        { head: 'Customers', numeric: true, cell: (bin) => format.count(bin.customers) },
      ],
      bins,
    ),
  }
}

/** Predicted against actual purchases after the cut, for customers who had bought as often before it. */
export function holdOutOf({ byFrequency }: HoldOut, format: Format): Chart {
  const series = (key: 'predicted' | 'actual') => ({
    name: key,
    bars: byFrequency.map((group) => ({
      value: group[key],
      text: `${group.frequency} repeat purchases before\n${key} ${format.decimal(group[key])} each\n${counted(format, group.customers, 'customer')}`,
    })),
  })
  return {
    id: 'lifetime-hold-out',
    title: 'Purchases per customer after the cut, by repeat purchases before it',
    summary: byFrequency
      .map(
        ({ frequency, predicted, actual }) =>
          `${frequency}: ${format.decimal(predicted)} predicted, ${format.decimal(actual)} actual`,
      )
      .join('; '),
    height,
    option: groupedBars(
      byFrequency.map(({ frequency }) => frequency),
      [series('predicted'), series('actual')],
      { style: 'decimal', yName: 'purchases each' },
    ),
    table: tableOf(
      'Purchases per customer after the cut',
      [
        { head: 'Repeat purchases before', cell: ({ frequency }) => frequency },
        { head: 'Predicted', numeric: true, cell: ({ predicted }) => format.decimal(predicted) },
        { head: 'Actual', numeric: true, cell: ({ actual }) => format.decimal(actual) },
        { head: 'Customers', numeric: true, cell: ({ customers }) => format.count(customers) },
      ],
      byFrequency,
    ),
  }
}
