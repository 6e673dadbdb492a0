import { dayMs } from '../../../base/index.ts'
import { insert } from '../append.ts'
import type { CellKind } from './cell.ts'
import { addExactly, type ExactSum, loadExactly, saveExactly } from './exact-sum.ts'

/** The latest moments stay apart, so that facts may come out of order among them. */
const recentMax = 16

/** Different moments, the older ones as what their gaps come to. */
export interface Gaps {
  /** Older moments, how many; `first`, `last` and `squares` are of them. */
  count: number
  first: number
  last: number
  /** Of the gaps between them, ms². */
  squares: ExactSum
  /** In order, each later than `last`. */
  recent: number[]
}

const empty = (): Gaps => ({ count: 0, first: 0, last: 0, squares: 0, recent: [] })

/** @param at later than all that were taken before */
function takeMoment(gaps: Gaps, at: number): void {
  if (gaps.count === 0) gaps.first = at
  else gaps.squares = addExactly(gaps.squares, squareOf(at - gaps.last))
  gaps.last = at
  gaps.count += 1
}

/** 2⁵³ is passed by the square of 26 hours. */
const squareOf = (gap: number): ExactSum => (gap < 94_906_265 ? gap * gap : BigInt(gap) ** 2n)

function closed({ count, first, last, squares, recent }: Gaps): Gaps {
  const whole = { count, first, last, squares, recent: [] }
  for (const at of recent) takeMoment(whole, at)
  return whole
}

/** The gaps between moments that follow each other. */
export const gapsCell: CellKind<Gaps> = {
  add: (cell = empty(), { at }) => {
    const { recent } = cell
    // Among the older ones only the ends are still known.
    if (cell.count > 0 && at <= cell.last) return at === cell.last || at === cell.first ? cell : undefined
    let place = recent.length
    while (place > 0 && recent[place - 1]! > at) place -= 1
    if (place > 0 && recent[place - 1] === at) return cell
    cell.recent = insert(recent, place, at)
    if (cell.recent.length > recentMax) takeMoment(cell, cell.recent.shift()!)
    return cell
  },
  merge: (earlier, later) => {
    const [before, after] = [closed(earlier), closed(later)]
    return {
      count: before.count + after.count,
      first: before.first,
      last: after.last,
      squares: addExactly(addExactly(before.squares, after.squares), squareOf(after.first - before.last)),
      recent: [],
    }
  },
  bytes: ({ recent, squares }) => 120 + 8 * recent.length + (typeof squares === 'number' ? 0 : 32),
  close: (cell) => {
    for (const at of cell.recent) takeMoment(cell, at)
    cell.recent.length = 0
  },
  save: ({ count, first, last, squares, recent }, to) => {
    to.whole(count)
    to.number(first)
    to.number(last)
    saveExactly(squares, to)
    to.whole(recent.length)
    for (const at of recent) to.number(at)
  },
  load: (from) => ({
    ...{ count: from.whole(), first: from.number(), last: from.number(), squares: loadExactly(from) },
    recent: from.list(() => from.number()),
  }),
}

/** Days; null with fewer than two moments. */
export function gapMean(gaps: Gaps): number | null {
  const { count, first, last } = closed(gaps)
  return count < 2 ? null : (last - first) / (count - 1) / dayMs
}

/** In whole numbers, since the difference of two large squares would lose most of its digits. */
function spread(n: number, squares: ExactSum, span: number): number {
  const more = typeof squares === 'number' ? n * squares : Infinity
  // The square of the span is no larger than this: neither loses anything.
  if (more <= Number.MAX_SAFE_INTEGER) return more - span * span
  return Number(BigInt(n) * BigInt(squares) - BigInt(span) ** 2n)
}

/** Days, of a sample; null with fewer than three moments. */
export function gapDeviation(gaps: Gaps): number | null {
  const { count, first, last, squares } = closed(gaps)
  const n = count - 1
  if (n < 2) return null
  return Math.sqrt(spread(n, squares, last - first) / (n * (n - 1))) / dayMs
}
