import { checkList, type Matrix, RapportError, type Work } from '@rapport/numerics'
import { applySelection, type ColumnSelection } from '../feature-selection/index.ts'
import { checkTable } from '../preparation/check-table.ts'
import {
  applyPreparation,
  fitPreparation,
  type PreparationModel,
  type PreparationPlan,
  prepareTraining,
  type Table,
} from '../preparation/index.ts'
import { correctPrior, type PriorShift, type ResamplingOptions, resampleClasses } from '../sampling/index.ts'
import { kFold } from '../selection/index.ts'

/** What the fit of a pipeline's model is given. */
export interface PipelineRows {
  /** `[n × d]` prepared, selected and resampled. */
  readonly data: Matrix
  /** `[n]` */
  readonly targets: Float64Array
  /** `[n]` the row of the training table that each was, −1 for a new one: for weights and groups. */
  readonly origin: Int32Array
  readonly columnNames: readonly string[]
}

export interface PipelineParts<Model> {
  readonly plan: PreparationPlan
  /** Which prepared columns the model gets. Default: all. */
  readonly select?: (rows: PipelineRows) => ColumnSelection
  /** Balances the classes of the training rows; `predictPipeline` then puts the probabilities right. Default: left as they are. */
  readonly resample?: Omit<ResamplingOptions, 'seed' | 'weights'>
  /** Fits any model of this library. */
  readonly fit: (rows: PipelineRows) => Model | Promise<Model>
  /** For the folds of target encoding and for resampling. */
  readonly seed: number
}

/** All that leads from a customer's columns to a prediction, as one plain value: save it by `saveModel`. */
export interface PipelineModel<Model> {
  readonly kind: 'pipeline'
  readonly preparation: PreparationModel
  readonly selection: ColumnSelection | null
  readonly model: Model
  /** For probabilities of class 1, when classes were balanced. */
  readonly prior: PriorShift | null
}

/**
 * Prepares, selects, balances and fits, each learned from these rows alone: so give it the training rows of a fold, and nothing
 * leaks from the test rows.
 *
 * Columns under target encoding are encoded for the training rows from other folds, as `prepareTraining` does.
 *
 * @param of n ≥ 1 rows
 * @param targets `[n]` finite: labels 0 … K − 1 or amounts
 * @throws RapportError `pipeline.targets`, and those of the parts
 *
 * @example
 * const pipeline = await fitPipeline(customers, lapsed, {
 *   plan: linearPlan(customers),
 *   fit: ({ data, targets }) => fitLogistic(data, targets),
 *   seed: 1,
 * })
 * predictPipeline(pipeline, customersOfToday, predictLogistic)
 */
export async function fitPipeline<Model>(
  of: Table,
  targets: ArrayLike<number>,
  { plan, select, resample, fit, seed }: PipelineParts<Model>,
  work?: Work,
): Promise<PipelineModel<Model>> {
  checkTable('pipeline', of)
  checkList('pipeline.targets', 'targets', targets)
  if (targets.length !== of.rows) {
    throw new RapportError('pipeline.targets', `targets must hold one number a row (${of.rows}), got ${targets.length}`)
  }
  const known = Float64Array.from(targets)
  const wrong = known.findIndex((target) => !Number.isFinite(target))
  if (wrong >= 0) {
    throw new RapportError('pipeline.targets', `every target must be finite, got ${known[wrong]} at row ${wrong}`)
  }
  const preparation = fitPreparation(of, plan, { targets: known })
  const data = encodesTargets(plan) ? crossFitted(preparation, of, known, seed) : applyPreparation(preparation, of)
  const origin = Int32Array.from(known, (_, row) => row)
  const { columnNames } = preparation
  const selection = select?.({ data, targets: known, origin, columnNames }) ?? null
  const chosen = selection ? applySelection(selection, data) : data
  const names = namesOf(preparation, selection)
  if (!resample) {
    const model = await fit({ data: chosen, targets: known, origin, columnNames: names })
    return { kind: 'pipeline', preparation, selection, model, prior: null }
  }
  const balanced = resampleClasses(chosen, known, { ...resample, seed }, work)
  const model = await fit({
    data: balanced.data,
    targets: Float64Array.from(balanced.labels),
    origin: balanced.origin,
    columnNames: names,
  })
  return { kind: 'pipeline', preparation, selection, model, prior: balanced.prior }
}

/**
 * The rows as the pipeline's model takes them.
 *
 * @returns `[n × d]` with `pipelineColumnNames`
 * @throws RapportError as `applyPreparation`
 */
export function pipelineRows({ preparation, selection }: PipelineModel<unknown>, of: Table): Matrix {
  const data = applyPreparation(preparation, of)
  return selection ? applySelection(selection, data) : data
}

/** `[d]` names of the columns that the pipeline's model gets. */
export const pipelineColumnNames = ({ preparation, selection }: PipelineModel<unknown>): string[] =>
  namesOf(preparation, selection)

/**
 * Predicts from a table; where classes were balanced for training, with the probabilities put right.
 *
 * @param predict gives a number a row; probabilities of class 1 where classes were balanced
 * @returns `[n]`
 * @throws RapportError as `applyPreparation`; `prior-shift.classes` where more than two classes were balanced: take
 *   `correctClassPriors` of `pipelineRows`' predictions then
 */
export function predictPipeline<Model>(
  pipeline: PipelineModel<Model>,
  of: Table,
  predict: (model: Model, data: Matrix) => Float64Array,
): Float64Array {
  const predicted = predict(pipeline.model, pipelineRows(pipeline, of))
  return pipeline.prior ? correctPrior(pipeline.prior, predicted) : predicted
}

const encodesTargets = (plan: PreparationPlan): boolean =>
  plan.some((step) => step.kind === 'text' && step.encode === 'target')

/** Target encoding of a single row has no other fold to learn from: it keeps the row's own. */
function crossFitted(preparation: PreparationModel, of: Table, targets: Float64Array, seed: number): Matrix {
  if (of.rows < 2) return applyPreparation(preparation, of)
  const fold = new Int32Array(of.rows)
  kFold(of.rows, { folds: Math.min(5, of.rows), seed }).forEach(({ test }, at) => {
    for (const row of test) fold[row] = at
  })
  return prepareTraining(preparation, of, { targets, fold })
}

const namesOf = ({ columnNames }: PreparationModel, selection: ColumnSelection | null): string[] =>
  selection ? Array.from(selection.kept, (column) => columnNames[column]!) : [...columnNames]
