import type { ChartOption } from '../chart.ts'
import { grid, legend, seriesColor, short, valueAxis } from './axes.ts'

const symbols = ['circle', 'triangle', 'rect', 'diamond', 'roundRect', 'pin'] as const

/** Points on two axes without units, told apart by colour and shape. */
export const scatterMap = (
  groups: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[],
): ChartOption => {
  const axis = {
    ...valueAxis({ style: 'decimal' }),
    scale: true,
    axisLabel: { show: false },
    axisTick: { show: false },
    axisLine: { show: false },
  }
  return {
    grid: { ...grid, top: 44 },
    legend: {
      ...legend,
      type: 'scroll',
      itemWidth: 12,
      itemHeight: 12,
      textStyle: { ...legend.textStyle, width: 220, overflow: 'truncate' },
    },
    tooltip: { trigger: 'item', confine: true, formatter: { $tooltip: 'series' } },
    xAxis: axis,
    yAxis: axis,
    series: groups.map(({ name, points }, at) => ({
      type: 'scatter',
      name,
      symbol: symbols[at % symbols.length],
      symbolSize: 6,
      itemStyle: { color: seriesColor(at), opacity: 0.55 },
      data: points.map(([x, y]) => [short(x), short(y)]),
    })),
  }
}
