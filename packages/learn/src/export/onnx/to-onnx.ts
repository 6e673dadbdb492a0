import { RapportError } from '@rapport/numerics'
import type { SqlModel } from '../sql/index.ts'
import {
  binningGraph,
  calibrationGraph,
  imputationGraph,
  powerGraph,
  quantileGraph,
  scalingGraph,
} from './columns-onnx.ts'
import { bayesGraph, kMeansGraph, linearGraph, multinomialGraph } from './linear-onnx.ts'
import { OnnxGraph } from './onnx-graph.ts'
import { boostingClassesGraph, boostingGraph, forestGraph } from './trees-onnx.ts'
import { wordColumns, wordsGraph } from './words-onnx.ts'

/** What can be written as ONNX: all that have SQL but whole preparations. */
export type OnnxModel = Exclude<SqlModel, { readonly kind: 'preparation' }>

export interface OnnxOptions {
  /** Columns of the input, to be held against those that the first model was fitted to. Default those. */
  readonly columns?: number
  /** For an encoder of words: the text that stands for a missing one, which ONNX does not have. Default `''`. */
  readonly missingWord?: string
  /** For categories: a column a code, as a preparation's `one-hot` has it, instead of codes. Default false. */
  readonly oneHot?: boolean
}

/**
 * A fitted model as the bytes of an .onnx file, for any runtime of it: browsers, phones, other languages.
 *
 * The input is `input`, `[n × columns]` of 32-bit floats, NaN where missing, or `[n × 1]` of texts where the first model encodes
 * words; several models go one after the other. The
 * output is `output`, `[n × outputs]` of 32-bit floats in the order that the model has in process (probabilities of classes,
 * scaled columns); of k-means `cluster`, whole numbers `[n × 1]`, and `distance`.
 *
 * Trees are ONNX's tree ensembles, whose thresholds are rounded down to floats: an input that is a float goes where it goes
 * in process. Everything else is computed in doubles.
 *
 * @throws RapportError `onnx.model` for what cannot be written, `onnx.columns`, `onnx.missing` when `missingWord` is a category
 *
 * Cost: bytes in proportion to the model.
 * Source: the ONNX specification, IR version 8, operators of version 17, `ai.onnx.ml` version 3.
 *
 * @example
 * await InferenceSession.create(toOnnx([scaling, model]))
 */
export function toOnnx(model: OnnxModel | readonly OnnxModel[], options: OnnxOptions = {}): Uint8Array {
  const models: readonly OnnxModel[] = Array.isArray(model) ? model : [model as OnnxModel]
  if (models.length === 0 || !models.every(hasKind)) {
    throw new RapportError('onnx.model', `there must be at least one model, each with a kind, got ${gotOf(models)}`)
  }
  const { missingWord = '', oneHot = false, columns = inputsOf(models[0]!) } = options
  if (!Number.isInteger(columns) || columns < 1) {
    throw new RapportError('onnx.columns', `columns must be a whole number ≥ 1, got ${columns}`)
  }
  const graph = new OnnxGraph()
  const words = { missingWord, oneHot }
  const takesWords = isWordModel(models[0]!)
  const input = graph.input('input', takesWords ? 'string' : 'float', columns)
  let value = takesWords ? input : graph.cast(input, 'double')
  let width = columns
  for (const [step, each] of models.entries()) {
    const shape = isWordModel(each) ? { inputs: 1, outputs: wordColumns(each, words) } : shapeOf(each)
    if (shape.inputs !== width) {
      throw new RapportError(
        'onnx.columns',
        `the ${each.kind} must be given the ${shape.inputs} columns of its fit, got ${width}`,
      )
    }
    width = shape.outputs
    if (each.kind === 'k-means') {
      if (step < models.length - 1)
        throw new RapportError('onnx.model', 'k-means must be the last model, got others after it')
      const [cluster, distance] = kMeansGraph(graph, each, value)
      graph.output('cluster', cluster, 'int64', 1)
      graph.output('distance', distance, 'float', 1)
      return graph.encoded()
    }
    if (isWordModel(each)) {
      if (step > 0)
        throw new RapportError('onnx.model', `the ${each.kind} must be the first model, got others before it`)
      value = wordsGraph(graph, each, words, value)
    } else value = graphOf(graph, each, value)
  }
  graph.output('output', value, 'float', width)
  return graph.encoded()
}

