import { type Matrix, seededRandom, stopIfAborted, takeRows, type Work, withKernels } from '@rapport/numerics'
import { findBinEdges } from './bin-edges.ts'
import { type ColumnBins, joinTrees, type TreeNodes } from './boosting-model.ts'
import type { BoostingSettings } from './boosting-options.ts'
import { type HeldBack, holdGroupsBack, StoppingWatch } from './early-stopping.ts'
import { NodeKernels } from './node-kernels.ts'
import type { BoostingObjective, TargetRows } from './objectives/objective.ts'
import { addTrees, marginsBefore } from './predict-boosting.ts'
import { makeTrainingMemory } from './training-memory.ts'
import { TreeGrower } from './tree-growth.ts'

/** Values (rows × columns) from which threads are worth starting when nobody said how many. */
const threadsFrom = 2 ** 20

/** What is learned from, and by which loss. */
export interface BoostingTask extends TargetRows {
  readonly data: Matrix
  readonly objectiveOf: (rows: TargetRows, indices: Int32Array | undefined) => BoostingObjective
  /** Holds a share of the rows back, for early stopping. */
  readonly holdBack: (share: number) => HeldBack
  /** What is gone on from. */
  readonly start?: BoostedTrees | undefined
}

/** What every boosted model has. */
export interface BoostedTrees {
  readonly bins: ColumnBins
  /** `[outputs]` */
  readonly baselines: Float64Array
  readonly rounds: number
  /** Tree `t` belongs to round `⌊t / outputs⌋` and to output `t mod outputs`. */
  readonly trees: TreeNodes
}

/** Boosting of any loss: bins, baselines, and one tree an output and round until the rounds are over. */
export async function boost(task: BoostingTask, settings: BoostingSettings, work?: Work): Promise<BoostedTrees> {
  stopIfAborted(work)
  const { earlyStopping, isCategorical, binsMax } = settings
  const held =
    earlyStopping &&
    (earlyStopping.groups
      ? holdGroupsBack(earlyStopping.groups, earlyStopping.share, seededRandom(settings.seed).fork(1))
      : task.holdBack(earlyStopping.share))
  const training = held ? pickRows(task, held.training) : task
  const objective = task.objectiveOf(training, held?.training)
  const start = task.start ?? {
    bins: findBinEdges(training.data, {
      binsMax,
      isCategorical,
      weights: training.weights,
      random: seededRandom(settings.seed).fork(0),
    }),
    baselines: objective.baselines(),
    rounds: 0,
    trees: joinTrees([]),
  }
  const watch = held && watchHeldBack(task, held, start, earlyStopping.patience)
  const rounds = await growRounds(training, objective, start, settings, watch, work)
  return { ...start, rounds: start.rounds + rounds.length, trees: joinTrees([start.trees, ...rounds.flat()]) }
}

/** `[outputs × n]` margins of rows as `start` leaves them, added up in the order of its rounds. */
function marginsAfter({ bins, baselines, trees }: BoostedTrees, data: Matrix): Float64Array {
  const margins = marginsBefore(baselines, data.rows)
  addTrees(bins, trees, data, margins)
  return margins
}

function watchHeldBack(
  task: BoostingTask,
  { judging }: HeldBack,
  start: BoostedTrees,
  patience: number,
): StoppingWatch {
  const judged = pickRows(task, judging)
  const margins = marginsAfter(start, judged.data)
  return new StoppingWatch(patience, start.bins, judged.data, margins, task.objectiveOf(judged, judging))
}

async function growRounds(
  { data, targets, weights }: TargetRows & { readonly data: Matrix },
  objective: BoostingObjective,
  start: BoostedTrees,
  settings: BoostingSettings,
  watch: StoppingWatch | undefined,
  work: Work | undefined,
): Promise<TreeNodes[][]> {
  const isSmall = data.rows * data.columns < threadsFrom
  const workers = settings.workers ?? (isSmall ? 0 : undefined)
  return withKernels(workers === undefined ? {} : { workers }, work, async (memoryAndThreads) => {
    const memory = await makeTrainingMemory(memoryAndThreads, data, start.bins, targets, weights, objective.outputs)
    const kernels = new NodeKernels(memoryAndThreads, memory)
    const grower = new TreeGrower(kernels, settings, start.bins, objective)
    memory.margins.view.set(marginsAfter(start, data))
    const rounds: TreeNodes[][] = []
    for (let round = 0; round < settings.rounds; round += 1) {
      stopIfAborted(work)
      await objective.updatePairs(kernels)
      const trees: TreeNodes[] = []
      for (let output = 0; output < objective.outputs; output += 1) trees.push(await grower.grow(output))
      rounds.push(trees)
      work?.onProgress?.({ stage: 'boosting round', done: round + 1, total: settings.rounds })
      if (watch?.isOver(joinTrees(trees))) break
    }
    return watch ? rounds.slice(0, watch.roundsBest) : rounds
  })
}

function pickRows({ data, targets, weights }: BoostingTask, rows: Int32Array): TargetRows & { readonly data: Matrix } {
  const pick = (from: ArrayLike<number>): Float64Array => Float64Array.from(rows, (row) => from[row]!)
  return { data: takeRows(data, rows), targets: pick(targets), weights: weights && pick(weights) }
}
