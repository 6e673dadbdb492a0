import { type Matrix, seededRandom, stopIfAborted, takeRows, type Work, withKernels } from '@rapport/numerics'
import { findBinEdges } from './bin-edges.ts'
import { type BoostingModel, joinTrees, type TreeNodes } from './boosting-model.ts'
import { type BoostingOptions, type BoostingSettings, checkBoosting, checkBothClasses } from './boosting-options.ts'
import { holdBack, StoppingWatch } from './early-stopping.ts'
import { NodeKernels } from './node-kernels.ts'
import { makeTrainingMemory } from './training-memory.ts'
import { TreeGrower } from './tree-growth.ts'

/** Values (rows × columns) from which threads are worth starting when nobody said how many. */
const threadsFrom = 2 ** 20

interface TrainingRows {
  readonly data: Matrix
  readonly labels: ArrayLike<number>
  readonly weights: ArrayLike<number> | undefined
}

/**
 * Gradient boosted trees for a yes-or-no target, on values put into at most 255 bins.
 *
 * The algorithm is that of scikit-learn's HistGradientBoostingClassifier, split for split: where no column has more
 * than `binsMax` distinct values, predictions agree to 1e-6. Missing values (NaN) learn their own side at each split,
 * and categories are split as sets. With early stopping, rows are drawn by our own generator and the rounds after the
 * best are left out, so there the two differ.
 *
 * @param data `[n × d]`; NaN is missing, infinite values are allowed
 * @param labels `[n]` each 0 or 1
 * @returns a model with one tree a round; without any possible split, each is a single leaf of value 0
 * @throws RapportError `boosting.data`, `boosting.labels`, `boosting.weights`, `boosting.options` for arguments out of
 * range, `boosting.one-class` when there are no rows of one class to learn from, `boosting.categories` when a
 * categorical column has more than `binsMax` categories, `work.aborted`
 *
 * Cost: O(n · d · depth) a round, 1 byte per value and about 40 a row.
 * Source: Ke et al., "LightGBM: a highly efficient gradient boosting decision tree", NIPS 2017; Chen & Guestrin,
 * "XGBoost: a scalable tree boosting system", KDD 2016, equations 5 to 7; Fisher, "On grouping for maximum
 * homogeneity", JASA 53, 1958, for categories.
 *
 * @example
 * const model = await fitBoosting(data, churned, { categorical: [3, 4], seed: 1 })
 * predictBoosting(model, customersOfToday)
 */
export async function fitBoosting(
  data: Matrix,
  labels: ArrayLike<number>,
  options: BoostingOptions,
  work?: Work,
): Promise<BoostingModel> {
  const settings = checkBoosting(data, labels, options)
  stopIfAborted(work)
  const random = seededRandom(settings.seed)
  const all: TrainingRows = { data, labels, weights: options.weights }
  const held = settings.earlyStopping && holdBack(labels, settings.earlyStopping.share, random.fork(1))
  const training = held ? pickRows(all, held.training) : all
  const { isCategorical, binsMax } = settings
  const bins = findBinEdges(training.data, {
    binsMax,
    isCategorical,
    weights: training.weights,
    random: random.fork(0),
  })
  const start = { bins, baseline: baselineOf(training) }
  const watch = held && new StoppingWatch(settings.earlyStopping!, start, data, labels, options.weights, held.judging)
  const trees = await growTrees(training, start, settings, watch, work)
  return {
    kind: 'boosting',
    columns: data.columns,
    ...start,
    rounds: trees.length,
    trees: joinTrees(trees),
  }
}

async function growTrees(
  { data, labels, weights }: TrainingRows,
  { bins, baseline }: Pick<BoostingModel, 'bins' | 'baseline'>,
  settings: BoostingSettings,
  watch: StoppingWatch | undefined,
  work: Work | undefined,
): Promise<TreeNodes[]> {
  const isSmall = data.rows * data.columns < threadsFrom
  const workers = settings.workers ?? (isSmall ? 0 : undefined)
  return withKernels(workers === undefined ? {} : { workers }, work, async (kernels) => {
    const memory = await makeTrainingMemory(kernels, data, bins, labels, weights)
    const grower = new TreeGrower(new NodeKernels(kernels, memory), settings, bins)
    memory.margins.view.fill(baseline)
    const trees: TreeNodes[] = []
    for (let round = 0; round < settings.rounds; round += 1) {
      stopIfAborted(work)
      const tree = await grower.grow()
      trees.push(tree)
      work?.onProgress?.({ stage: 'boosting round', done: round + 1, total: settings.rounds })
      if (watch?.isOver(tree)) break
    }
    return watch ? trees.slice(0, watch.roundsBest) : trees
  })
}

function pickRows({ data, labels, weights }: TrainingRows, rows: Int32Array): TrainingRows {
  const pick = (from: ArrayLike<number>): Float64Array => Float64Array.from(rows, (row) => from[row]!)
  return { data: takeRows(data, rows), labels: pick(labels), weights: weights && pick(weights) }
}

/** Log odds of the weighted share of ones. */
function baselineOf({ labels, weights }: TrainingRows): number {
  let ones = 0
  let total = 0
  for (let row = 0; row < labels.length; row += 1) {
    const weight = weights ? weights[row]! : 1
    ones += weight * labels[row]!
    total += weight
  }
  checkBothClasses(ones < total, ones > 0)
  const share = ones / total
  return Math.log(share / (1 - share))
}
