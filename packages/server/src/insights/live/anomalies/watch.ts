import type { UsualBands } from '@rapport/learn'

/** Something that was far from usual for a while. */
export interface Departure {
  /** Whether less than usual, or more. */
  readonly side: 'below' | 'above'
  /** The step at whose end it was told: the second in a row beyond the bounds of alarm. */
  readonly toldAt: number
  /** The step at whose end it was over: the second in a row within the usual band; null while it goes on. */
  readonly overAt: number | null
  /** The step at which it was farthest off so far, in widths of the band. */
  readonly farthestAt: number
}

/** How many values in a row begin and end a departure: one alone may be chance. */
const inARow = 2

/**
 * Where values left what is usual, with hysteresis: told when two in a row lie beyond the bounds of alarm on the same side,
 * over when two in a row lie within the usual band. So nothing is told twice while it goes on, and nothing flickers at a
 * bound.
 *
 * @param values `[n]` of the steps from the first of the bands on; missing (NaN) values tell nothing
 * @param least a departure is of at least so much, in what is counted: at night one order is no news
 */
export function departuresIn(values: ArrayLike<number>, bands: UsualBands, least: number): readonly Departure[] {
  const found: Departure[] = []
  let open: { -readonly [Key in keyof Departure]: Departure[Key] } | undefined
  const beyond = { below: 0, above: 0 }
  let within = 0
  for (let step = 0; step < values.length; step += 1) {
    const value = values[step]!
    if (Number.isNaN(value) || Number.isNaN(bands.expected[step]!)) continue
    const isFar = Math.abs(value - bands.expected[step]!) >= least
    beyond.below = value < bands.alarmLow[step]! && isFar ? beyond.below + 1 : 0
    beyond.above = value > bands.alarmHigh[step]! && isFar ? beyond.above + 1 : 0
    if (open === undefined) {
      const side = beyond.below >= inARow ? 'below' : beyond.above >= inARow ? 'above' : undefined
      if (side === undefined) continue
      const before = step - 1
      const isFarther = Math.abs(offBy(values[before]!, bands, before)) > Math.abs(offBy(value, bands, step))
      open = { side, toldAt: step, overAt: null, farthestAt: isFarther ? before : step }
      within = 0
      found.push(open)
      continue
    }
    within = value >= bands.low[step]! && value <= bands.high[step]! ? within + 1 : 0
    const sign = open.side === 'below' ? -1 : 1
    if (sign * offBy(value, bands, step) > sign * offBy(values[open.farthestAt]!, bands, open.farthestAt))
      open.farthestAt = step
    if (within < inARow) continue
    open.overAt = step
    open = undefined
  }
  return found
}

/** How far a value is from its expectation, in widths of the band on its side; the width is never none. */
function offBy(value: number, { expected, low, high }: UsualBands, step: number): number {
  const middle = expected[step]!
  const width = value < middle ? middle - low[step]! : high[step]! - middle
  return (value - middle) / Math.max(width, 1e-9)
}
