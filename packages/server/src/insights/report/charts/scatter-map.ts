import type { ChartOption } from '../chart.ts'
import { grid, seriesColor, short, valueAxis } from './axes.ts'

/** Shapes of ECharts, with the signs that stand for them in words. */
const symbols = [
  { symbol: 'circle', sign: '●' },
  { symbol: 'triangle', sign: '▲' },
  { symbol: 'rect', sign: '■' },
  { symbol: 'diamond', sign: '◆' },
  { symbol: 'emptyCircle', sign: '○' },
  { symbol: 'emptyTriangle', sign: '△' },
  { symbol: 'emptyRect', sign: '□' },
] as const

export const symbolAt = (at: number): (typeof symbols)[number] => symbols[at % symbols.length]!

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
    grid,
    tooltip: { trigger: 'item', confine: true, formatter: { $tooltip: 'series' } },
    xAxis: axis,
    yAxis: axis,
    series: groups.map(({ name, points }, at) => ({
      type: 'scatter',
      name,
      symbol: symbolAt(at).symbol,
      symbolSize: 6,
      itemStyle: { color: seriesColor(at), opacity: 0.55 },
      data: points.map(([x, y]) => [short(x), short(y)]),
    })),
  }
}
