import { integer, seedRandom } from '../xoshiro'
import { float64At, Growth, int32At, putFloat64, putInt32, recordBytes } from './growth'
import { searchColumn } from './search'
import { tallyColumn } from './tally'

/**
 * Grows one tree of a forest: draws its rows, and splits node after node until leaves are pure or too small.
 *
 * `table` is a `Growth` with room for one; `seed` begins the tree's random numbers.
 *
 * Twin: `wasm/forest/grow-tree.ts`, bit-equal.
 *
 * @returns the number of nodes
 */
export function growForestTree(table: usize, seed: u32): i32 {
  const growth = changetype<Growth>(table)
  seedRandom(seed)
  drawRows(growth)
  const members = gatherMembers(growth)
  for (let column = 0; column < growth.columns; column += 1) putInt32(growth.order, column, column)
  growth.nodes = 0
  growth.sets = 0
  let open = push(growth, 0, addLeaf(growth), 0, members, 0)
  while (open > 0) {
    open -= 1
    const at = growth.stack + ((<usize>open) << 4)
    const node = load<i32>(at)
    const depth = load<i32>(at, 12)
    growth.from = load<i32>(at, 4)
    growth.to = load<i32>(at, 8)
    if (!settle(growth, node, depth)) continue
    const left = addLeaf(growth)
    const right = addLeaf(growth)
    putInt32(growth.nodeLefts, node, left)
    const middle = partition(growth)
    // The left child is grown first.
    open = push(growth, open, right, middle, growth.to, depth + 1)
    open = push(growth, open, left, growth.from, middle, depth + 1)
  }
  return growth.nodes
}

function push(growth: Growth, open: i32, node: i32, from: i32, to: i32, depth: i32): i32 {
  const at = growth.stack + ((<usize>open) << 4)
  store<i32>(at, node)
  store<i32>(at, from, 4)
  store<i32>(at, to, 8)
  store<i32>(at, depth, 12)
  return open + 1
}

/** How often each row is drawn; once where nothing is drawn. Drawn anew until a row has a weight. */
function drawRows(growth: Growth): void {
  const rows = growth.rows
  if (!growth.bootstrap) {
    for (let row = 0; row < rows; row += 1) putInt32(growth.draws, row, 1)
    return
  }
  let isWeighted = false
  while (!isWeighted) {
    memory.fill(growth.draws, 0, (<usize>rows) << 2)
    for (let draw = 0; draw < rows; draw += 1) {
      const row = integer(rows)
      putInt32(growth.draws, row, int32At(growth.draws, row) + 1)
      isWeighted = isWeighted || !growth.weights || float64At(growth.weights, row) > 0
    }
  }
}

function gatherMembers(growth: Growth): i32 {
  let members = 0
  for (let row = 0; row < growth.rows; row += 1) {
    const draws = <f64>int32At(growth.draws, row)
    const weight = growth.weights ? draws * float64At(growth.weights, row) : draws
    if (!(weight > 0)) continue
    putInt32(growth.members, members, row)
    putFloat64(growth.pairs, 2 * members, weight)
    putFloat64(growth.pairs, 2 * members + 1, float64At(growth.targets, row))
    members += 1
  }
  return members
}

function addLeaf(growth: Growth): i32 {
  const node = growth.nodes
  putInt32(growth.nodeColumns, node, -1)
  putFloat64(growth.nodeThresholds, node, NaN)
  putInt32(growth.nodeSets, node, -1)
  store<u8>(growth.nodeMissingLeft + <usize>node, 0)
  putInt32(growth.nodeLefts, node, -1)
  putFloat64(growth.nodeGains, node, 0)
  growth.nodes += 1
  return node
}

/** Gives a node its values, and its split if it has one. @returns whether it is split */
function settle(growth: Growth, node: i32, depth: i32): bool {
  const isPure = sumUp(growth, node)
  const rows = growth.to - growth.from
  if (isPure || depth === growth.depthMax || rows < 2 * growth.rowsPerLeafMin) return false
  if (!search(growth)) return false
  let squares: f64 = 0
  for (let output = 1; output <= growth.outputs; output += 1) {
    const sum = float64At(growth.totals, output)
    squares += sum * sum
  }
  const gain = growth.score - squares / float64At(growth.totals, 0)
  putInt32(growth.nodeColumns, node, growth.column)
  putFloat64(growth.nodeThresholds, node, growth.threshold)
  store<u8>(growth.nodeMissingLeft + <usize>node, growth.missingLeft)
  putFloat64(growth.nodeGains, node, max<f64>(0, gain))
  if (load<u8>(growth.isCategorical + <usize>growth.column)) keepCategories(growth, node)
  return true
}

