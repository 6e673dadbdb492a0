import type { ChartOption } from '../chart.ts'
import { color, grid, ownText, seriesColor, short, valueAxis } from './axes.ts'

export interface DendrogramLeaf {
  readonly label: string
  /** Position of its segment, which colours it. */
  readonly segment: number
}

/** A node is a leaf's position, or the number of leaves plus the position of an earlier merge. */
export interface DendrogramMerge {
  readonly left: number
  readonly right: number
  readonly height: number
  readonly text: string
}

/** The top of a tree of merges: brackets over its leaves, each segment in its colour, a dashed line where it was cut. */
export function dendrogram(
  leaves: readonly DendrogramLeaf[],
  merges: readonly DendrogramMerge[],
  cutHeight: number,
): ChartOption {
  const places = leaves.map((_, at) => at)
  const heights = leaves.map(() => 0)
  const segments: (number | null)[] = leaves.map(({ segment }) => segment)
  const brackets = merges.map(({ left, right, height, text }) => {
    const [a, b] = [segments[left]!, segments[right]!]
    const segment = height < cutHeight && a === b ? a : null
    const sides = [left, right].map((node) => ({ place: places[node]!, from: heights[node]! }))
    places.push((sides[0]!.place + sides[1]!.place) / 2)
    heights.push(height)
    segments.push(segment)
    return { segment, sides, height, text }
  })
  return {
    grid,
    tooltip: ownText,
    xAxis: { ...valueAxis(), min: -0.5, max: leaves.length - 0.5, show: false },
    yAxis: { ...valueAxis({ name: 'distance at which groups were merged', style: 'decimal', min: 0 }), nameGap: 44 },
    series: [
      ...brackets.map(({ segment, sides, height, text }) => bracket(sides, height, segment, text)),
      {
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { color: color('muted'), type: 'dashed', width: 1.5 },
        data: [-0.5, leaves.length - 0.5].map((x) => ({ value: [x, short(cutHeight)] })),
      },
      {
        type: 'scatter',
        symbolSize: 9,
        data: leaves.map(({ label, segment }, at) => ({
          value: [at, 0],
          text: label,
          itemStyle: { color: seriesColor(segment) },
        })),
      },
    ],
  }
}

const bracket = (
  [left, right]: readonly { readonly place: number; readonly from: number }[],
  height: number,
  segment: number | null,
  text: string,
): Readonly<Record<string, unknown>> => {
  const ink = segment === null ? color('ink') : seriesColor(segment)
  const corners = [
    [left!.place, left!.from],
    [left!.place, height],
    [right!.place, height],
    [right!.place, right!.from],
  ]
  return {
    type: 'line',
    symbolSize: 4,
    showSymbol: false,
    itemStyle: { color: ink },
    lineStyle: { color: ink, width: 2 },
    data: corners.map(([x, y]) => ({ value: [short(x!), short(y!)], text })),
  }
}
