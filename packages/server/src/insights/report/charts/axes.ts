/** How a number is written on axes and in tooltips; the page's script knows the same names. */
export type NumberStyle = 'money' | 'percent' | 'count' | 'decimal'

export const color = (token: string): { readonly $color: string } => ({ $color: token })
export const written = (style: NumberStyle): { readonly $format: NumberStyle } => ({ $format: style })

/** The item's own words, escaped by the page's script. */
export const ownText = { trigger: 'item', confine: true, formatter: { $tooltip: 'text' } } as const

/** Colours told apart with every kind of colour vision; the seventh is for the rest. */
export const seriesColors = [1, 2, 3, 4, 5, 6, 7].map((at) => color(`series-${at}`))
export const seriesColor = (at: number): { readonly $color: string } => seriesColors[at % seriesColors.length]!

/** Room for the labels of both axes and their names, whatever their length. */
export const grid = {
  left: 4,
  right: 16,
  top: 16,
  bottom: 4,
  outerBoundsMode: 'same',
  outerBoundsContain: 'all',
} as const

const line = { lineStyle: { color: color('line') } }
const label = { color: color('muted'), fontSize: 12 }

export interface AxisOptions {
  readonly name?: string
  readonly style?: NumberStyle
  readonly min?: number
  readonly max?: number
  /** Ends where the values happen to end, at no round number: without a label there. */
  readonly isOpen?: boolean
}

export const valueAxis = ({
  name,
  style = 'count',
  min,
  max,
  isOpen = false,
}: AxisOptions = {}): Readonly<Record<string, unknown>> => ({
  type: 'value',
  ...(name !== undefined && named(name)),
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
  axisLabel: { ...label, hideOverlap: true, formatter: written(style), ...(isOpen && { showMaxLabel: false }) },
  splitLine: line,
})

export const categoryAxis = (
  labels: readonly string[],
  { name, width }: { readonly name?: string; readonly width?: number } = {},
): Readonly<Record<string, unknown>> => ({
  type: 'category',
  data: labels,
  ...(name !== undefined && named(name)),
  axisLabel: {
    ...label,
    hideOverlap: true,
    ...(width !== undefined && { width, overflow: 'break', lineHeight: 14, interval: 0 }),
  },
  axisLine: line,
  axisTick: { show: false },
})

const named = (name: string): Readonly<Record<string, unknown>> => ({
  name,
  nameLocation: 'middle',
  nameGap: 28,
  nameTextStyle: { color: color('muted'), fontSize: 12 },
})

export const legend = {
  top: 0,
  left: 0,
  type: 'plain',
  textStyle: { color: color('ink') },
  itemGap: 14,
  itemWidth: 16,
  itemHeight: 10,
} as const

/** Numbers short enough for a page: 4 digits after the point tell every pixel apart. */
export const short = (value: number): number => Math.round(value * 10_000) / 10_000
