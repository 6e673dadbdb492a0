import { checkFinite, type Matrix, matrix, RapportError, seededRandom, type Work } from '@rapport/numerics'
import { checkedClasses } from '../linear/checked-classes.ts'
import { checkedNumbers, checkedWeights } from '../linear/checked-numbers.ts'
import { softmaxInPlace } from '../linear/multinomial-objective.ts'
import { activate, layerPlaces, layerSums, type NetworkShape } from './network.ts'
import type { Batch, NetworkTask } from './network-loss.ts'
import { type PerceptronOptions, type PerceptronSettings, perceptronSettings } from './perceptron-options.ts'
import { takeBatch, trainNetwork } from './train-network.ts'

/** What `fitPerceptronClasses` and `fitPerceptronAmounts` found. Plain data. */
export interface PerceptronModel extends NetworkShape {
  readonly kind: 'perceptron'
  readonly task: NetworkTask
  /** Layer after layer `[inputs × outputs]` weights, then `[outputs]` biases. */
  readonly parameters: Float64Array
  /** Amounts were learned less this, in units of `spread`; 0 and 1 for classes. */
  readonly centre: number
  readonly spread: number
  /** The epoch whose parameters were kept, from 1. */
  readonly bestEpoch: number
  /** `[epochs]` mean loss of the steps, penalty and dropout included; of amounts in squared units of `spread`, halved. */
  readonly trainingLosses: Float64Array
  /** `[epochs]` loss of the rows kept out; null when there were none. */
  readonly holdoutLosses: Float64Array | null
  /** False when `epochsMax` came first: the loss was still falling. */
  readonly stoppedEarly: boolean
}

/**
 * A network of fully connected layers that predicts classes.
 *
 * Scale columns first: far-off values make the first steps useless.
 *
 * @param data `[n × d]`, finite
 * @param labels `[n]` whole numbers 0 … K − 1, every one of them present with weight; K ≥ 2
 * @throws RapportError `perceptron.data`, `.missing`, `.labels`, `.classes`, `.weights`, `.rows` (too few for the holdout),
 *   those of the options, `.diverged`, `random.seed`, `work.aborted`
 *
 * Cost: 6 multiplications a weight, row and epoch.
 * Source: Goodfellow, Bengio & Courville, "Deep learning", 2016, chapters 6 to 8; Srivastava et al., "Dropout", JMLR 15, 2014.
 *
 * @example
 * predictPerceptronClasses(await fitPerceptronClasses(data, labels, { hidden: [16], seed: 1 }), data).columns // 2
 */
export async function fitPerceptronClasses(
  data: Matrix,
  labels: ArrayLike<number>,
  options: PerceptronOptions,
  work?: Work,
): Promise<PerceptronModel> {
  checkFinite('perceptron', data)
  const settings = perceptronSettings(options)
  const weights = checkedWeights('perceptron', data.rows, options.weights)
  const targets = Float64Array.from(checkedClasses('perceptron', data.rows, labels, weights))
  const classes = targets.reduce((most, label) => Math.max(most, label + 1), 0)
  const rows = { data, targets, weights }
  return fitted('classes', rows, classes, { centre: 0, spread: 1 }, settings, options.seed, work)
}

/**
 * A network of fully connected layers that predicts an amount.
 *
 * @param targets `[n]` finite; learned at mean 0 and deviation 1
 * @throws RapportError as `fitPerceptronClasses`; `perceptron.targets`
 */
export async function fitPerceptronAmounts(
  data: Matrix,
  targets: ArrayLike<number>,
  options: PerceptronOptions,
  work?: Work,
): Promise<PerceptronModel> {
  checkFinite('perceptron', data)
  const settings = perceptronSettings(options)
  const weights = checkedWeights('perceptron', data.rows, options.weights)
  const checked = checkedNumbers('perceptron', 'targets', data.rows, targets)
  const scale = scaleOf(checked, weights)
  const scaled = checked.map((target) => (target - scale.centre) / scale.spread)
  return fitted('amounts', { data, targets: scaled, weights }, 1, scale, settings, options.seed, work)
}

/**
 * The probability of each class for each row, `[n × classes]`; a row adds up to 1.
 *
 * @param data `[n × d]` with the columns of training, finite
 * @throws RapportError `perceptron.task` when the model predicts amounts, `perceptron.columns`, `perceptron.missing`
 */
