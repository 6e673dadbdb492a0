import { byCodePoints } from '../../defined/fact.ts'
import type { CellKind } from './cell.ts'

/** Texts, each before how many facts have it. Few are found faster, and held in less, in a list than in a map. */
export type TextCounts = TextList | ManyTexts

type TextList = (string | number)[]

/** As many numbers and texts as a list has at most. */
const listedMax = 64

class ManyTexts {
  readonly counts = new Map<string, number>()
  bytes = 200

  add(text: string, count: number): this {
    const known = this.counts.get(text)
    this.counts.set(text, (known ?? 0) + count)
    if (known === undefined) this.bytes += 80 + text.length * 2
    return this
  }
}

/** @returns the same one with a text more, where it has room */
function add(cell: TextCounts, text: string, count: number): TextCounts {
  if (cell instanceof ManyTexts) return cell.add(text, count)
  for (let place = 0; place < cell.length; place += 2) {
    if (cell[place] !== text) continue
    cell[place + 1] = (cell[place + 1] as number) + count
    return cell
  }
  // Of just the length needed: `push` makes place for sixteen more.
  return cell.length < listedMax ? cell.concat([text, count]) : add(addAll(new ManyTexts(), cell), text, count)
}

function addAll(into: TextCounts, other: TextCounts): TextCounts {
  let both = into
  each(other, (text, count) => {
    both = add(both, text, count)
  })
  return both
}

const copyOf = (cell: TextCounts): TextCounts =>
  cell instanceof ManyTexts ? addAll(new ManyTexts(), cell) : cell.slice()

function each(cell: TextCounts, what: (text: string, count: number) => void): void {
  if (cell instanceof ManyTexts) for (const [text, count] of cell.counts) what(text, count)
  else for (let place = 0; place < cell.length; place += 2) what(cell[place] as string, cell[place + 1] as number)
}

export const differentTexts = (cell: TextCounts): number =>
  cell instanceof ManyTexts ? cell.counts.size : cell.length / 2

/** Of equally many the smallest by code points. */
export function mostFrequentText(cell: TextCounts): string {
  let [best, most] = ['', 0]
  each(cell, (text, count) => {
    if (count > most || (count === most && byCodePoints(text, best) < 0)) [best, most] = [text, count]
  })
  return best
}

/** The texts that facts have. */
export const textCountsCell: CellKind<TextCounts> = {
  add: (cell = [], _fact, value) => add(cell, value as string, 1),
  merge: (earlier, later) => addAll(copyOf(earlier), later),
  bytes: (cell) => {
    if (cell instanceof ManyTexts) return cell.bytes
    let bytes = 48
    for (let place = 0; place < cell.length; place += 2) bytes += 40 + (cell[place] as string).length * 2
    return bytes
  },
  bytesMax: 131_072,
  save: (cell, to) => {
    to.whole(differentTexts(cell))
    each(cell, (text, count) => {
      to.text(text)
      to.whole(count)
    })
  },
  load: (from) => {
    let cell: TextCounts = []
    for (let left = from.whole(); left > 0; left -= 1) cell = add(cell, from.text(), from.whole())
    return cell
  },
}