/** Weight and sums of the node, and what it says. @returns whether all targets are the same */
function sumUp(growth: Growth, node: i32): bool {
  const bytes = recordBytes(growth.outputs)
  const totals = growth.totals
  memory.fill(totals, 0, bytes)
  const to = <usize>growth.to
  const first = load<f64>(growth.pairs + ((<usize>growth.from) << 4), 8)
  let isPure = true
  let weightSum: f64 = 0
  let targetSum: f64 = 0
  let drawn = 0
  for (let at = <usize>growth.from; at < to; at += 1) {
    const pair = growth.pairs + (at << 4)
    const weight = load<f64>(pair)
    const target = load<f64>(pair, 8)
    weightSum += weight
    drawn += load<i32>(growth.draws + (load<u32>(growth.members + (at << 2)) << 2))
    if (target !== first) isPure = false
    if (growth.outputs === 1) {
      targetSum += weight * target
    } else {
      const sum = totals + 8 + ((<usize>target) << 3)
      store<f64>(sum, load<f64>(sum) + weight)
    }
  }
  store<f64>(totals, weightSum)
  if (growth.outputs === 1) store<f64>(totals, targetSum, 8)
  putInt32(growth.nodeRows, node, drawn)
  for (let output = 0; output < growth.outputs; output += 1) {
    putFloat64(growth.nodeValues, node * growth.outputs + output, float64At(totals, 1 + output) / weightSum)
  }
  return isPure
}

/** Looks at columns in a random order until enough of them were not constant. @returns whether any can be split */
function search(growth: Growth): bool {
  const columns = growth.columns
  growth.score = -Infinity
  let looked = 0
  for (let place = 0; place < columns && looked < growth.columnsPerSplit; place += 1) {
    const other = place + integer(columns - place)
    const column = int32At(growth.order, other)
    putInt32(growth.order, other, int32At(growth.order, place))
    putInt32(growth.order, place, column)
    tallyColumn(growth, column)
    if (growth.length < 2) continue
    looked += 1
    searchColumn(growth, column)
  }
  return growth.score > -Infinity
}

function keepCategories(growth: Growth, node: i32): void {
  const set = growth.categorySets + ((<usize>growth.sets) << 5)
  memory.fill(set, 0, 32)
  for (let bin: usize = 0; bin < 256; bin += 1) {
    const byte = set + (bin >> 3)
    store<u8>(byte, load<u8>(byte) | (load<u8>(growth.leftBins + bin) << (<u8>bin & 7)))
  }
  putInt32(growth.nodeSets, node, growth.sets)
  growth.sets += 1
}

/** Moves the rows that go left to the front, all in their order. @returns where the others begin */
function partition(growth: Growth): i32 {
  const bins = growth.bins + <usize>growth.rows * <usize>growth.column
  const members = growth.members
  const pairs = growth.pairs
  const membersAside = growth.membersAside
  const pairsAside = growth.pairsAside
  const leftBins = growth.leftBins
  const to = <usize>growth.to
  let left = <usize>growth.from
  let right: usize = 0
  // Every row is written to both sides and only one place moves on, so there is no branch to guess.
  for (let at = left; at < to; at += 1) {
    const row = load<u32>(members + (at << 2))
    const pair = v128.load(pairs + (at << 4))
    const step = <usize>load<u8>(leftBins + load<u8>(bins + row))
    store<u32>(members + (left << 2), row)
    v128.store(pairs + (left << 4), pair)
    store<u32>(membersAside + (right << 2), row)
    v128.store(pairsAside + (right << 4), pair)
    left += step
    right += 1 - step
  }
  memory.copy(members + (left << 2), membersAside, right << 2)
  memory.copy(pairs + (left << 4), pairsAside, right << 4)
  return <i32>left
}
