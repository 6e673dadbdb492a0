import { softmaxInPlace } from '../linear/multinomial-objective.ts'
import { activate, layerPlaces, layerSums, type NetworkShape } from './network.ts'

/** What the outputs mean: one amount, or a score a class. */
export type NetworkTask = 'amounts' | 'classes'

/** Rows of a step. */
export interface Batch {
  readonly count: number
  /** `[count × columns]` */
  readonly inputs: Float64Array
  /** `[count]` amounts or class numbers. */
  readonly targets: Float64Array
  /** `[count]` each ≥ 0, not all 0. */
  readonly weights: Float64Array
}

/** Which hidden units a step leaves out: called for each, layer by layer, it gives what its value is multiplied by. */
export type UnitFactor = () => number

/**
 * Loss and gradient of a network: half the mean squared error or the mean log loss, by weight, and
 * penalty / 2 · Σ weight² over the weight of the rows; biases are free.
 *
 * @param batchMax the largest number of rows that will be asked for
 * @returns a function that writes the gradient (where one is given) and returns the loss; it keeps its memory between calls
 *
 * Cost: 6 multiplications a weight and row with the gradient, 2 without.
 * Source: Goodfellow, Bengio & Courville, "Deep learning", 2016, algorithms 6.3 and 6.4.
 */
export function networkLoss(
  shape: NetworkShape,
  task: NetworkTask,
  penalty: number,
  batchMax: number,
): (parameters: Float64Array, batch: Batch, gradient?: Float64Array, unitFactor?: UnitFactor) => number {
  const places = layerPlaces(shape)
  const values = places.map(({ outputs }) => new Float64Array(batchMax * outputs))
  const slopes = places.map(({ outputs }) => new Float64Array(batchMax * outputs))
  const factors = places.map(({ outputs }) => new Float64Array(batchMax * outputs))
  const last = places.length - 1

  const forward = (parameters: Float64Array, batch: Batch, unitFactor: UnitFactor | undefined): void => {
    places.forEach((place, layer) => {
      const output = values[layer]!
      layerSums(place, parameters, layer === 0 ? batch.inputs : values[layer - 1]!, output, batch.count)
      if (layer === last) return
      const length = batch.count * place.outputs
      activate(shape.activation, output, length)
      if (unitFactor === undefined) return
      const factor = factors[layer]!
      for (let at = 0; at < length; at += 1) {
        factor[at] = unitFactor()
        output[at]! *= factor[at]!
      }
    })
  }

  /** Slopes by the values of a hidden layer become slopes by its sums. */
  const throughActivation = (layer: number, length: number, dropped: boolean): void => {
    const slope = slopes[layer]!
    const value = values[layer]!
    const factor = factors[layer]!
    for (let at = 0; at < length; at += 1) {
      const scale = dropped ? factor[at]! : 1
      if (scale === 0) slope[at] = 0
      else if (shape.activation === 'tanh') slope[at]! *= scale * (1 - (value[at]! / scale) ** 2)
      else slope[at] = value[at]! > 0 ? slope[at]! * scale : 0
    }
  }

  return (parameters, batch, gradient, unitFactor) => {
    forward(parameters, batch, unitFactor)
    const total = batch.weights.subarray(0, batch.count).reduce((sum, weight) => sum + weight, 0)
    let loss = outputLoss(task, values[last]!, slopes[last]!, places[last]!.outputs, batch, total)
    gradient?.fill(0)
    for (let layer = last; layer >= 0; layer -= 1) {
      const { inputs, outputs, weightsAt, biasesAt } = places[layer]!
      for (let at = weightsAt; at < biasesAt; at += 1) {
        loss += (0.5 * penalty * parameters[at]! ** 2) / total
        if (gradient !== undefined) gradient[at] = (penalty * parameters[at]!) / total
      }
      if (gradient === undefined) continue
      const slope = slopes[layer]!
      const input = layer === 0 ? batch.inputs : values[layer - 1]!
      for (let row = 0; row < batch.count; row += 1) {
        const own = row * outputs
        for (let unit = 0; unit < outputs; unit += 1) gradient[biasesAt + unit]! += slope[own + unit]!
        for (let from = 0; from < inputs; from += 1) {
          const value = input[row * inputs + from]!
          const weights = weightsAt + from * outputs
          let back = 0
          for (let unit = 0; unit < outputs; unit += 1) {
            gradient[weights + unit]! += value * slope[own + unit]!
            back += parameters[weights + unit]! * slope[own + unit]!
          }
          if (layer > 0) slopes[layer - 1]![row * inputs + from] = back
        }
      }
      if (layer > 0) throughActivation(layer - 1, batch.count * inputs, unitFactor !== undefined)
    }
    return loss
  }
}

/** Mean loss of the outputs, which become probabilities for classes, and its slopes by them. */
function outputLoss(
  task: NetworkTask,
  outputs: Float64Array,
  slopes: Float64Array,
  width: number,
  { count, targets, weights }: Batch,
  total: number,
): number {
  let loss = 0
  for (let row = 0; row < count; row += 1) {
    const share = weights[row]! / total
    const target = targets[row]!
    if (task === 'amounts') {
      const error = outputs[row]! - target
      loss += 0.5 * share * error * error
      slopes[row] = share * error
      continue
    }
    const own = outputs.subarray(row * width, (row + 1) * width)
    loss += share * softmaxInPlace(own, target)
    for (let k = 0; k < width; k += 1) slopes[row * width + k] = share * (own[k]! - (k === target ? 1 : 0))
  }
  return loss
}
