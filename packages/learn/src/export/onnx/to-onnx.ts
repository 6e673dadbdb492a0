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

/** What can be written as ONNX: all that take numbers and have SQL. */
export type OnnxModel = Exclude<SqlModel, { readonly kind: 'categories' | 'target-encoding' | 'preparation' }>

export interface OnnxOptions {
  /** Columns of the input. */
  readonly columns: number
}

/**
 * A fitted model as the bytes of an .onnx file, for any runtime of it: browsers, phones, other languages.
 *
 * The input is `input`, `[n × columns]` of 32-bit floats, NaN where missing; several models go one after the other. The
 * output is `output`, `[n × outputs]` of 32-bit floats in the order that the model has in process (probabilities of classes,
 * scaled columns); of k-means `cluster`, whole numbers `[n × 1]`, and `distance`.
 *
 * Trees are ONNX's tree ensembles, whose thresholds are rounded down to floats: an input that is a float goes where it goes
 * in process. Everything else is computed in doubles.
 *
 * @throws RapportError `onnx.model` for what cannot be written, `onnx.columns`
 *
 * Cost: bytes in proportion to the model.
 * Source: the ONNX specification, IR version 8, operators of version 17, `ai.onnx.ml` version 3.
 *
 * @example
 * await InferenceSession.create(toOnnx([scaling, model], { columns: 12 }))
 */
export function toOnnx(model: OnnxModel | readonly OnnxModel[], { columns }: OnnxOptions): Uint8Array {
  if (!Number.isInteger(columns) || columns < 1) {
    throw new RapportError('onnx.columns', `columns must be a whole number ≥ 1, got ${columns}`)
  }
  const models = Array.isArray(model) ? (model as readonly OnnxModel[]) : [model as OnnxModel]
  if (models.length === 0) throw new RapportError('onnx.model', 'there must be at least one model, got none')
  const graph = new OnnxGraph()
  let value = graph.cast(graph.input('input', 'float', columns), 'double')
  let width = columns
  for (const [step, each] of models.entries()) {
    const shape = shapeOf(each)
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
    value = graphOf(graph, each, value)
  }
  graph.output('output', value, 'float', width)
  return graph.encoded()
}

type PlainModel = Exclude<OnnxModel, { readonly kind: 'k-means' }>

function graphOf(graph: OnnxGraph, model: PlainModel, input: string): string {
  switch (model.kind) {
    case 'least-squares':
    case 'elastic-net':
    case 'generalised-linear':
    case 'logistic':
      return linearGraph(graph, model, input)
    case 'multinomial-logistic':
      return multinomialGraph(graph, model, input)
    case 'boosting':
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
function shapeOf(model: OnnxModel): Shape {
  const as = (inputs: number, outputs = inputs): Shape => ({ inputs, outputs })
  switch (model.kind) {
    case 'least-squares':
    case 'elastic-net':
    case 'generalised-linear':
    case 'logistic':
      return as(model.coefficients.length, 1)
    case 'multinomial-logistic':
      return as(model.coefficients.columns, model.intercepts.length)
    case 'boosting':
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
