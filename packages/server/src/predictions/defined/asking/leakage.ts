import { checkLeakage, table } from '@rapport/learn'
import { type CustomerRows, linearTable } from '../../customer-rows.ts'

/** Whether features know what they should help to predict. */
export interface Leakage {
  /** Why nothing is learned from them, for a marketer; undefined where nothing gives the answer away. */
  readonly because: string | undefined
  /** Sentences on features that tell so much that somebody should look where they come from. */
  readonly suspects: readonly string[]
}

/** The moment's features say less than this by themselves of what people do after. */
const [suspectFrom, leakFrom] = [0.95, 0.99]

/**
 * Looks for features that give the outcome away. They hold what was known at the cut, so this is a record that was written
 * later and dated back, or a target that had already come true. That a value is missing on one side only is no sign here:
 * who never did a thing is missing in all that is told of it, and seldom begins.
 *
 * @param sides `[n]` 0 or 1, both present
 * @param about what is predicted, in words
 */
export function leakageOf(
  rows: CustomerRows,
  sides: Uint8Array,
  { about, seed }: { readonly about: string; readonly seed: number },
): Leakage {
  const all = rows.features.map((_, position) => position)
  const named = linearTable(rows, all).columns.map((column, position) => ({
    ...column,
    name: `${rows.features[position]!.label} (${column.name})`,
  }))
  const target = { name: about, kind: 'number', values: Float64Array.from(sides) } as const
  const lookFor = ['is-target', 'predicts-alone'] as const
  const { findings } = checkLeakage(table([target, ...named]), about, { suspectFrom, leakFrom, lookFor, seed })
  const leak = findings.find(({ verdict }) => verdict === 'leak')
  return {
    because:
      leak && `${leak.words}; else leave its family out of the features, or ask only customers for whom it is open`,
    suspects: findings.map(({ words }) => words),
  }
}
