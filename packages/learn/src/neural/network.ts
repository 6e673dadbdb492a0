import type { Random } from '@rapport/numerics'

/** A chain of fully connected layers, without the numbers in it. */
export interface NetworkShape {
  /** Columns, hidden units of each layer, outputs: at least two. */
  readonly sizes: readonly number[]
  /** Of the hidden layers; the outputs are plain sums. */
  readonly activation: 'relu' | 'tanh'
}

/** One layer's place in the parameters. */
export interface LayerPlace {
  readonly inputs: number
  readonly outputs: number
  /** `[inputs × outputs]` from here, then `[outputs]` biases. */
  readonly weightsAt: number
  readonly biasesAt: number
}

/** Where each layer's numbers lie in one array, so that an optimiser needs to know nothing of layers. */
export function layerPlaces({ sizes }: NetworkShape): LayerPlace[] {
  let at = 0
  return sizes.slice(1).map((outputs, layer) => {
    const inputs = sizes[layer]!
    const weightsAt = at
    const biasesAt = weightsAt + inputs * outputs
    at = biasesAt + outputs
    return { inputs, outputs, weightsAt, biasesAt }
  })
}

/** How many numbers a network has. */
export const parameterCount = (shape: NetworkShape): number =>
  layerPlaces(shape).reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0)

/**
 * Starting weights and biases, uniform within √(6 / (inputs + outputs)).
 *
 * Source: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
 */
export function startingParameters(shape: NetworkShape, random: Random): Float64Array {
  const parameters = new Float64Array(parameterCount(shape))
  for (const { inputs, outputs, weightsAt, biasesAt } of layerPlaces(shape)) {
    const reach = Math.sqrt(6 / (inputs + outputs))
    for (let at = weightsAt; at < biasesAt + outputs; at += 1) parameters[at] = reach * (2 * random.uniform() - 1)
  }
  return parameters
}

/**
 * One layer forward: sums of inputs times weights, and biases.
 *
 * @param input `[count × inputs]`
 * @param output `[count × outputs]`, overwritten
 */
export function layerSums(
  { inputs, outputs, weightsAt, biasesAt }: LayerPlace,
  parameters: Float64Array,
  input: Float64Array,
  output: Float64Array,
  count: number,
): void {
  for (let row = 0; row < count; row += 1) {
    const to = row * outputs
    for (let unit = 0; unit < outputs; unit += 1) output[to + unit] = parameters[biasesAt + unit]!
    for (let from = 0; from < inputs; from += 1) {
      const value = input[row * inputs + from]!
      // Half of what a rectifier lets through is zero.
      if (value === 0) continue
      const weights = weightsAt + from * outputs
      for (let unit = 0; unit < outputs; unit += 1) output[to + unit]! += value * parameters[weights + unit]!
    }
  }
}

/** Bends sums in place. */
export function activate(activation: NetworkShape['activation'], values: Float64Array, length: number): void {
  for (let at = 0; at < length; at += 1) {
    values[at] = activation === 'tanh' ? Math.tanh(values[at]!) : Math.max(0, values[at]!)
  }
}
