import type {
  BoostingClassesModel,
  BoostingModel,
  BoostingRankingModel,
  BoostingRegressionModel,
  ColumnBins,
  ForestModel,
  TreeNodes,
} from '../../trees/index.ts'
import { hasLogLink } from '../../trees/objectives/regression-loss.ts'
import { categoriesOf } from '../tree-categories.ts'
import { literal, sigmoid, sum } from './expressions.ts'
import { checkInputs, numbered, type SqlLayers, softmax } from './layers.ts'
import { oneScore } from './linear-sql.ts'

/** The expected number, the probability of a 1, or what to sort by. */
export function boostingLayers(
  model: BoostingModel | BoostingRankingModel | BoostingRegressionModel,
  inputs: readonly string[],
): SqlLayers {
  checkInputs(model.kind, model.columns, inputs)
  const margin = sum([literal(model.baseline), ...treesOf(model, inputs)])
  if (model.kind === 'boosting') return oneScore(margin, 'probability', sigmoid)
  const isLog = model.kind === 'boosting-regression' && hasLogLink(model.loss)
  return [[{ name: 'prediction', sql: isLog ? `exp(${margin})` : margin }]]
}

/** The probability of each class. */
export function boostingClassesLayers(model: BoostingClassesModel, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, model.columns, inputs)
  const trees = treesOf(model, inputs)
  return softmax(
    Array.from(model.baselines, (baseline, k) =>
      sum([literal(baseline), ...trees.filter((_, tree) => tree % model.classes === k)]),
    ),
  )
}

/** The expected number, or the probability of each class. */
export function forestLayers(model: ForestModel, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, model.columns, inputs)
  const count = literal(model.trees.starts.length - 1)
  const means = Array.from(
    { length: model.outputs },
    (_, output) => `${sum(treesOf(model, inputs, output, model.outputs))} / ${count}`,
  )
  if (model.classes === undefined) return [[{ name: 'prediction', sql: means[0]! }]]
  if (model.outputs > 1) return [numbered('probability', means)]
  return [numbered('share', means), numbered('probability', ['1e0 - "share_0"', '"share_0"'])]
}

/** What each tree says, as nested conditions. */
function treesOf(
  { bins, trees }: { readonly bins: ColumnBins; readonly trees: TreeNodes },
  inputs: readonly string[],
  output = 0,
  outputs = 1,
): string[] {
  const nodeOf = (node: number): string => {
    if (trees.columns[node]! < 0) return literal(trees.values[node * outputs + output]!)
    const left = nodeOf(trees.lefts[node]!)
    return `case when ${leftOf(bins, trees, node, inputs)} then ${left} else ${nodeOf(trees.rights[node]!)} end`
  }
  return Array.from({ length: trees.starts.length - 1 }, (_, tree) => nodeOf(trees.starts[tree]!))
}

/** Whether a row goes left. A condition that is null goes to `else`, as a missing value that goes right. */
function leftOf(bins: ColumnBins, trees: TreeNodes, node: number, inputs: readonly string[]): string {
  const column = trees.columns[node]!
  const input = inputs[column]!
  const missingLeft = trees.missingLeft[node] === 1
  if (bins.isCategorical[column] === 0) {
    const asked = `${input} <= ${literal(trees.thresholds[node]!)}`
    return missingLeft ? `(${asked} or ${input} is null)` : asked
  }
  // A category never seen goes where missing values go: so the side that missing values do not take is listed.
  const listed = categoriesOf(bins, trees, node, !missingLeft).map(literal)
  if (missingLeft) return listed.length === 0 ? 'true' : `(${input} not in (${listed.join(', ')}) or ${input} is null)`
  return listed.length === 0 ? 'false' : `${input} in (${listed.join(', ')})`
}
