import { dayMs } from '../../../base/index.ts'
import { moveWithin } from '../move-within.ts'
import type { CellKind } from './cell.ts'
import { emptyNumbers } from './number-cell.ts'
import { addExactly, exactAt } from './sum.ts'

/** The latest moments stay apart, so that facts may come out of order among them. */
const recentMax = 16

/**
 * Different moments: how many older ones there are, the first and the last of them, the sum of the squares of the gaps
 * between them (ms², two numbers), then the latest ones, in order, each later than the last of the older ones.
 */
export type Gaps = number[]

const [first, last, squares, recent] = [1, 2, 3, 5] as const
const none: readonly number[] = emptyNumbers(recent).fill(0)

/** @param at later than all that were taken before */
function takeMoment(gaps: Gaps, at: number): void {
  if (gaps[0] === 0) gaps[first] = at
  else addExactly(gaps, squares, squareOf(at - gaps[last]!))
  gaps[last] = at
  gaps[0]! += 1
}

/** 2⁵³ is passed by the square of 26 hours. */
const squareOf = (gap: number): number | bigint => (gap < 94_906_265 ? gap * gap : BigInt(gap) ** 2n)

function closed(gaps: Gaps): Gaps {
  const whole = gaps.slice(0, recent)
  for (let place = recent; place < gaps.length; place += 1) takeMoment(whole, gaps[place]!)
  return whole
}

/** The gaps between moments that follow each other. */
export const gapsCell: CellKind<Gaps> = {
  add: (gaps, { at }) => {
    if (gaps === undefined) return none.concat([at])
    // Among the older ones only the ends are still known.
    if (gaps[0]! > 0 && at <= gaps[last]!) return at === gaps[last] || at === gaps[first] ? gaps : undefined
    let place = gaps.length
    while (place > recent && gaps[place - 1]! > at) place -= 1
    if (place > recent && gaps[place - 1] === at) return gaps
    if (gaps.length < recent + recentMax) {
      if (place === gaps.length) return gaps.concat([at])
      gaps.splice(place, 0, at)
    } else if (place === recent) takeMoment(gaps, at)
    else {
      takeMoment(gaps, gaps[recent]!)
      moveWithin(gaps, recent, recent + 1, place)
      gaps[place - 1] = at
    }
    return gaps
  },
  merge: (earlier, later) => {
    const [both, after] = [closed(earlier), closed(later)]
    addExactly(both, squares, squareOf(after[first]! - both[last]!))
    addExactly(both, squares, exactAt(after, squares))
    both[0]! += after[0]!
    both[last] = after[last]!
    return both
  },
  bytes: (gaps) => 48 + 8 * gaps.length,
  close: (gaps) => {
    for (let place = recent; place < gaps.length; place += 1) takeMoment(gaps, gaps[place]!)
    gaps.length = recent
  },
  save: (gaps, to) => to.numbers(gaps),
  load: (from) => from.numbers(),
}

/** Days; null with fewer than two moments. */
export function gapMean(gaps: Gaps): number | null {
  const whole = closed(gaps)
  return whole[0]! < 2 ? null : (whole[last]! - whole[first]!) / (whole[0]! - 1) / dayMs
}

/** In whole numbers, since the difference of two large squares would lose most of its digits. */
function spread(n: number, sum: number | bigint, span: number): number {
  const more = typeof sum === 'number' ? n * sum : Infinity
  // The square of the span is no larger than this: neither loses anything.
  if (more <= Number.MAX_SAFE_INTEGER) return more - span * span
  return Number(BigInt(n) * BigInt(sum) - BigInt(span) ** 2n)
}

/** Days, of a sample; null with fewer than three moments. */
export function gapDeviation(gaps: Gaps): number | null {
  const whole = closed(gaps)
  const n = whole[0]! - 1
  if (n < 2) return null
  return Math.sqrt(spread(n, exactAt(whole, squares), whole[last]! - whole[first]!) / (n * (n - 1))) / dayMs
}
