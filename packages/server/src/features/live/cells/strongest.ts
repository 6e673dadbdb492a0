import { strongestOf } from '../../defined/interpret.ts'
import { weightOf } from '../../defined/meets.ts'
import type { AggregateLeaf } from '../../defined/plan.ts'
import type { CellKind } from './cell.ts'
import { type Fading, fadingAdd, fadingAt } from './fading.ts'

/** What the facts of each text weigh, each as of its latest. */
export interface FadingTexts {
  readonly sums: Map<string, Fading>
  bytes: number
}

/** Of an entry of the map with its sum, about. */
const entryBytes = 120

/** How much facts weigh for each text: their weights, halved as time passes. */
export function fadingTextsCell(
  halfLifeMs: number,
  leaf: Pick<AggregateLeaf, 'pattern' | 'weighed'>,
): CellKind<FadingTexts> {
  const add = (cell: FadingTexts, text: string, at: number, weight: number): void => {
    const known = cell.sums.get(text)
    if (known !== undefined) {
      fadingAdd(known, at, weight, halfLifeMs)
      return
    }
    cell.sums.set(text, { at, total: weight })
    cell.bytes += entryBytes + text.length * 2
  }
  const fresh = (): FadingTexts => ({ sums: new Map(), bytes: 80 })
  return {
    add: (cell = fresh(), fact, value) => {
      add(cell, value as string, fact.at, weightOf(leaf, fact))
      return cell
    },
    merge: (earlier, later) => {
      const both = fresh()
      for (const { sums } of [earlier, later]) for (const [text, { at, total }] of sums) add(both, text, at, total)
      return both
    },
    bytes: (cell) => cell.bytes,
    bytesMax: 131_072,
    save: ({ sums }, to) => {
      to.whole(sums.size)
      for (const [text, { at, total }] of sums) {
        to.text(text)
        to.number(at)
        to.number(total)
      }
    },
    load: (from) => {
      const cell = fresh()
      for (let left = from.whole(); left > 0; left -= 1) add(cell, from.text(), from.number(), from.number())
      return cell
    },
  }
}

/** The strongest text. Time weakens all of them alike, so it is the same until another fact comes. */
export function strongestText({ sums }: FadingTexts, halfLifeMs: number): string | null {
  let latest = Number.NEGATIVE_INFINITY
  for (const { at } of sums.values()) latest = Math.max(latest, at)
  return strongestOf([...sums].map(([text, sum]) => [text, fadingAt(sum, halfLifeMs, latest)]))
}
