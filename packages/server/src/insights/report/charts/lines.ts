import type { ChartOption } from '../chart.ts'
import { color, grid, legend, type NumberStyle, ownText, seriesColor, short, valueAxis } from './axes.ts'

export interface Line {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number; readonly text: string }[]
  /** Marks every point. */
  readonly isMarked?: boolean
  /** Vertical intervals, in the points' order. */
  readonly intervals?: readonly { readonly low: number; readonly high: number }[]
}

export interface LinesOptions {
  readonly lines: readonly Line[]
  readonly xName: string
  readonly yName: string
  readonly style: NumberStyle
  readonly xMin?: number
  readonly xMax?: number
  readonly yMin?: number
  readonly yMax?: number
  /** A dashed line to compare with: from … to. */
  readonly reference?: {
    readonly name: string
    readonly from: readonly [number, number]
    readonly to: readonly [number, number]
  }
}

/** Lines over two numeric axes, each told apart by colour and dash. */
export function linesChart(options: LinesOptions): ChartOption {
  const { lines, reference } = options
  const axis = (name: string, min: number | undefined, max: number | undefined): Readonly<Record<string, unknown>> =>
    valueAxis({ name, style: options.style, ...(min !== undefined && { min }), ...(max !== undefined && { max }) })
  return {
    grid: { ...grid, top: lines.length > 2 ? 60 : 40 },
    legend: { ...legend, data: lines.map(({ name }) => name) },
    tooltip: ownText,
    xAxis: axis(options.xName, options.xMin, options.xMax),
    yAxis: { ...axis(options.yName, options.yMin, options.yMax), nameGap: 44 },
    series: [...lines.flatMap((line, at) => drawn(line, at)), ...(reference ? [referenceSeries(reference)] : [])],
  }
}

const dashes = ['solid', [6, 3], [2, 3]] as const

function drawn({ name, points, isMarked, intervals }: Line, at: number): readonly Readonly<Record<string, unknown>>[] {
  const own = {
    type: 'line',
    name,
    symbolSize: isMarked ? 8 : 5,
    showSymbol: isMarked === true,
    itemStyle: { color: seriesColor(at) },
    lineStyle: { color: seriesColor(at), width: 2.5, type: dashes[at % dashes.length] },
    data: points.map(({ x, y, text }) => ({ value: [short(x), short(y)], text })),
  }
  const bars = (intervals ?? []).map(({ low, high }, point) => ({
    type: 'line',
    name,
    silent: true,
    symbol: 'none',
    lineStyle: { color: seriesColor(at), width: 1.5, opacity: 0.6 },
    data: [low, high].map((y) => ({ value: [short(points[point]!.x), short(y)] })),
  }))
  return [own, ...bars]
}

const referenceSeries = ({
  name,
  from,
  to,
}: NonNullable<LinesOptions['reference']>): Readonly<Record<string, unknown>> => ({
  type: 'line',
  name,
  silent: true,
  symbol: 'none',
  itemStyle: { color: color('muted') },
  lineStyle: { color: color('muted'), type: 'dashed', width: 1.5 },
  data: [from, to].map((value) => ({ value })),
})
