import { dayMs } from '../../base/index.ts'
import { millionths } from '../defined/numbers.ts'
import type { AggregateLeaf } from '../defined/plan.ts'
import type { Result } from './accumulator.ts'
import { type Average, averageCell } from './cells/average.ts'
import type { CellKind } from './cells/cell.ts'
import { countCell } from './cells/count.ts'
import { type Decayed, decayedAt, decayedCell } from './cells/decayed-sum.ts'
import { earliestCell, latestCell, maxCell, minCell } from './cells/extreme.ts'
import { firstCell, lastCell, type Said } from './cells/first-last.ts'
import { type Gaps, gapDeviation, gapMean, gapsCell } from './cells/gaps.ts'
import { type Span, spanCell } from './cells/span.ts'
import { type FadingTexts, fadingTextsCell, strongestText } from './cells/strongest.ts'
import { type ExactSum, sumCell, unitsOf } from './cells/sum.ts'
import { type TextCounts, textCountsCell } from './cells/text-counts.ts'

interface Aggregation {
  /** Leaves of one cell share it when they agree in everything else. */
  readonly cell: string
  readonly kind: CellKind<unknown>
  readonly result: Result
}

const use = <C>(
  cell: string,
  kind: CellKind<C>,
  result: (cell: C | undefined, asOf: number) => unknown,
): Aggregation => ({
  cell,
  kind: kind as CellKind<unknown>,
  result: result as Result,
})

const inUnits = (cell: number | undefined): number | null => (cell === undefined ? null : cell / millionths)
const said = (cell: Said | undefined): string | number | null => {
  if (cell === undefined) return null
  return typeof cell.value === 'number' ? cell.value / millionths : cell.value
}
const daysSince = (at: number | undefined, asOf: number): number | null =>
  at === undefined ? null : (asOf - at) / dayMs

/** What is remembered for an aggregate, and what it says. */
export function aggregationOf(leaf: AggregateLeaf): Aggregation {
  const { aggregate, of, halfLifeMs } = leaf
  switch (aggregate) {
    case 'count':
      return use('count', countCell, (cell: number = 0) => cell)
    case 'sum':
      return use('sum', sumCell, (cell: ExactSum = 0) => unitsOf(cell))
    case 'average':
      return use('average', averageCell, (cell?: Average) => (cell ? unitsOf(cell.sum) / cell.count : null))
    case 'min':
      return use('min', minCell, inUnits)
    case 'max':
      return use('max', maxCell, inUnits)
    case 'distinct':
      return use('texts', textCountsCell, (cell?: TextCounts) => cell?.size ?? 0)
    case 'most-frequent':
      return use('texts', textCountsCell, (cell?: TextCounts) => cell?.mostFrequent() ?? null)
    case 'strongest': {
      const lifeMs = halfLifeMs!
      return use(`strongest ${lifeMs}`, fadingTextsCell(lifeMs, leaf), (cell?: FadingTexts) =>
        cell ? strongestText(cell, lifeMs) : null,
      )
    }
    case 'first':
      return use('first', firstCell, said)
    case 'last':
      return use('last', lastCell, said)
    case 'time-since-first':
      return use('earliest', earliestCell, daysSince)
    case 'time-since-last':
      return use('latest', latestCell, daysSince)
    case 'span':
      return use('span', spanCell, (cell?: Span) => (cell ? (cell.latest - cell.earliest) / dayMs : null))
    case 'gap-mean':
      return use('gaps', gapsCell, (cell?: Gaps) => (cell ? gapMean(cell) : null))
    case 'gap-deviation':
      return use('gaps', gapsCell, (cell?: Gaps) => (cell ? gapDeviation(cell) : null))
    case 'decayed-sum': {
      const lifeMs = halfLifeMs!
      return use(`decayed ${lifeMs}`, decayedCell(lifeMs, of !== null), (cell: Decayed | undefined, asOf) =>
        cell ? decayedAt(cell, lifeMs, asOf) : 0,
      )
    }
  }
}
