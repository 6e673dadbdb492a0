import { dayMs, type Instant } from '../../base/index.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import { millionths } from '../defined/numbers.ts'
import type { AggregateLeaf } from '../defined/plan.ts'
import type { Result } from './accumulator.ts'
import { averageAt, averageCell } from './cells/average.ts'
import type { CellKind } from './cells/cell.ts'
import { countCell } from './cells/count.ts'
import { decayedCell, decayedSumAt } from './cells/decayed-sum.ts'
import { earliestCell, latestCell, maxCell, minCell } from './cells/extreme.ts'
import { firstCell, lastCell, type Said } from './cells/first-last.ts'
import { type Gaps, gapDeviation, gapMean, gapsCell } from './cells/gaps.ts'
import type { NumberCell, NumbersResult } from './cells/number-cell.ts'
import { spanCell } from './cells/span.ts'
import { type FadingTexts, fadingTextsCell, strongestText } from './cells/strongest.ts'
import { sumAt, sumCell } from './cells/sum.ts'
import { differentTexts, mostFrequentText, type TextCounts, textCountsCell } from './cells/text-counts.ts'

/** What is remembered for an aggregate. Leaves of one name share it when they agree in everything else. */
export type Aggregation =
  | {
      readonly kind: 'numbers'
      readonly name: string
      readonly cell: NumberCell
      readonly result: NumbersResult
      /** The value where no fact counts. */
      readonly empty: FeatureValue
    }
  | { readonly kind: 'cell'; readonly name: string; readonly cell: CellKind<unknown>; readonly result: Result }

const numbers = (name: string, cell: NumberCell, result: NumbersResult, empty: FeatureValue = null): Aggregation => ({
  kind: 'numbers',
  name,
  cell,
  result,
  empty,
})

const cells = <C>(name: string, cell: CellKind<C>, result: (cell: C | undefined) => FeatureValue): Aggregation => ({
  ...{ kind: 'cell', name },
  cell: cell as CellKind<unknown>,
  result: result as Result,
})

const numberAt: NumbersResult = (all, at) => all[at]!
const inUnitsAt: NumbersResult = (all, at) => all[at]! / millionths
const daysSinceAt: NumbersResult = (all, at, asOf) => (asOf - all[at]!) / dayMs
const daysBetweenAt: NumbersResult = (all, at) => (all[at + 1]! - all[at]!) / dayMs

const said = (cell: Said | undefined): string | number | null => {
  if (cell === undefined) return null
  return typeof cell.value === 'number' ? cell.value / millionths : cell.value
}

export function aggregationOf(leaf: AggregateLeaf): Aggregation {
  const { aggregate, of, halfLifeMs } = leaf
  switch (aggregate) {
    case 'count':
      return numbers('count', countCell, numberAt, 0)
    case 'sum':
      return numbers('sum', sumCell, sumAt, 0)
    case 'average':
      return numbers('average', averageCell, averageAt)
    case 'min':
      return numbers('min', minCell, inUnitsAt)
    case 'max':
      return numbers('max', maxCell, inUnitsAt)
    case 'distinct':
      return cells('texts', textCountsCell, (cell?: TextCounts) => (cell ? differentTexts(cell) : 0))
    case 'most-frequent':
      return cells('texts', textCountsCell, (cell?: TextCounts) => (cell ? mostFrequentText(cell) : null))
    case 'strongest': {
      const lifeMs = halfLifeMs!
      return cells(`strongest ${lifeMs}`, fadingTextsCell(lifeMs, leaf), (cell?: FadingTexts) =>
        cell ? strongestText(cell, lifeMs) : null,
      )
    }
    case 'first':
      return cells('first', firstCell, said)
    case 'last':
      return cells('last', lastCell, said)
    case 'time-since-first':
      return numbers('earliest', earliestCell, daysSinceAt)
    case 'time-since-last':
      return numbers('latest', latestCell, daysSinceAt)
    case 'span':
      return numbers('span', spanCell, daysBetweenAt)
    case 'gap-mean':
      return cells('gaps', gapsCell, (cell?: Gaps) => (cell ? gapMean(cell) : null))
    case 'gap-deviation':
      return cells('gaps', gapsCell, (cell?: Gaps) => (cell ? gapDeviation(cell) : null))
    case 'decayed-sum': {
      const lifeMs = halfLifeMs!
      const result: NumbersResult = (all, at, asOf: Instant) => decayedSumAt(all, at, lifeMs, asOf)
      return numbers(`decayed ${lifeMs}`, decayedCell(lifeMs, of !== null), result, 0)
    }
  }
}
