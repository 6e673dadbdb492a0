import type { BinningOptions } from './binning.ts'
import type { ImputationOptions } from './imputation.ts'
import type { InteractionOptions } from './interactions.ts'
import type { ScalingOptions } from './scaling.ts'
import type { Table } from './table.ts'

/** What happens to number columns, in this order: impute, reshape, scale. */
export interface NumberStep {
  readonly kind: 'number'
  /** Names of the columns. */
  readonly columns: readonly string[]
  /**
   * What stands in for missing values; `none` keeps them as NaN, `neighbours` asks the rows most alike in the columns of
   * this step. Default `median`.
   */
  readonly impute?: NonNullable<ImputationOptions['method']> | 'none' | 'neighbours'
  /** Adds 0/1 columns for what was missing in training. Default false. */
  readonly indicators?: boolean
  /** Takes the tail off. Default `none`. */
  readonly reshape?: 'none' | 'log1p' | 'yeo-johnson' | 'quantiles'
  /** Default `standard`. Indicators are never scaled. */
  readonly scale?: NonNullable<ScalingOptions['method']> | 'none'
}

/** Number columns cut into bins; what is missing is in none. */
export interface BinStep extends Pick<BinningOptions, 'bins' | 'method' | 'output'> {
  readonly kind: 'bins'
  readonly columns: readonly string[]
  /** Default `one-hot`. */
  readonly output?: 'ordinal' | 'one-hot'
}

/** Products of number columns, imputed by the median and standardised before; the columns themselves need a step of theirs. */
export interface InteractionStep extends InteractionOptions {
  readonly kind: 'interactions'
  readonly columns: readonly string[]
}

/** What happens to text columns. */
export interface TextStep {
  readonly kind: 'text'
  readonly columns: readonly string[]
  /**
   * `one-hot`: a 0/1 column for each category. `ordinal`: its code, NaN when unknown (for trees). `target`: the mean
   * label in it. `hash`: columns that all categories share by their hash, for very many. Default `one-hot`.
   */
  readonly encode?: 'one-hot' | 'ordinal' | 'target' | 'hash'
  /** Categories of fewer training rows are joined as rare; not for `target`, which smooths instead. Default 1. */
  readonly rowsMin?: number
  /** For `target`. Default 20. */
  readonly smoothing?: number
  /** For `hash`. Default 64. */
  readonly hashColumns?: number
}

/** How a table becomes a matrix; columns that no step names are left out. */
export type PreparationPlan = readonly (NumberStep | BinStep | InteractionStep | TextStep)[]

/**
 * The usual plan for a linear model: numbers imputed by the median and standardised, text one-hot with categories of
 * fewer than `rowsMin` rows joined.
 *
 * @param rowsMin default 10
 */
export function linearPlan(of: Table, rowsMin = 10): PreparationPlan {
  const named = (kind: 'number' | 'text'): string[] =>
    of.columns.filter((column) => column.kind === kind).map((column) => column.name)
  return [
    { kind: 'number', columns: named('number') },
    { kind: 'text', columns: named('text'), rowsMin },
  ]
}
