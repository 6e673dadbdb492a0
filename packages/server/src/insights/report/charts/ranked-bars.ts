import type { ChartOption } from '../chart.ts'
import { categoryAxis, color, grid, type NumberStyle, ownText, seriesColor, short, valueAxis } from './axes.ts'

export interface RankedBar {
  readonly label: string
  readonly value: number
  readonly text: string
  /** Half-width of the value's interval, drawn over the bar's end. */
  readonly margin?: number
}

/** Lying bars, the first on top; below zero in another colour. */
export function rankedBars(bars: readonly RankedBar[], style: NumberStyle, labelWidth = 130): ChartOption {
  return {
    grid,
    tooltip: ownText,
    xAxis: { ...valueAxis({ style }), splitNumber: 3 },
    yAxis: {
      ...categoryAxis(
        bars.map(({ label }) => cut(label)),
        { width: labelWidth },
      ),
      inverse: true,
    },
    series: [
      {
        type: 'bar',
        barMaxWidth: 22,
        data: bars.map(({ value, text }) => ({
          value: short(value),
          text,
          itemStyle: { color: seriesColor(value < 0 ? 1 : 0), borderRadius: value < 0 ? [4, 0, 0, 4] : [0, 4, 4, 0] },
        })),
        ...(bars.some(({ margin }) => margin !== undefined) && { markLine: margins(bars) }),
      },
    ],
  }
}

/** Enough for every bar and the axis below them. */
export const rankedHeight = (bars: readonly RankedBar[]): number => 56 + bars.length * 34

const margins = (bars: readonly RankedBar[]): Readonly<Record<string, unknown>> => ({
  silent: true,
  symbol: ['none', 'none'],
  lineStyle: { color: color('ink'), type: 'solid', width: 2 },
  label: { show: false },
  data: bars.map(({ value, margin = 0 }, at) => [
    { coord: [short(Math.max(0, value - margin)), at] },
    { coord: [short(value + margin), at] },
  ]),
})

const lettersMax = 44

/** Two lines of a label; the whole of it is in the tooltip and the table. Whole characters only, flags and families too. */
function cut(label: string): string {
  const letters = [...new Intl.Segmenter('en').segment(label)].map(({ segment }) => segment)
  return letters.length > lettersMax ? `${letters.slice(0, lettersMax - 1).join('')}…` : label
}
