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
import type { OnnxGraph } from './onnx-graph.ts'

type Trees = { readonly bins: ColumnBins; readonly trees: TreeNodes; readonly columns: number }

/** The expected number, the probability of a 1, or what to sort by. */
export function boostingGraph(
  graph: OnnxGraph,
  model: BoostingModel | BoostingRankingModel | BoostingRegressionModel,
  input: string,
): string {
  const margin = sumOfTrees(graph, model, input, { base: [model.baseline], outputs: 1, share: 1 })
  if (model.kind === 'boosting') return graph.node('Sigmoid', [margin])
  return model.kind === 'boosting-regression' && hasLogLink(model.loss) ? graph.node('Exp', [margin]) : margin
}

/** The probability of each class. */
export function boostingClassesGraph(graph: OnnxGraph, model: BoostingClassesModel, input: string): string {
  const settings = { base: Array.from(model.baselines), outputs: 1, share: 1 }
  return graph.node('Softmax', [sumOfTrees(graph, model, input, settings)], { axis: 1 })
}

/** The expected number, or the probability of each class. */
export function forestGraph(graph: OnnxGraph, model: ForestModel, input: string): string {
  const { outputs } = model
  const share = 1 / (model.trees.starts.length - 1)
  const base = Array.from({ length: outputs }, () => 0)
  const mean = sumOfTrees(graph, model, input, { base, outputs, share })
  if (model.classes === undefined || outputs > 1) return mean
  return graph.joined([graph.node('Sub', [graph.doubles([1]), mean]), mean])
}

interface SumOptions {
  /** What each target is before any tree. Trees take turns with targets, unless their leaves hold all of them. */
  readonly base: readonly number[]
  /** Numbers a leaf holds. */
  readonly outputs: number
  /** What a leaf's number counts. */
  readonly share: number
}

function sumOfTrees(graph: OnnxGraph, model: Trees, input: string, { base, outputs, share }: SumOptions): string {
  const { trees, bins } = model
  const splits = categorySplits(model)
  const features = splits.length === 0 ? input : graph.joined([input, categoryFeatures(graph, model, splits, input)])
  const nodes = { trees: [], ids: [], features: [], values: [], modes: [], yes: [], no: [], missing: [] } as NodeLists
  const leaves = { trees: [] as number[], ids: [] as number[], targets: [] as number[], weights: [] as number[] }
  for (let tree = 0; tree < trees.starts.length - 1; tree += 1) {
    const first = trees.starts[tree]!
    for (let node = first; node < trees.starts[tree + 1]!; node += 1) {
      const column = trees.columns[node]!
      const isLeaf = column < 0
      const isSet = !isLeaf && bins.isCategorical[column] === 1
      nodes.trees.push(tree)
      nodes.ids.push(node - first)
      nodes.modes.push(isLeaf ? 'LEAF' : 'BRANCH_LEQ')
      nodes.features.push(isLeaf ? 0 : isSet ? model.columns + splits.indexOf(node) : column)
      nodes.values.push(isLeaf ? 0 : isSet ? 0.5 : floatAtMost(trees.thresholds[node]!))
      // A feature made of categories is 1 for those that go left.
      nodes.yes.push(isLeaf ? 0 : (isSet ? trees.rights : trees.lefts)[node]! - first)
      nodes.no.push(isLeaf ? 0 : (isSet ? trees.lefts : trees.rights)[node]! - first)
      nodes.missing.push(isLeaf || isSet ? 0 : trees.missingLeft[node]!)
      if (!isLeaf) continue
      for (let output = 0; output < outputs; output += 1) {
        leaves.trees.push(tree)
        leaves.ids.push(node - first)
        leaves.targets.push(outputs > 1 ? output : tree % base.length)
        leaves.weights.push(share * trees.values[node * outputs + output]!)
      }
    }
  }
  const sum = graph.learned('TreeEnsembleRegressor', [graph.cast(features, 'float')], {
    nodes_treeids: { ints: nodes.trees },
    nodes_nodeids: { ints: nodes.ids },
    nodes_featureids: { ints: nodes.features },
    nodes_values: Float32Array.from(nodes.values),
    nodes_modes: nodes.modes,
    nodes_truenodeids: { ints: nodes.yes },
    nodes_falsenodeids: { ints: nodes.no },
    nodes_missing_value_tracks_true: { ints: nodes.missing },
    target_treeids: { ints: leaves.trees },
    target_nodeids: { ints: leaves.ids },
    target_ids: { ints: leaves.targets },
    target_weights: Float32Array.from(leaves.weights),
    base_values: Float32Array.from(base),
    n_targets: base.length,
    post_transform: 'NONE',
    aggregate_function: 'SUM',
  })
  return graph.cast(sum, 'double')
}

interface NodeLists {
  readonly trees: number[]
  readonly ids: number[]
  readonly features: number[]
  readonly values: number[]
  readonly modes: string[]
  readonly yes: number[]
  readonly no: number[]
  readonly missing: number[]
}

/** Nodes that ask for categories, in their order. */
function categorySplits({ trees, bins }: Trees): number[] {
  return Array.from(trees.columns.keys()).filter(
    (node) => trees.columns[node]! >= 0 && bins.isCategorical[trees.columns[node]!] === 1,
  )
}

/** `[n × splits]` 1 where a row goes left at a node that asks for categories: sets of codes are no part of ONNX's trees. */
function categoryFeatures(graph: OnnxGraph, { trees, bins }: Trees, splits: readonly number[], input: string): string {
  const columns = [...new Set(splits.map((node) => trees.columns[node]!))]
  const places = new Map<number, number>()
  const sides = columns.map((column) => {
    const nodes = splits.filter((node) => trees.columns[node] === column)
    for (const node of nodes) places.set(node, places.size)
    const codes = Array.from(bins.edges.subarray(bins.starts[column]!, bins.starts[column + 1]!))
    const equal = graph.node('Equal', [graph.columns(input, [column]), graph.doubles(codes, [1, codes.length])])
    const oneHot = graph.cast(equal, 'double')
    // One less where a row that is of no known category goes left: that is added for every row.
    const table = new Float64Array(codes.length * nodes.length)
    nodes.forEach((node, at) => {
      const left = new Set(categoriesOf(bins, trees, node, true))
      codes.forEach((code, row) => {
        table[row * nodes.length + at] = Number(left.has(code)) - trees.missingLeft[node]!
      })
    })
    const known = graph.node('MatMul', [oneHot, graph.doubles(table, [codes.length, nodes.length])])
    return graph.node('Add', [known, graph.doubles(nodes.map((node) => trees.missingLeft[node]!))])
  })
  return graph.columns(
    graph.joined(sides),
    splits.map((node) => places.get(node)!),
  )
}

/**
 * The largest float that is not above a threshold. A value that is a float itself then goes where it went before: it is
 * at most the threshold exactly when it is at most this.
 */
function floatAtMost(threshold: number): number {
  const near = Math.fround(threshold)
  if (near <= threshold) return near
  const bits = new DataView(new ArrayBuffer(4))
  bits.setFloat32(0, near)
  // Floats in order are their bits in order, backwards below 0.
  if (near > 0) bits.setUint32(0, bits.getUint32(0) - 1)
  else if (near < 0) bits.setUint32(0, bits.getUint32(0) + 1)
  else bits.setUint32(0, 0x80000001)
  return bits.getFloat32(0)
}
