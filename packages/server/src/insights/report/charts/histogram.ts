import type { ChartOption } from '../chart.ts'
import { grid, type NumberStyle, ownText, seriesColor, short, valueAxis } from './axes.ts'

export interface Bin {
  readonly from: number
  readonly customers: number
  readonly text: string
}

/**
 * Customers by a value in bins of one width, without gaps between them, over an axis with round numbers of its own.
 *
 * @param bins ascending; the last may be open, and is drawn as wide as the others
 */
export function histogram(bins: readonly Bin[], xName: string, style: NumberStyle): ChartOption {
  const first = bins[0]?.from ?? 0
  const width = bins.length > 1 ? bins[1]!.from - first : 1
  return {
    grid: { ...grid, right: 24 },
    tooltip: ownText,
    xAxis: {
      ...valueAxis({
        name: xName,
        style,
        min: short(first),
        max: short(first + bins.length * width),
        isOpen: style === 'money',
      }),
      splitLine: { show: false },
    },
    yAxis: { ...valueAxis({ name: 'customers' }), nameGap: 48 },
    series: [
      {
        type: 'bar',
        barCategoryGap: '6%',
        itemStyle: { color: seriesColor(0), borderRadius: [2, 2, 0, 0] },
        data: bins.map(({ from, customers, text }) => ({ value: [short(from + width / 2), customers], text })),
      },
    ],
  }
}
