import type { ChartOption } from '../chart.ts'
import { categoryAxis, grid, legend, type NumberStyle, ownText, seriesColor, short, valueAxis } from './axes.ts'

export interface GroupedSeries {
  readonly name: string
  readonly bars: readonly { readonly value: number; readonly text: string }[]
}

/** Bars beside each other for each label. */
export const groupedBars = (
  labels: readonly string[],
  series: readonly GroupedSeries[],
  { style, yName }: { readonly style: NumberStyle; readonly yName: string },
): ChartOption => ({
  grid: { ...grid, top: 40 },
  legend,
  tooltip: ownText,
  xAxis: categoryAxis(labels),
  yAxis: { ...valueAxis({ style, name: yName }), nameGap: 44 },
  series: series.map(({ name, bars }, at) => ({
    type: 'bar',
    name,
    barMaxWidth: 36,
    itemStyle: { color: seriesColor(at), borderRadius: [3, 3, 0, 0] },
    data: bars.map(({ value, text }) => ({ value: short(value), text })),
  })),
})
