import { type Matrix, nextTurn, type Random, seededRandom, type Work } from '@rapport/numerics'
import { findBinEdges } from '../bin-edges.ts'
import { type ColumnBins, joinTrees, type TreeNodes } from '../boosting-model.ts'
import { encodeRows, leafOf } from '../tree-walk.ts'
import { binColumns } from './binned-columns.ts'
import type { ForestModel } from './forest-model.ts'
import type { ForestSettings } from './forest-options.ts'
import { ForestTree, type PreparedForest } from './tree-growth.ts'

/** What a forest is grown on. */
export interface ForestTask extends Omit<PreparedForest, 'bins' | 'binned'> {
  readonly data: Matrix
}

/** Trees after each other, each from random numbers of its own, and what those that did not see a row say of it. */
export async function growForest(
  task: ForestTask,
  settings: ForestSettings,
  work?: Work,
): Promise<Pick<ForestModel, 'bins' | 'trees' | 'outOfBag'>> {
  const { data, weights, outputs } = task
  const { isCategorical, binsMax, bootstrap } = settings
  const random = seededRandom(settings.seed)
  const bins = findBinEdges(data, { binsMax, isCategorical, weights, random: random.fork(0) })
  const prepared = { ...task, bins, binned: binColumns(data, bins) }
  const bag = bootstrap ? new OutOfBag(data, bins, outputs) : undefined
  const trees: TreeNodes[] = []
  for (let tree = 0; tree < settings.trees; tree += 1) {
    await nextTurn(work)
    const own = random.fork(tree + 1)
    const draws = drawRows(data.rows, weights, bootstrap ? own : undefined)
    const grown = new ForestTree(prepared, draws, settings, own).grow()
    bag?.add(grown, draws)
    trees.push(grown)
    work?.onProgress?.({ stage: 'forest tree', done: tree + 1, total: settings.trees })
  }
  return { bins, trees: joinTrees(trees), outOfBag: bag?.means() }
}

/** How often each row is drawn; once where nothing is drawn. Drawn anew until a row has a weight. */
function drawRows(rows: number, weights: ArrayLike<number> | undefined, random: Random | undefined): Uint16Array {
  const draws = new Uint16Array(rows)
  if (!random) return draws.fill(1)
  let isWeighted = false
  while (!isWeighted) {
    draws.fill(0)
    for (let draw = 0; draw < rows; draw += 1) {
      const row = random.integer(rows)
      draws[row]! += 1
      isWeighted ||= !weights || weights[row]! > 0
    }
  }
  return draws
}

/** Gathers what trees say of the rows that they did not see. */
class OutOfBag {
  readonly #encoded: Float64Array
  readonly #columns: number
  readonly #outputs: number
  readonly #sums: Float64Array
  readonly #trees: Uint32Array

  constructor({ rows, columns, values }: Matrix, bins: ColumnBins, outputs: number) {
    this.#columns = columns
    this.#outputs = outputs
    this.#encoded = new Float64Array(rows * columns)
    encodeRows(values, 0, rows, bins, this.#encoded)
    this.#sums = new Float64Array(rows * outputs)
    this.#trees = new Uint32Array(rows)
  }

  add(tree: TreeNodes, draws: Uint16Array): void {
    const outputs = this.#outputs
    for (let row = 0; row < draws.length; row += 1) {
      if (draws[row] !== 0) continue
      const leaf = leafOf(tree, 0, this.#encoded, row * this.#columns)
      this.#trees[row]! += 1
      for (let output = 0; output < outputs; output += 1) {
        this.#sums[row * outputs + output]! += tree.values[leaf * outputs + output]!
      }
    }
  }

  means(): Float64Array {
    return this.#sums.map((sum, at) => sum / this.#trees[Math.floor(at / this.#outputs)]!)
  }
}
