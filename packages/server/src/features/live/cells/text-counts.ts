import { byCodePoints } from '../../defined/fact.ts'
import { append } from '../append.ts'
import type { CellKind } from './cell.ts'

/** Few texts are found faster, and held in less, in a list than in a map. */
const listed = 32

/** How many facts have each text. */
export class TextCounts {
  private texts: string[] = []
  private counts: number[] = []
  private places: Map<string, number> | undefined
  bytes = 120

  get size(): number {
    return this.texts.length
  }

  add(text: string, count: number): void {
    const place = this.places === undefined ? this.texts.indexOf(text) : (this.places.get(text) ?? -1)
    if (place >= 0) {
      this.counts[place]! += count
      return
    }
    this.texts = append(this.texts, text)
    this.counts = append(this.counts, count)
    this.bytes += 40 + text.length * 2
    if (this.places !== undefined) {
      this.places.set(text, this.texts.length - 1)
      this.bytes += 40
    } else if (this.texts.length > listed) {
      this.places = new Map(this.texts.map((one, index) => [one, index]))
      this.bytes += 40 * this.texts.length
    }
  }

  addAll(other: TextCounts): this {
    // Not by `entries`: this is the inside of every reading over a window, and a generator there took most of some runs' time.
    for (let place = 0; place < other.texts.length; place += 1) this.add(other.texts[place]!, other.counts[place]!)
    return this
  }

  *entries(): Generator<[string, number]> {
    for (let place = 0; place < this.texts.length; place += 1) yield [this.texts[place]!, this.counts[place]!]
  }

  /** Of equally many the smallest by code points. */
  mostFrequent(): string {
    let best = 0
    for (let place = 1; place < this.texts.length; place += 1) {
      const more = this.counts[place]! - this.counts[best]!
      if (more > 0 || (more === 0 && byCodePoints(this.texts[place]!, this.texts[best]!) < 0)) best = place
    }
    return this.texts[best]!
  }
}

/** The texts that facts have: how many different ones, and which is the most frequent. */
export const textCountsCell: CellKind<TextCounts> = {
  add: (cell = new TextCounts(), _fact, value) => {
    cell.add(value as string, 1)
    return cell
  },
  merge: (earlier, later) => new TextCounts().addAll(earlier).addAll(later),
  bytes: (cell) => cell.bytes,
  bytesMax: 131_072,
  save: (cell, to) => {
    to.whole(cell.size)
    for (const [text, count] of cell.entries()) {
      to.text(text)
      to.whole(count)
    }
  },
  load: (from) => {
    const cell = new TextCounts()
    for (let left = from.whole(); left > 0; left -= 1) cell.add(from.text(), from.whole())
    return cell
  },
}