export function predictPerceptronClasses(model: PerceptronModel, data: Matrix): Matrix {
  const outputs = outputsOf(model, data, 'classes')
  const classes = model.sizes.at(-1)!
  for (let row = 0; row < data.rows; row += 1) softmaxInPlace(outputs.subarray(row * classes, (row + 1) * classes), 0)
  return matrix(data.rows, classes, outputs)
}

/**
 * The expected amount of each row, `[n]`.
 *
 * @param data `[n × d]` with the columns of training, finite
 * @throws RapportError `perceptron.task` when the model predicts classes, `perceptron.columns`, `perceptron.missing`
 */
export const predictPerceptronAmounts = (model: PerceptronModel, data: Matrix): Float64Array =>
  outputsOf(model, data, 'amounts').map((value) => model.centre + model.spread * value)

async function fitted(
  task: NetworkTask,
  { data, targets, weights }: { data: Matrix; targets: Float64Array; weights: Float64Array },
  outputs: number,
  scale: { centre: number; spread: number },
  settings: PerceptronSettings,
  seed: number,
  work: Work | undefined,
): Promise<PerceptronModel> {
  const random = seededRandom(seed)
  const all: Batch = { count: data.rows, inputs: Float64Array.from(data.values), targets, weights }
  const order = Int32Array.from({ length: data.rows }, (_, row) => row).filter((row) => weights[row]! > 0)
  random.fork(3).shuffle(order)
  const kept = Math.floor(settings.holdoutShare * order.length)
  if (settings.holdoutShare > 0 && kept === 0) {
    throw new RapportError(
      'perceptron.rows',
      `holdoutShare must keep out at least one of the rows with weight (${order.length}), got ${settings.holdoutShare}`,
    )
  }
  const shape: NetworkShape = {
    sizes: [data.columns, ...settings.hidden, outputs],
    activation: settings.activation,
  }
  const training = takeBatch(all, order.slice(kept))
  const heldOut = kept > 0 ? takeBatch(all, order.slice(0, kept)) : null
  const trained = await trainNetwork(shape, task, training, heldOut, settings, random, work)
  return { kind: 'perceptron', task, ...shape, ...scale, ...trained }
}

const rowsPerTile = 256

/** `[n × outputs]` the last layer's sums. */
function outputsOf(model: PerceptronModel, data: Matrix, task: NetworkTask): Float64Array {
  const { sizes, parameters, activation } = model
  if (model.task !== task) {
    throw new RapportError('perceptron.task', `the model must be fitted to ${task}, got one of ${model.task}`)
  }
  if (data.columns !== sizes[0]) {
    throw new RapportError(
      'perceptron.columns',
      `data must have the ${sizes[0]} columns of training, got ${data.columns}`,
    )
  }
  if (data.rows > 0) checkFinite('perceptron', data)
  const places = layerPlaces(model)
  const values = places.map(({ outputs }) => new Float64Array(rowsPerTile * outputs))
  const width = sizes.at(-1)!
  const found = new Float64Array(data.rows * width)
  for (let first = 0; first < data.rows; first += rowsPerTile) {
    const count = Math.min(rowsPerTile, data.rows - first)
    let input = Float64Array.from(data.values.subarray(first * data.columns, (first + count) * data.columns))
    places.forEach((place, layer) => {
      const output = values[layer]!
      layerSums(place, parameters, input, output, count)
      if (layer < places.length - 1) activate(activation, output, count * place.outputs)
      input = output
    })
    found.set(input.subarray(0, count * width), first * width)
  }
  return found
}

function scaleOf(targets: Float64Array, weights: Float64Array): { centre: number; spread: number } {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const centre = targets.reduce((sum, target, row) => sum + (weights[row]! / total) * target, 0)
  const variance = targets.reduce((sum, target, row) => sum + (weights[row]! / total) * (target - centre) ** 2, 0)
  const spread = Math.sqrt(variance)
  if (!Number.isFinite(spread)) {
    throw new RapportError('perceptron.range', 'targets must lie within 1e150 of 0, so that their squares are numbers')
  }
  return { centre, spread: spread > 1e-14 * Math.abs(centre) ? spread : 1 }
}
