import {
  checkMatrix,
  type Matrix,
  nextTurn,
  type Random,
  RapportError,
  seededRandom,
  takeRows,
  type Work,
} from '@rapport/numerics'
import { checkedNumbers, checkedWeights } from '../../linear/checked-numbers.ts'
import { findBinEdges } from '../../trees/bin-edges.ts'
import { joinTrees, type TreeNodes } from '../../trees/boosting-model.ts'
import { binColumns } from '../../trees/forest/binned-columns.ts'
import { checkForest, type ForestOptions } from '../../trees/forest/forest-options.ts'
import { admittedTrial } from '../learners/learner-options.ts'
import { quietly } from '../quietly.ts'
import { type PreparedTrial, UpliftTree } from './grow-uplift-tree.ts'
import { honestLeaves } from './honest-leaves.ts'
import type { UpliftForestModel } from './uplift-forest-model.ts'
import {
  checkUpliftTree,
  type UpliftForestOptions,
  type UpliftTreeOptions,
  type UpliftTreeSettings,
} from './uplift-tree-options.ts'

/** Customers of an experiment with one treatment or several, within each of which everybody had the same chance. */
export interface ArmedRows {
  /** `[n × d]` known before treating; NaN is missing, infinite values are allowed. */
  readonly data: Matrix
  /** `[n]` 0 for the control, 1 … k for the treatments, up to 254; some of each. */
  readonly arms: ArrayLike<number>
  /** `[n]` 1 where the customer responded, 0 where not. */
  readonly outcomes: ArrayLike<number>
  /** `[n]` each ≥ 0; a weight of 2 counts as the customer twice. Default all 1. */
  readonly weights?: ArrayLike<number> | undefined
}

/**
 * An uplift tree: rules that part customers by what each treatment does to them.
 *
 * A split makes the responses to treatments as far from the control's as it can, on both sides together; shares are drawn
 * towards those of the node above while splits are judged, and leaves hold plain ones.
 *
 * @throws RapportError `uplift.outcomes`, `uplift.options`, `uplift.arms`, as `fitForest`
 *   for data and options they share, and as `checkAssignment` for each treatment beside the control
 *
 * Cost: O(n · d · depthMax).
 * Source: Rzepakowski & Jaroszewicz, "Decision trees for uplift modeling with single and multiple treatments", Knowledge
 * and Information Systems 32, 2012, as causalml's `UpliftTreeClassifier`, split for split.
 *
 * @example
 * const tree = await fitUpliftTree({ data, arms, outcomes }, { divergence: 'euclidean', seed: 1 })
 * predictUpliftForest(tree, customersOfToday) // [n × treatments]
 */
export async function fitUpliftTree(
  rows: ArmedRows,
  options: UpliftTreeOptions,
  work?: Work,
): Promise<UpliftForestModel> {
  const { columns } = rows.data
  const settings = checkUpliftTree(options, { depthMax: 3, pull: 100 }, columns)
  return grow(rows, settings, { ...options, trees: 1, bootstrap: false, columnsPerSplit: columns }, options, work)
}

/**
 * An uplift forest: uplift trees on rows and columns drawn at random, averaged; see `fitUpliftTree`.
 *
 * @throws RapportError as `fitUpliftTree`, `forest.options`
 *
 * Cost: O(trees · n · columnsPerSplit · depthMax).
 * Source: Guelman, Guillén & Pérez-Marín, "Uplift random forests", Cybernetics and Systems 46, 2015; causalml's
 * `UpliftRandomForestClassifier`, whose defaults these are but for the number of trees.
 *
 * @example
 * const forest = await fitUpliftForest({ data, arms, outcomes }, { seed: 1 })
 * predictUpliftForest(forest, customersOfToday)
 */
export async function fitUpliftForest(
  rows: ArmedRows,
  options: UpliftForestOptions,
  work?: Work,
): Promise<UpliftForestModel> {
  const { trees = 100, columnsPerSplit = Math.max(1, Math.floor(Math.sqrt(rows.data.columns))) } = options
  const settings = checkUpliftTree(options, { depthMax: 5, pull: 10 }, columnsPerSplit)
  return grow(rows, settings, { ...options, trees, bootstrap: true, columnsPerSplit }, options, work)
}

async function grow(
  rows: ArmedRows,
  settings: UpliftTreeSettings,
  forest: UpliftForestOptions & Pick<ForestOptions, 'bootstrap'>,
  options: UpliftTreeOptions,
  work: Work | undefined,
): Promise<UpliftForestModel> {
  const { data } = rows
  const { trees, bootstrap, isCategorical, binsMax, seed } = checkForest(data, forestOptions(forest, settings), false)
  const known = checkedRows(rows)
  await admitArms(data, known, options, work)
  const random = seededRandom(seed)
  const bins = findBinEdges(data, { binsMax, isCategorical, weights: known.weights, random: random.fork(0) })
  const trial: PreparedTrial = { ...known, bins, binned: binColumns(data, bins) }
  const grown: TreeNodes[] = []
  for (let tree = 0; tree < trees; tree += 1) {
    await nextTurn(work)
    const own = random.fork(tree + 1)
    const draws = drawRows(trial, bootstrap ? own : undefined)
    const [forSplits, forLeaves] = settings.honest ? halve(draws, own) : [draws, undefined]
    const plain = new UpliftTree(trial, forSplits, settings, own).grow()
    grown.push(forLeaves ? honestLeaves(plain, data, trial, forLeaves) : plain)
    work?.onProgress?.({ stage: 'uplift tree', done: tree + 1, total: trees })
  }
  return {
    kind: 'uplift-forest',
    divergence: settings.divergence,
    outputs: trial.armCount,
    columns: data.columns,
    bins,
    trees: joinTrees(grown),
  }
}

