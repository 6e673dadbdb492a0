import { RapportError, type Work } from '@rapport/numerics'
import { type BaseLearner, type BaseModel, boostingBase, boostingRegressionBase } from '../../base-learners/index.ts'
import { type AssignmentOptions, assignmentOf } from '../assignment/check-assignment.ts'
import { type CheckedTrial, checkedTrial, type TrialRows } from '../trial-rows.ts'

export interface LearnerOptions<Model = BaseModel> {
  /** Predicts outcomes. Default: gradient boosting of 50 small trees at most. Where effects are small a linear one is often better. */
  readonly outcome?: BaseLearner<Model>
  /** The same seed, rows and options give the same model. */
  readonly seed: number
  /**
   * What customers must be like for effects to be learned from them; see `checkAssignment`. `passed`: they were checked
   * before and are not again, as when several learners are compared on the same customers.
   */
  readonly assignment?: AssignmentOptions | 'passed'
}

/** Options of learners that predict effects in a second step. */
export interface EffectOptions<Model = BaseModel, Effect = BaseModel> extends LearnerOptions<Model> {
  /** Predicts effects, which are numbers. Default: gradient boosting of 50 small trees at most. */
  readonly effect?: BaseLearner<Effect>
}

/** Small trees, and no more of them than help on rows held back: effects are small beside the noise of outcomes. */
const gentle = {
  rounds: 50,
  leavesMax: 8,
  rowsPerLeafMin: 100,
  earlyStopping: { share: 0.2, patience: 10 },
} as const

// Without a base learner of the caller's, Model is what its default says: the models of those that are ready.
export function outcomeLearner<Model>(
  { outcome }: LearnerOptions<Model>,
  { isBinary }: CheckedTrial,
): BaseLearner<Model> {
  return (
    outcome ?? ((isBinary ? boostingBase(gentle) : boostingRegressionBase(gentle)) as unknown as BaseLearner<Model>)
  )
}

export const effectLearner = <Effect>({ effect }: { readonly effect?: BaseLearner<Effect> }): BaseLearner<Effect> =>
  effect ?? (boostingRegressionBase(gentle) as unknown as BaseLearner<Effect>)

/**
 * Reads an experiment and refuses one from which no effect can be learned.
 *
 * @throws RapportError `uplift.<reason>` with the first fault's reason and every fault's words; as `checkedTrial`
 */
export async function admittedTrial(
  rows: TrialRows,
  { assignment = {} }: Pick<LearnerOptions<unknown>, 'assignment'>,
  work: Work | undefined,
): Promise<CheckedTrial> {
  const trial = checkedTrial(rows)
  if (assignment === 'passed') return trial
  const found = await assignmentOf(trial, assignment, work)
  if (found.trainable) return trial
  throw new RapportError(`uplift.${found.because[0]!.reason}`, found.because.map(({ words }) => words).join('; '))
}
