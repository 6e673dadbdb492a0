import { type Matrix, RapportError, type Work } from '@rapport/numerics'
import type { BaseLearner, BaseRows } from './base-learner.ts'

/** What is said where there was one value to learn from. Plain data. */
export interface ConstantModel {
  readonly kind: 'constant'
  readonly value: number
}

/**
 * Fits a learner where targets differ; else the one value that all have is what is expected.
 *
 * @param method begins the code of the error
 * @throws RapportError `<method>.rows` without a row, and as the learner
 */
export async function fitUnlessConstant<Model>(
  method: string,
  learner: BaseLearner<Model>,
  rows: BaseRows,
  work?: Work,
): Promise<Model | ConstantModel> {
  const [first] = rows.targets
  if (first === undefined) throw new RapportError(`${method}.rows`, 'there must be a row to learn from, got none')
  if (rows.targets.every((target) => target === first)) return { kind: 'constant', value: first }
  return learner.fit(rows, work)
}

/** `[n]` what the model of `fitUnlessConstant` expects of each row. */
export const predictLearned = <Model>(
  predict: BaseLearner<Model>['predict'],
  model: Model | ConstantModel,
  data: Matrix,
): Float64Array => (isConstant(model) ? new Float64Array(data.rows).fill(model.value) : predict(model, data))

// A learner of the caller's may have models of any kind, but this one.
const isConstant = (model: unknown): model is ConstantModel =>
  typeof model === 'object' && model !== null && 'kind' in model && model.kind === 'constant'
