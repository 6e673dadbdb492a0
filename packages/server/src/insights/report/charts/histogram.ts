import type { ChartOption } from '../chart.ts'
import { categoryAxis, grid, ownText, seriesColor, valueAxis } from './axes.ts'

export interface Bin {
  readonly label: string
  readonly customers: number
  readonly text: string
}

/** Customers by a value in bins, without gaps between them. */
export const histogram = (bins: readonly Bin[], xName: string): ChartOption => ({
  grid,
  tooltip: ownText,
  xAxis: categoryAxis(
    bins.map(({ label }) => label),
    { name: xName },
  ),
  yAxis: { ...valueAxis({ name: 'customers' }), nameGap: 48 },
  series: [
    {
      type: 'bar',
      barCategoryGap: '6%',
      itemStyle: { color: seriesColor(0), borderRadius: [2, 2, 0, 0] },
      data: bins.map(({ customers, text }) => ({ value: customers, text })),
    },
  ],
})
