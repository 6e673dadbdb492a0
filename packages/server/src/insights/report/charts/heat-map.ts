import type { ChartOption } from '../chart.ts'
import { categoryAxis, color, grid, ownText, short } from './axes.ts'

export interface HeatCell {
  readonly x: number
  readonly y: number
  readonly value: number
  readonly text: string
  /** Written into the cell. */
  readonly label?: string
}

export interface HeatMapOptions {
  readonly xLabels: readonly string[]
  /** The first is on top. */
  readonly yLabels: readonly string[]
  readonly xName?: string
  readonly yName?: string
  /** How values are written on the scale. */
  readonly write: (value: number) => string
  readonly cells: readonly HeatCell[]
  /** The value of the strongest colour; default the greatest value. */
  readonly greatest?: number
}

/** Cells coloured by a value. The scale starts at zero, so that half the colour is half the value. */
export function heatMap({ xLabels, yLabels, xName, yName, write, cells, greatest }: HeatMapOptions): ChartOption {
  const max = greatest ?? Math.max(...cells.map(({ value }) => value), 0)
  return {
    grid: { ...grid, bottom: 52 },
    tooltip: ownText,
    xAxis: { ...categoryAxis(xLabels, xName === undefined ? {} : { name: xName }), splitArea: { show: false } },
    yAxis: { ...categoryAxis(yLabels, yName === undefined ? {} : { name: yName }), inverse: true },
    visualMap: {
      min: 0,
      max: max > 0 ? max : 1,
      calculable: false,
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      itemWidth: 12,
      itemHeight: 140,
      text: [write(max), write(0)],
      textStyle: { color: color('muted') },
      inRange: { color: [0, 1, 2, 3].map((at) => color(`heat-${at}`)) },
    },
    series: [
      {
        type: 'heatmap',
        label: { show: cells.some(({ label }) => label !== undefined), formatter: { $tooltip: 'label' }, fontSize: 12 },
        itemStyle: { borderColor: color('surface'), borderWidth: 1, borderRadius: 2 },
        emphasis: { itemStyle: { borderColor: color('ink'), borderWidth: 2 } },
        data: cells.map(({ x, y, value, text, label }) => ({
          value: [x, y, short(value)],
          text,
          ...(label !== undefined && {
            label: { color: color(inkOn(max > 0 ? value / max : 0)) },
            word: label,
          }),
        })),
      },
    ],
  }
}

/** The ink that is read best on each part of the scale, in both themes: the scale grows dark in one, bright in the other. */
const inkOn = (strength: number): string =>
  strength > 0.8 ? 'heat-ink-high' : strength > 0.56 ? 'heat-ink-mid' : 'heat-ink-low'