const hasKind = (model: OnnxModel | null | undefined): boolean => typeof model?.kind === 'string'

const gotOf = (models: readonly unknown[]): string =>
  models.length === 0 ? 'none' : models.map((one) => (one === null ? 'null' : typeof one)).join(', ')

const inputsOf = (model: OnnxModel): number => (isWordModel(model) ? 1 : shapeOf(model).inputs)

type WordModel = Extract<OnnxModel, { readonly kind: 'categories' | 'target-encoding' }>
type PlainModel = Exclude<OnnxModel, WordModel | { readonly kind: 'k-means' }>

const isWordModel = (model: OnnxModel): model is WordModel =>
  model.kind === 'categories' || model.kind === 'target-encoding'

function graphOf(graph: OnnxGraph, model: PlainModel, input: string): string {
  switch (model.kind) {
    case 'least-squares':
    case 'elastic-net':
    case 'generalised-linear':
    case 'logistic':
    case 'online-linear':
      return linearGraph(graph, model, input)
    case 'multinomial-logistic':
      return multinomialGraph(graph, model, input)
    case 'boosting':
    case 'boosting-ranking':
    case 'boosting-regression':
      return boostingGraph(graph, model, input)
    case 'boosting-classes':
      return boostingClassesGraph(graph, model, input)
    case 'forest':
      return forestGraph(graph, model, input)
    case 'gaussian-bayes':
    case 'multinomial-bayes':
    case 'bernoulli-bayes':
      return bayesGraph(graph, model, input)
    case 'beta-calibration':
    case 'isotonic':
    case 'platt':
      return calibrationGraph(graph, model, input)
    case 'scaling':
      return scalingGraph(graph, model, input)
    case 'imputation':
      return imputationGraph(graph, model, input)
    case 'power':
      return powerGraph(graph, model, input)
    case 'binning':
      return binningGraph(graph, model, input)
    case 'quantiles':
      return quantileGraph(graph, model, input)
  }
}

interface Shape {
  readonly inputs: number
  readonly outputs: number
}

/** How many columns a model takes and gives. */
function shapeOf(model: Exclude<OnnxModel, WordModel>): Shape {
  const as = (inputs: number, outputs = inputs): Shape => ({ inputs, outputs })
  switch (model.kind) {
    case 'least-squares':
    case 'elastic-net':
    case 'generalised-linear':
    case 'logistic':
    case 'online-linear':
      return as(model.coefficients.length, 1)
    case 'multinomial-logistic':
      return as(model.coefficients.columns, model.intercepts.length)
    case 'boosting':
    case 'boosting-ranking':
    case 'boosting-regression':
      return as(model.columns, 1)
    case 'boosting-classes':
      return as(model.columns, model.classes)
    case 'forest':
      return as(model.columns, model.classes ?? 1)
    case 'gaussian-bayes':
      return as(model.means.columns, model.means.rows)
    case 'multinomial-bayes':
      return as(model.logShares.columns, model.logShares.rows)
    case 'bernoulli-bayes':
      return as(model.logPresent.columns, model.logPresent.rows)
    case 'k-means':
      return as(model.centroids.columns, 2)
    case 'beta-calibration':
    case 'isotonic':
    case 'platt':
      return as(1)
    case 'scaling':
      return as(model.centres.length)
    case 'imputation':
      return as(model.replacements.length, model.replacements.length + model.indicated.length)
    case 'power':
      return as(model.powers.length)
    case 'binning':
      return as(
        model.edges.length,
        model.edges.reduce((sum, inner) => sum + (model.output === 'ordinal' ? 1 : inner.length + 1), 0),
      )
    case 'quantiles':
      if (model.output === 'uniform') return as(model.landmarks.length)
      throw new RapportError(
        'onnx.model',
        'quantiles must be written as shares (output uniform) for ONNX, got normal scores',
      )
    default:
      throw new RapportError('onnx.model', `there is no ONNX for a model of kind ${(model as { kind: string }).kind}`)
  }
}
