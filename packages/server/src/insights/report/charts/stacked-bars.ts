import type { ChartOption } from '../chart.ts'
import { categoryAxis, grid, legend, type NumberStyle, seriesColor, short, valueAxis, written } from './axes.ts'

export interface StackedSeries {
  readonly name: string
  readonly values: readonly number[]
}

/** Bars over time, made of parts. */
export function stackedBars(
  labels: readonly string[],
  series: readonly StackedSeries[],
  style: NumberStyle,
): ChartOption {
  return {
    grid: { ...grid, top: 48 },
    legend,
    tooltip: { trigger: 'axis', confine: true, axisPointer: { type: 'shadow' }, valueFormatter: written(style) },
    xAxis: categoryAxis(labels),
    yAxis: valueAxis({ style }),
    series: series.map(({ name, values }, at) => ({
      type: 'bar',
      stack: 'all',
      name,
      barMaxWidth: 48,
      itemStyle: { color: seriesColor(at) },
      emphasis: { focus: 'series' },
      data: values.map(short),
    })),
  }
}
