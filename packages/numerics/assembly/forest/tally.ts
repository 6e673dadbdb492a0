import { Growth, int32At, putInt32, recordBytes } from './growth'

/** Up to this many rows, bins that are there are marked in a set: quicker than walking through all that there could be. */
const markedRowsMax: i32 = 96

/** Sums rows, weights and targets of the node by bin of a column, and lists the bins that are there. */
export function tallyColumn(growth: Growth, column: i32): void {
  const bins = growth.bins + <usize>growth.rows * <usize>column
  growth.length = 0
  if (growth.outputs > 1) {
    addClasses(growth, bins)
  } else if (growth.to - growth.from > markedRowsMax) {
    addNumbers(growth, bins)
  } else {
    addMarkedNumbers(growth, bins)
    return
  }
  const binCount = int32At(growth.missingBins, column) + 1
  for (let bin = 0; bin < binCount; bin += 1) {
    if (int32At(growth.binRows, bin) > 0) take(growth, bin)
  }
}

/** Weight and target of a row as weight and weighted target. */
function weighted(pair: v128, one: v128): v128 {
  return f64x2.mul(pair, v128.shuffle<f64>(one, pair, 0, 2))
}

function addNumbers(growth: Growth, bins: usize): void {
  const members = growth.members
  const pairs = growth.pairs
  const binRows = growth.binRows
  const binRecords = growth.binRecords
  const one = f64x2.splat(1)
  const to = <usize>growth.to
  for (let at = <usize>growth.from; at < to; at += 1) {
    const bin = <usize>load<u8>(bins + load<u32>(members + (at << 2)))
    const rowsAt = binRows + (bin << 2)
    store<i32>(rowsAt, load<i32>(rowsAt) + 1)
    const record = binRecords + (bin << 4)
    v128.store(record, f64x2.add(v128.load(record), weighted(v128.load(pairs + (at << 4)), one)))
  }
}

function addMarkedNumbers(growth: Growth, bins: usize): void {
  const members = growth.members
  const pairs = growth.pairs
  const binRows = growth.binRows
  const binRecords = growth.binRecords
  const one = f64x2.splat(1)
  const to = <usize>growth.to
  let marks0: u64 = 0
  let marks1: u64 = 0
  let marks2: u64 = 0
  let marks3: u64 = 0
  for (let at = <usize>growth.from; at < to; at += 1) {
    const bin = <usize>load<u8>(bins + load<u32>(members + (at << 2)))
    const rowsAt = binRows + (bin << 2)
    store<i32>(rowsAt, load<i32>(rowsAt) + 1)
    const record = binRecords + (bin << 4)
    v128.store(record, f64x2.add(v128.load(record), weighted(v128.load(pairs + (at << 4)), one)))
    const mark = (<u64>1) << (bin & 63)
    const word = bin >> 6
    marks0 |= select<u64>(mark, 0, word === 0)
    marks1 |= select<u64>(mark, 0, word === 1)
    marks2 |= select<u64>(mark, 0, word === 2)
    marks3 |= select<u64>(mark, 0, word === 3)
  }
  takeMarked(growth, marks0, 0)
  takeMarked(growth, marks1, 64)
  takeMarked(growth, marks2, 128)
  takeMarked(growth, marks3, 192)
}

function takeMarked(growth: Growth, marks: u64, first: i32): void {
  for (let left = marks; left !== 0; left &= left - 1) take(growth, first + <i32>ctz(left))
}

function addClasses(growth: Growth, bins: usize): void {
  const bytes = recordBytes(growth.outputs)
  const to = <usize>growth.to
  for (let at = <usize>growth.from; at < to; at += 1) {
    const bin = <usize>load<u8>(bins + load<u32>(growth.members + (at << 2)))
    const rowsAt = growth.binRows + (bin << 2)
    store<i32>(rowsAt, load<i32>(rowsAt) + 1)
    const record = growth.binRecords + bin * bytes
    const pair = growth.pairs + (at << 4)
    const weight = load<f64>(pair)
    const sum = record + 8 + ((<usize>load<f64>(pair, 8)) << 3)
    store<f64>(record, load<f64>(record) + weight)
    store<f64>(sum, load<f64>(sum) + weight)
  }
}

/** Moves a bin's sums to the end of the tally and leaves zeros behind. */
function take(growth: Growth, bin: i32): void {
  const place = <usize>growth.length
  putInt32(growth.tallyBins, growth.length, bin)
  putInt32(growth.tallyRows, growth.length, int32At(growth.binRows, bin))
  putInt32(growth.binRows, bin, 0)
  growth.length += 1
  if (growth.outputs === 1) {
    const record = growth.binRecords + ((<usize>bin) << 4)
    v128.store(growth.tallyRecords + (place << 4), v128.load(record))
    v128.store(record, i64x2.splat(0))
    return
  }
  const bytes = recordBytes(growth.outputs)
  const record = growth.binRecords + <usize>bin * bytes
  memory.copy(growth.tallyRecords + place * bytes, record, bytes)
  memory.fill(record, 0, bytes)
}

/** Number of the bin in a place of the tally. */
export function binAt(growth: Growth, place: i32): i32 {
  return int32At(growth.tallyBins, place)
}

/** Where the weight of a place of the tally lies, followed by its sums. */
export function recordAt(growth: Growth, place: i32): usize {
  return growth.tallyRecords + <usize>place * recordBytes(growth.outputs)
}
