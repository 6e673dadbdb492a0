import type { BinningModel, ImputationModel, PowerModel, QuantileModel, ScalingModel } from '../../preparation/index.ts'
import type { BetaCalibrationModel, Calibration, IsotonicModel } from '../../selection/index.ts'
import type { OnnxGraph } from './onnx-graph.ts'

export function scalingGraph(graph: OnnxGraph, { centres, spreads }: ScalingModel, input: string): string {
  return graph.node('Div', [graph.node('Sub', [input, graph.doubles(centres)]), graph.doubles(spreads)])
}

/** The columns filled in, and after them the indicators. */
export function imputationGraph(graph: OnnxGraph, { replacements, indicated }: ImputationModel, input: string): string {
  const missing = graph.node('IsNaN', [input])
  const filled = graph.node('Where', [missing, graph.doubles(replacements), input])
  if (indicated.length === 0) return filled
  return graph.joined([filled, graph.columns(graph.cast(missing, 'double'), Array.from(indicated))])
}

/** The Yeo-Johnson transform. */
export function powerGraph(graph: OnnxGraph, { powers }: PowerModel, input: string): string {
  const log = graph.node('Log', [graph.node('Add', [graph.node('Abs', [input]), graph.doubles([1])])])
  // (e^(share · log) − 1) / share, and the log itself where the share is 0.
  const side = (shares: Float64Array): string => {
    const divisors = shares.map((share) => (share === 0 ? 1 : share))
    const power = graph.node('Exp', [graph.node('Mul', [log, graph.doubles(shares)])])
    const raised = graph.node('Div', [graph.node('Sub', [power, graph.doubles([1])]), graph.doubles(divisors)])
    const isLog = graph.node('Equal', [graph.doubles(shares), graph.doubles([0])])
    return graph.node('Where', [isLog, log, raised])
  }
  const below = graph.node('Neg', [side(powers.map((power) => 2 - power))])
  return graph.node('Where', [graph.node('Less', [input, graph.doubles([0])]), below, side(powers)])
}

/** The bin of each value, or a column a bin. */
export function binningGraph(graph: OnnxGraph, { edges, output }: BinningModel, input: string): string {
  return graph.joined(
    edges.map((inner, column) => {
      const value = graph.columns(input, [column])
      const isMissing = graph.node('IsNaN', [value])
      // An edge at infinity keeps the list from being empty where there is one bin.
      const bounds = graph.doubles([...inner, Infinity], [1, inner.length + 1])
      const above = graph.cast(graph.node('GreaterOrEqual', [value, bounds]), 'double')
      const bin = graph.node('ReduceSum', [above, graph.ints([1])], { keepdims: 1 })
      const known = graph.node('Where', [isMissing, value, bin])
      if (output === 'ordinal') return known
      const bins = graph.doubles(
        Array.from({ length: inner.length + 1 }, (_, at) => at),
        [1, inner.length + 1],
      )
      return graph.cast(graph.node('Equal', [known, bins]), 'double')
    }),
  )
}

/** The shares at which values lie among the landmarks. */
export function quantileGraph(graph: OnnxGraph, { landmarks }: QuantileModel, input: string): string {
  return graph.joined(landmarks.map((own, column) => sharesOf(graph, own, graph.columns(input, [column]))))
}

/** Lines between different landmarks, and a step at each that repeats: half of it at the landmark itself. */
function sharesOf(graph: OnnxGraph, landmarks: Float64Array, value: string): string {
  const missing = graph.doubles([Number.NaN])
  if (landmarks.length === 0) return graph.node('Add', [value, missing])
  const last = landmarks.length - 1
  const values = Float64Array.from(new Set(landmarks))
  const counts = Array.from(values, (own) => landmarks.filter((landmark) => landmark === own).length)
  const steps = counts.map((count) => (count - 1) / last)
  const lines = lineSum(
    graph,
    values,
    Array.from({ length: values.length - 1 }, () => 1 / last),
    value,
  )
  const places = graph.doubles(values, [1, values.length])
  const passed = (operator: string, sizes: readonly number[]): string =>
    graph.node('MatMul', [
      graph.cast(graph.node(operator, [value, places]), 'double'),
      graph.doubles(sizes, [sizes.length, 1]),
    ])
  const half = steps.map((step, at) => (at === 0 ? 0 : at === steps.length - 1 ? step : step / 2))
  const rest = steps.map((step, at) => step - half[at]!)
  const sum = graph.node('Add', [graph.node('Add', [lines, passed('GreaterOrEqual', half)]), passed('Greater', rest)])
  return graph.node('Where', [graph.node('IsNaN', [value]), missing, sum])
}

/** Σ rise × the share of the way from one place to the next that the value has gone. */
function lineSum(graph: OnnxGraph, places: Float64Array, rises: readonly number[], value: string): string {
  if (rises.length === 0) return graph.node('Mul', [value, graph.doubles([0])])
  const shape = [1, rises.length]
  const starts = places.subarray(0, -1)
  const widths = starts.map((start, at) => places[at + 1]! - start)
  const gone = graph.node('Div', [
    graph.node('Sub', [value, graph.doubles(starts, shape)]),
    graph.doubles(widths, shape),
  ])
  const within = graph.node('Min', [graph.node('Max', [gone, graph.doubles([0])]), graph.doubles([1])])
  return graph.node('MatMul', [within, graph.doubles(rises, [rises.length, 1])])
}

/** The calibrated score `[n × 1]`. */
export function calibrationGraph(graph: OnnxGraph, model: Calibration, input: string): string {
  if (model.kind === 'isotonic') return isotonicGraph(graph, model, input)
  if (model.kind === 'beta-calibration') return betaGraph(graph, model, input)
  const scaled = graph.node('Mul', [input, graph.doubles([model.slope])])
  return graph.node('Sigmoid', [graph.node('Add', [scaled, graph.doubles([model.intercept])])])
}

function betaGraph(graph: OnnxGraph, { a, b, intercept }: BetaCalibrationModel, input: string): string {
  const above = graph.node('Max', [input, graph.doubles([Number.EPSILON])])
  const inside = graph.node('Min', [above, graph.doubles([1 - Number.EPSILON])])
  const rest = graph.node('Log', [graph.node('Sub', [graph.doubles([1]), inside])])
  const logs = graph.joined([graph.node('Log', [inside]), rest])
  const odds = graph.node('MatMul', [logs, graph.doubles([a, -b], [2, 1])])
  return graph.node('Sigmoid', [graph.node('Add', [odds, graph.doubles([intercept])])])
}

function isotonicGraph(graph: OnnxGraph, { scores, values }: IsotonicModel, input: string): string {
  const rises = Array.from({ length: scores.length - 1 }, (_, at) => values[at + 1]! - values[at]!)
  return graph.node('Add', [lineSum(graph, scores, rises, input), graph.doubles([values[0]!])])
}
