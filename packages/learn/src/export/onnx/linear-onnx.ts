import { type Matrix, rowOf } from '@rapport/numerics'
import type { BayesModel } from '../../bayes/index.ts'
import type { KMeansModel } from '../../clustering/index.ts'
import type {
  ElasticNetModel,
  GeneralisedLinearModel,
  LeastSquaresModel,
  LogisticModel,
  MultinomialModel,
  OnlineModel,
} from '../../linear/index.ts'
import type { OnnxGraph } from './onnx-graph.ts'

/** input × table + offsets: `[n × outputs]` from a table `[outputs × d]`. */
function sums(graph: OnnxGraph, input: string, { rows, columns, values }: Matrix, offsets: ArrayLike<number>): string {
  const turned = new Float64Array(values.length)
  values.forEach((value, at) => {
    turned[(at % columns) * rows + Math.floor(at / columns)] = value
  })
  return graph.node('Add', [
    graph.node('MatMul', [input, graph.doubles(turned, [columns, rows])]),
    graph.doubles(offsets),
  ])
}

/** The expected number, of a generalised model at exposure 1; or the probability of class 1. */
export function linearGraph(
  graph: OnnxGraph,
  model: LeastSquaresModel | ElasticNetModel | GeneralisedLinearModel | LogisticModel | OnlineModel,
  input: string,
): string {
  const { coefficients, intercept } = model
  const kind = model.kind === 'online-linear' && model.loss === 'logistic' ? 'logistic' : model.kind
  const score = sums(graph, input, { rows: 1, columns: coefficients.length, values: coefficients }, [intercept])
  if (kind === 'logistic') return graph.node('Sigmoid', [score])
  return kind === 'generalised-linear' ? graph.node('Exp', [score]) : score
}

/** The probability of each class. */
export const multinomialGraph = (graph: OnnxGraph, model: MultinomialModel, input: string): string =>
  graph.node('Softmax', [sums(graph, input, model.coefficients, model.intercepts)], { axis: 1 })

/** The probability of each class. */
export const bayesGraph = (graph: OnnxGraph, model: BayesModel, input: string): string =>
  graph.node('Softmax', [bayesScores(graph, model, input)], { axis: 1 })

function bayesScores(graph: OnnxGraph, model: BayesModel, input: string): string {
  if (model.kind === 'multinomial-bayes') return sums(graph, input, model.logShares, model.logPriors)
  if (model.kind === 'bernoulli-bayes') {
    const present = graph.cast(graph.node('Greater', [input, graph.doubles([0])]), 'double')
    const { logPresent, logAbsent, logPriors } = model
    const table = { ...logPresent, values: logPresent.values.map((value, at) => value - logAbsent.values[at]!) }
    return sums(
      graph,
      present,
      table,
      logPriors.map((prior, k) => Array.from(rowOf(logAbsent, k)).reduce((sum, value) => sum + value, prior)),
    )
  }
  const { means, variances, logPriors } = model
  const shape = [1, means.rows, means.columns]
  const apart = graph.node('Sub', [
    graph.node('Unsqueeze', [input, graph.ints([1])]),
    graph.doubles(means.values, shape),
  ])
  const squares = graph.node('Div', [graph.node('Mul', [apart, apart]), graph.doubles(variances.values, shape)])
  const logs = graph.doubles(Float64Array.from(variances.values, Math.log), shape)
  const halves = graph.node('Mul', [graph.node('Add', [squares, logs]), graph.doubles([-0.5])])
  // A value that is missing says nothing for or against a class.
  const said = graph.node('Where', [graph.node('IsNaN', [halves]), graph.doubles([0]), halves])
  const total = graph.node('ReduceSum', [said, graph.ints([2])], { keepdims: 0 })
  return graph.node('Add', [total, graph.doubles(logPriors)])
}

/** The nearest centroid `[n × 1]`, the first of equals, and the distance to it. */
export function kMeansGraph(graph: OnnxGraph, { centroids }: KMeansModel, input: string): [string, string] {
  const shape = [1, centroids.rows, centroids.columns]
  const rows = graph.node('Unsqueeze', [input, graph.ints([1])])
  const apart = graph.node('Sub', [rows, graph.doubles(centroids.values, shape)])
  const squares = graph.node('ReduceSum', [graph.node('Mul', [apart, apart]), graph.ints([2])], { keepdims: 0 })
  const distances = graph.node('Sqrt', [squares])
  return [
    graph.node('ArgMin', [distances], { axis: 1, keepdims: 1 }),
    graph.node('ReduceMin', [distances], { axes: { ints: [1] }, keepdims: 1 }),
  ]
}