function forestOptions(
  { trees, bootstrap, columnsPerSplit, binsMax, categorical, seed }: UpliftForestOptions & { bootstrap?: boolean },
  { depthMax, rowsPerLeafMin }: UpliftTreeSettings,
): ForestOptions {
  return {
    ...(trees === undefined ? {} : { trees }),
    ...(bootstrap === undefined ? {} : { bootstrap }),
    ...(columnsPerSplit === undefined ? {} : { columnsPerSplit }),
    ...(binsMax === undefined ? {} : { binsMax }),
    ...(categorical ? { categorical } : {}),
    depthMax,
    rowsPerLeafMin,
    seed,
  }
}

type KnownRows = Pick<PreparedTrial, 'arms' | 'armCount' | 'outcomes' | 'weights'>

function checkedRows({ data, arms: given, outcomes, weights: own }: ArmedRows): KnownRows {
  checkMatrix('uplift', data)
  const weights = checkedWeights('uplift', data.rows, own)
  const checked = checkedNumbers('uplift', 'outcomes', data.rows, outcomes)
  const wrong = checked.findIndex((outcome) => outcome !== 0 && outcome !== 1)
  if (wrong >= 0) {
    throw new RapportError('uplift.outcomes', `outcomes must be 0 or 1, got ${checked[wrong]} at row ${wrong}`)
  }
  return { ...checkedArmNumbers(data.rows, given, weights), outcomes: checked, weights }
}

const armsMax = 255

function checkedArmNumbers(
  rows: number,
  given: ArrayLike<number>,
  weights: Float64Array,
): Pick<PreparedTrial, 'arms' | 'armCount'> {
  const checked = checkedNumbers('uplift', 'arms', rows, given, 0)
  const wrong = checked.findIndex((arm) => !Number.isInteger(arm) || arm >= armsMax)
  if (wrong >= 0) {
    throw new RapportError(
      'uplift.arms',
      `arms must be whole numbers from 0 to ${armsMax - 1}, got ${checked[wrong]} at row ${wrong}`,
    )
  }
  const armCount = Math.max(2, checked.reduce((most, arm) => Math.max(most, arm), 0) + 1)
  const present = new Set(checked.filter((_, row) => weights[row]! > 0))
  for (let arm = 0; arm < armCount; arm += 1) {
    if (present.has(arm)) continue
    throw new RapportError('uplift.arms', `every arm from 0 to ${armCount - 1} must have customers, got none of ${arm}`)
  }
  return { arms: Uint8Array.from(checked), armCount }
}

/** Refuses what `checkAssignment` refuses, for each treatment beside the control. */
async function admitArms(
  data: Matrix,
  { arms, armCount, outcomes, weights }: KnownRows,
  options: UpliftTreeOptions,
  work: Work | undefined,
): Promise<void> {
  for (let treatment = 1; treatment < armCount; treatment += 1) {
    const rows = Int32Array.from(arms.keys()).filter((row) => arms[row] === 0 || arms[row] === treatment)
    const pair = {
      data: takeRows(data, rows),
      treated: Uint8Array.from(rows, (row) => (arms[row] === 0 ? 0 : 1)),
      outcomes: Float64Array.from(rows, (row) => outcomes[row]!),
      weights: Float64Array.from(rows, (row) => weights[row]!),
    }
    await admittedTrial(pair, options, quietly(work))
  }
}

/** How often each row is drawn; once where nothing is drawn. Drawn anew until each arm has a row. */
function drawRows({ arms, armCount, weights }: PreparedTrial, random: Random | undefined): Uint16Array {
  const draws = new Uint16Array(arms.length)
  if (!random) return draws.fill(1)
  const seen = new Set<number>()
  while (seen.size < armCount) {
    seen.clear()
    draws.fill(0)
    for (let draw = 0; draw < arms.length; draw += 1) {
      const row = random.integer(arms.length)
      draws[row]! += 1
      if (weights[row]! > 0) seen.add(arms[row]!)
    }
  }
  return draws
}

/** Each row to one of two halves, by lot. */
function halve(draws: Uint16Array, random: Random): [Uint16Array, Uint16Array] {
  const isFirst = draws.map(() => (random.uniform() < 0.5 ? 1 : 0))
  return [draws.map((drawn, row) => drawn * isFirst[row]!), draws.map((drawn, row) => drawn * (1 - isFirst[row]!))]
}
