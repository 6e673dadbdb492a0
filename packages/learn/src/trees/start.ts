import { type Matrix, RapportError } from '@rapport/numerics'
import type { BoostedTrees } from './boost.ts'
import type { ColumnBins, TreeNodes } from './boosting-model.ts'
import type { BoostingSettings } from './boosting-options.ts'

/** What every boosted model has that is gone on from. */
interface Begun {
  readonly columns: number
  readonly bins: ColumnBins
  readonly rounds: number
  readonly trees: TreeNodes
}

/**
 * A model as the beginning of a longer run, whose bins and baselines are kept.
 *
 * @param baselines the model's own
 * @throws RapportError `boosting.start` when it has other columns, or other columns of categories
 */
export function startOf(
  model: Begun,
  baselines: ArrayLike<number>,
  { isCategorical }: BoostingSettings,
  data: Matrix,
): BoostedTrees {
  if (model.columns !== data.columns) {
    throw new RapportError(
      'boosting.start',
      `start must have the ${data.columns} columns of data, got ${model.columns}`,
    )
  }
  const wrong = isCategorical.findIndex((flag, column) => flag !== model.bins.isCategorical[column])
  if (wrong >= 0) {
    throw new RapportError(
      'boosting.start',
      `start must take the same columns as categories, column ${wrong} is one ${isCategorical[wrong] ? 'only here' : 'only there'}`,
    )
  }
  const { bins, rounds, trees } = model
  return { bins, baselines: Float64Array.from(baselines), rounds, trees }
}
