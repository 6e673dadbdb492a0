import { type Matrix, matrix, RapportError } from '@rapport/numerics'
import { checkTable } from './check-table.ts'
import { type FittedStep, fitStep, stepColumnNames, writeStep } from './fitted-step.ts'
import type { PreparationPlan } from './plan.ts'
import { columnNamed, type Table } from './table.ts'
import { crossFittedTargetEncoding } from './target-encoding.ts'

export interface PreparationOptions {
  /** `[n]` what target encoding learns from; needed only for it. */
  readonly targets?: ArrayLike<number>
}

/** How a table becomes a matrix, learned from a training table. One plain value: save it beside its model. */
export interface PreparationModel {
  readonly kind: 'preparation'
  readonly steps: readonly FittedStep[]
  /** `[d]` names of the matrix's columns: `tenure`, `Contract = One year`, `TotalCharges is missing`. */
  readonly columnNames: readonly string[]
}

/**
 * Learns a whole preparation from a training table. Only the training rows teach it anything, so fit it inside each
 * fold, never before the split.
 *
 * @param of n ≥ 1 rows
 * @returns a model for `applyPreparation`
 * @throws RapportError `preparation.rows` (no rows), `preparation.plan` (no column named), `preparation.targets` (target
 *   encoding without targets), `table.column` (a named column is not there),
 *   `preparation.empty` (a number column without any value), `preparation.value` (infinite, or negative under log1p)
 *
 * @example
 * const model = fitPreparation(customers, linearPlan(customers))
 * applyPreparation(model, customers).columns === model.columnNames.length // true
 */
export function fitPreparation(
  of: Table,
  plan: PreparationPlan,
  { targets }: PreparationOptions = {},
): PreparationModel {
  checkTable('preparation', of)
  if (of.rows === 0) throw new RapportError('preparation.rows', 'table must have at least one row, got none')
  const steps = plan.flatMap((step) => fitStep(of, step, targets))
  if (steps.length === 0) throw new RapportError('preparation.plan', 'plan must name at least one column, got none')
  return { kind: 'preparation', steps, columnNames: steps.flatMap(stepColumnNames) }
}

/**
 * The table as a matrix.
 *
 * Columns are found by name; their order and any further columns do not matter. An unknown category is 0 in every
 * one-hot column, NaN as an ordinal, the overall mean under target encoding, and a hash as any other.
 *
 * @returns `[n × d]` with `model.columnNames`
 * @throws RapportError `table.column` when a column is missing or has the other kind, `preparation.value` as in the fit
 *
 * Cost: O(n d).
 */
export function applyPreparation(model: PreparationModel, of: Table): Matrix {
  const width = model.columnNames.length
  const values = new Float64Array(of.rows * width)
  let first = 0
  for (const step of model.steps) {
    writeStep(step, of, values, width, first)
    first += stepColumnNames(step).length
  }
  return matrix(of.rows, width, values)
}

/**
 * The training table itself as a matrix, to train a model on: as `applyPreparation`, but each row's target-encoded
 * values come from rows of other folds, so that no row sees its own label.
 *
 * @param fold `[n]` a row's fold
 * @throws RapportError `preparation.targets` when lengths differ, and as `applyPreparation`
 */
export function prepareTraining(
  model: PreparationModel,
  of: Table,
  { targets, fold }: { readonly targets: ArrayLike<number>; readonly fold: ArrayLike<number> },
): Matrix {
  const prepared = applyPreparation(model, of)
  let column = 0
  for (const step of model.steps) {
    if (step.kind === 'text' && step.encode === 'target') {
      const { values } = columnNamed(of, step.name, 'text')
      const encoded = crossFittedTargetEncoding(values, targets, fold, { smoothing: step.smoothing })
      encoded.forEach((value, row) => {
        prepared.values[row * prepared.columns + column] = value
      })
    }
    column += stepColumnNames(step).length
  }
  return prepared
}
