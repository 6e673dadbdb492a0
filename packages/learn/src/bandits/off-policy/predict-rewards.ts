import { checkFinite, type Matrix, matrix, RapportError, seededRandom, takeRows, type Work } from '@rapport/numerics'
import { type BaseLearner, type BaseModel, leastSquaresBase } from '../../base-learners/base-learner.ts'
import { fitUnlessConstant, predictLearned } from '../../base-learners/constant.ts'
import { checkLog, type LoggedDecisions } from './logged-decisions.ts'

export interface PredictRewardsOptions<Model = BaseModel> {
  /** What predicts a reward from the context, fitted for each action by itself. Default ridge regression. */
  readonly learner?: BaseLearner<Model>
  /** Parts that the log is cut into, each predicted by what the others taught; 2 … groups. Default 5. */
  readonly folds?: number
  /** The same seed cuts the same parts, and is the learner's. */
  readonly seed: number
}

/** Ridge regression suits few rows, and any reward. */
export const rewardLearner = <Model>({ learner }: { readonly learner?: BaseLearner<Model> }): BaseLearner<Model> =>
  learner ?? (leastSquaresBase({ penalty: 1 }) as unknown as BaseLearner<Model>)

/**
 * The reward to expect of each action in each logged decision, predicted by models that did not see that decision, nor
 * another one of its group.
 *
 * An action that was never taken in the other parts is expected to earn what all of them earned together, given the context.
 *
 * @param contexts `[n × d]` what was known when deciding; finite, unless the learner takes missing values
 * @param actions number of actions there are
 * @returns `[n × actions]`, to be given to `offPolicyValue` as `predicted`
 * @throws RapportError `off-policy.contexts`, `off-policy.folds`, and as `checkLog` and the learner
 *
 * Cost: folds × actions fits.
 * Source: Chernozhukov et al., "Double/debiased machine learning", Econometrics Journal 21, 2018 (cross-fitting).
 */
export async function predictRewards<Model = BaseModel>(
  contexts: Matrix,
  log: LoggedDecisions,
  actions: number,
  options: PredictRewardsOptions<Model>,
  work?: Work,
): Promise<Matrix> {
  const { folds = 5, seed } = options
  const task = rewardTask(contexts, log, actions, rewardLearner(options), seed)
  const parts = partsOfGroups(task.groups, task.groupCount, folds, seed)
  const every = Int32Array.from({ length: contexts.rows }, (_, row) => row)
  return predictFrom(task, every, parts, folds, work)
}

/** A checked log with its contexts, and how rewards are to be predicted. */
export interface RewardTask<Model> {
  readonly contexts: Matrix
  readonly actions: Int32Array
  readonly rewards: Float64Array
  readonly groups: Int32Array
  readonly groupCount: number
  readonly actionCount: number
  readonly learner: BaseLearner<Model>
  readonly seed: number
}

export function rewardTask<Model>(
  contexts: Matrix,
  log: LoggedDecisions,
  actions: number,
  learner: BaseLearner<Model>,
  seed: number,
): RewardTask<Model> {
  if (contexts.rows !== log.actions.length) {
    throw new RapportError(
      'off-policy.contexts',
      `contexts must hold a row for each decision (${log.actions.length}), got ${contexts.rows}`,
    )
  }
  if (learner.needsFinite) checkFinite('off-policy', contexts)
  const anyPolicy = matrix(contexts.rows, actions, new Float64Array(contexts.rows * actions).fill(1 / actions))
  const checked = checkLog(log, anyPolicy)
  return { contexts, ...checked, actionCount: actions, learner, seed }
}

/** `[n]` the part that each row falls into: whole groups, dealt out at random. @throws RapportError `off-policy.folds` */
export function partsOfGroups(groups: Int32Array, groupCount: number, parts: number, seed: number): Int32Array {
  if (!Number.isInteger(parts) || parts < 2 || parts > groupCount) {
    throw new RapportError(
      'off-policy.folds',
      `folds must be a whole number from 2 to ${groupCount} (groups), got ${parts}`,
    )
  }
  const partOf = Int32Array.from({ length: groupCount }, (_, at) => at % parts)
  seededRandom(seed).shuffle(partOf)
  return groups.map((group) => partOf[group]!)
}

/**
 * Predicts all rows of the task, learning from `rows` only, and for each row only from other parts than its own.
 *
 * @param parts `[n]` 0 … folds − 1
 */
export async function predictFrom<Model>(
  task: RewardTask<Model>,
  rows: Int32Array,
  parts: Int32Array,
  folds: number,
  work?: Work,
): Promise<Matrix> {
  const { contexts, actionCount, learner, seed } = task
  const predicted = matrix(contexts.rows, actionCount)
  const byPart = Array.from({ length: folds }, () => [] as number[])
  for (const row of rows) byPart[parts[row]!]!.push(row)
  for (const [part, asked] of byPart.entries()) {
    if (asked.length === 0) continue
    const taught = byPart.flatMap((others, other) => (other === part ? [] : others))
    const byAction = Array.from({ length: actionCount }, () => [] as number[])
    for (const row of taught) byAction[task.actions[row]!]!.push(row)
    const askedContexts = takeRows(contexts, asked)
    for (const [action, own] of byAction.entries()) {
      const from = own.length > 0 ? own : taught
      const targets = Float64Array.from(from, (row) => task.rewards[row]!)
      const given = { data: takeRows(contexts, from), targets, weights: new Float64Array(from.length).fill(1), seed }
      const model = await fitUnlessConstant('off-policy', learner, given, work)
      predictLearned(learner.predict, model, askedContexts).forEach((reward, at) => {
        predicted.values[asked[at]! * actionCount + action] = reward
      })
    }
  }
  return predicted
}
