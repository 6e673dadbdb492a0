import { nextTurn, type Random, RapportError, type Work } from '@rapport/numerics'
import { adam } from './adam.ts'
import { type NetworkShape, startingParameters } from './network.ts'
import { type Batch, type NetworkTask, networkLoss } from './network-loss.ts'
import type { PerceptronSettings } from './perceptron-options.ts'

export interface TrainedNetwork {
  /** Of the epoch with the lowest watched loss. */
  readonly parameters: Float64Array
  readonly bestEpoch: number
  readonly trainingLosses: Float64Array
  readonly holdoutLosses: Float64Array | null
  readonly stoppedEarly: boolean
}

/**
 * Adam over shuffled batches until the watched loss, that of the held-out rows where there are some, falls no more.
 *
 * @param training all rows to learn from, each with weight
 * @param heldOut null when the training loss is watched
 * @throws RapportError `perceptron.diverged` when the loss is no longer finite, `work.aborted`
 */
export async function trainNetwork(
  shape: NetworkShape,
  task: NetworkTask,
  training: Batch,
  heldOut: Batch | null,
  settings: PerceptronSettings,
  random: Random,
  work: Work | undefined,
): Promise<TrainedNetwork> {
  const { penalty, dropout, epochsMax, patience, tolerance, learningRate } = settings
  const size = Math.min(settings.batch, training.count)
  const lossOf = networkLoss(shape, task, penalty, size)
  const watch = heldOut === null ? null : networkLoss(shape, task, 0, heldOut.count)
  const parameters = startingParameters(shape, random.fork(0))
  const step = adam(learningRate, parameters.length)
  const gradient = new Float64Array(parameters.length)
  const dropped = random.fork(1)
  const unitFactor = dropout === 0 ? undefined : () => (dropped.uniform() < dropout ? 0 : 1 / (1 - dropout))
  const order = Int32Array.from({ length: training.count }, (_, row) => row)
  const shuffled = random.fork(2)
  const batch = emptyBatch(size, shape.sizes[0]!)
  const trainingLosses: number[] = []
  const holdoutLosses: number[] = []
  let best = { parameters: parameters.slice(), loss: Infinity, epoch: 0 }
  let still = 0
  while (trainingLosses.length < epochsMax && still < patience) {
    await nextTurn(work)
    shuffled.shuffle(order)
    let sum = 0
    for (let first = 0; first < order.length; first += size) {
      const rows = order.subarray(first, first + size)
      const taken = gather(batch, training, rows)
      sum += rows.length * lossOf(parameters, taken, gradient, unitFactor)
      step(parameters, gradient)
    }
    trainingLosses.push(sum / order.length)
    if (heldOut !== null) holdoutLosses.push(watch!(parameters, heldOut))
    const loss = heldOut === null ? trainingLosses.at(-1)! : holdoutLosses.at(-1)!
    if (!Number.isFinite(loss)) {
      throw new RapportError(
        'perceptron.diverged',
        `the loss must stay finite, got ${loss} in epoch ${trainingLosses.length}: scale the columns or lower learningRate`,
      )
    }
    still = loss < best.loss - tolerance ? 0 : still + 1
    if (loss < best.loss) best = { parameters: parameters.slice(), loss, epoch: trainingLosses.length }
    work?.onProgress?.({ stage: 'network epoch', done: trainingLosses.length, total: epochsMax })
  }
  return {
    parameters: best.parameters,
    bestEpoch: best.epoch,
    trainingLosses: Float64Array.from(trainingLosses),
    holdoutLosses: heldOut === null ? null : Float64Array.from(holdoutLosses),
    stoppedEarly: still >= patience,
  }
}

const emptyBatch = (count: number, columns: number): Batch => ({
  count,
  inputs: new Float64Array(count * columns),
  targets: new Float64Array(count),
  weights: new Float64Array(count),
})

/** Some rows in the order given, into memory that is used again. */
function gather(into: Batch, from: Batch, rows: Int32Array): Batch {
  const columns = from.inputs.length / from.count
  rows.forEach((row, at) => {
    into.inputs.set(from.inputs.subarray(row * columns, (row + 1) * columns), at * columns)
    into.targets[at] = from.targets[row]!
    into.weights[at] = from.weights[row]!
  })
  return { ...into, count: rows.length }
}

/** A copy of some rows. */
export function takeBatch(from: Batch, rows: Int32Array): Batch {
  return gather(emptyBatch(rows.length, from.inputs.length / from.count), from, rows)
}
