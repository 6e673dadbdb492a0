import { integer, uniform } from '../xoshiro'
import { binsOfColumn, float64At, Growth, int32At, putInt32, recordBytes } from './growth'
import { binAt, recordAt } from './tally'

/** No cut is given: the best is looked for. */
const anyCut: i32 = -1

/** Looks for a split of the column just tallied that scores above the node's best, and notes it. */
export function searchColumn(growth: Growth, column: i32): void {
  const length = growth.length
  if (load<u8>(growth.isCategorical + <usize>column)) {
    placeInOrder(growth, 0)
    if (growth.isRandom) shufflePlaces(growth)
    else sortPlacesByMean(growth)
    walk(growth, column, 0, growth.isRandom ? integer(length - 1) : anyCut)
    return
  }
  placeInOrder(growth, 0)
  const hasMissing = binAt(growth, length - 1) === missingBinOf(growth, column)
  if (!hasMissing) {
    walk(growth, column, 0, growth.isRandom ? drawCut(growth, column, length) : anyCut)
    return
  }
  const values = length - 1
  if (!growth.isRandom) {
    walk(growth, column, 0, anyCut)
    placeInOrder(growth, 1)
    // The missing rows alone on one side were tried already.
    walk(growth, column, 1, anyCut)
  } else if (values === 1) {
    // With a single value there is but one cut, between it and the missing ones.
    walk(growth, column, 0, 0)
  } else {
    const cut = drawCut(growth, column, values)
    if (uniform() < 0.5) {
      walk(growth, column, 0, cut)
    } else {
      placeInOrder(growth, 1)
      walk(growth, column, 0, cut + 1)
    }
  }
}

function missingBinOf(growth: Growth, column: i32): i32 {
  return int32At(growth.missingBins, column)
}

/** Places as they rise, the last `turned` of them in front. */
function placeInOrder(growth: Growth, turned: i32): void {
  const length = growth.length
  for (let step = 0; step < length; step += 1) {
    putPlace(growth, step, step < turned ? length - turned + step : step - turned)
  }
}

function placeAt(growth: Growth, step: i32): i32 {
  return int32At(growth.places, step)
}

function putPlace(growth: Growth, step: i32, place: i32): void {
  putInt32(growth.places, step, place)
}

function shufflePlaces(growth: Growth): void {
  for (let last = growth.length - 1; last > 0; last -= 1) {
    const other = integer(last + 1)
    const held = placeAt(growth, last)
    putPlace(growth, last, placeAt(growth, other))
    putPlace(growth, other, held)
  }
}

/** By mean; with several classes by the share of the node's largest one. Equal means keep their order. */
function sortPlacesByMean(growth: Growth): void {
  let output = 1
  for (let other = 2; other <= growth.outputs; other += 1) {
    if (float64At(growth.totals, other) > float64At(growth.totals, output)) output = other
  }
  for (let step = 1; step < growth.length; step += 1) {
    const place = placeAt(growth, step)
    const mean = meanOf(growth, place, output)
    let at = step
    while (at > 0 && meanOf(growth, placeAt(growth, at - 1), output) > mean) {
      putPlace(growth, at, placeAt(growth, at - 1))
      at -= 1
    }
    putPlace(growth, at, place)
  }
}

function meanOf(growth: Growth, place: i32, output: i32): f64 {
  const record = recordAt(growth, place)
  return float64At(record, output) / load<f64>(record)
}

/** Halfway between what two bins hold, as well as their ends tell. */
function middleOf(growth: Growth, column: i32, bin: i32, next: i32): f64 {
  const first = int32At(growth.edgeStarts, column)
  return (float64At(growth.edges, first + bin) + float64At(growth.edges, first + next - 1)) / 2
}

function cutAfter(growth: Growth, column: i32, place: i32): f64 {
  return middleOf(growth, column, binAt(growth, place), binAt(growth, place + 1))
}

/** After which of the first `length` bins to cut: nearest to a value drawn between the lowest and highest cut. */
function drawCut(growth: Growth, column: i32, length: i32): i32 {
  const last = length - 2
  const lowest = cutAfter(growth, column, 0)
  const drawn = lowest + uniform() * (cutAfter(growth, column, last) - lowest)
  // Between infinite values there is no uniform number.
  if (!isFinite(drawn)) return integer(last + 1)
  let nearest = 0
  while (nearest < last && cutAfter(growth, column, nearest + 1) - drawn < drawn - cutAfter(growth, column, nearest)) {
    nearest += 1
  }
  return nearest
}

/** Tries the first `stepsMin` + 1, … of the places as the left side, or only the first `cut` + 1. */
function walk(growth: Growth, column: i32, stepsMin: i32, cut: i32): void {
  if (growth.outputs === 1) walkNumbers(growth, column, stepsMin, cut)
  else walkClasses(growth, column, stepsMin, cut)
}

function walkNumbers(growth: Growth, column: i32, stepsMin: i32, cut: i32): void {
  const rowsMin = growth.rowsPerLeafMin
  const rowsMax = growth.to - growth.from - rowsMin
  const steps = cut === anyCut ? growth.length - 1 : cut + 1
  const first = cut === anyCut ? stepsMin : cut
  const total = v128.load(growth.totals)
  const records = growth.tallyRecords
  let rows = 0
  let left = f64x2.splat(0)
  let best = growth.score
  let bestStep = -1
  let bestRows = 0
  for (let step = 0; step < steps; step += 1) {
    const place = <usize>placeAt(growth, step)
    rows += load<i32>(growth.tallyRows + (place << 2))
    left = f64x2.add(left, v128.load(records + (place << 4)))
    if (rows < rowsMin || step < first) continue
    if (rows > rowsMax) break
    const right = f64x2.sub(total, left)
    const weights = v128.shuffle<f64>(left, right, 0, 2)
    const sums = v128.shuffle<f64>(left, right, 1, 3)
    const scores = f64x2.div(f64x2.mul(sums, sums), weights)
    const score = f64x2.extract_lane(scores, 0) + f64x2.extract_lane(scores, 1)
    if (score > best) {
      best = score
      bestStep = step
      bestRows = rows
    }
  }
  if (bestStep >= 0) note(growth, column, bestStep + 1, bestRows, best)
}

function walkClasses(growth: Growth, column: i32, stepsMin: i32, cut: i32): void {
  const rowsMin = growth.rowsPerLeafMin
  const rowsMax = growth.to - growth.from - rowsMin
  const steps = cut === anyCut ? growth.length - 1 : cut + 1
  const first = cut === anyCut ? stepsMin : cut
  const bytes = recordBytes(growth.outputs)
  const left = growth.left
  memory.fill(left, 0, bytes)
  let rows = 0
  let best = growth.score
  let bestStep = -1
  let bestRows = 0
  for (let step = 0; step < steps; step += 1) {
    const place = placeAt(growth, step)
    rows += load<i32>(growth.tallyRows + ((<usize>place) << 2))
    const record = recordAt(growth, place)
    for (let at: usize = 0; at < bytes; at += 8) store<f64>(left + at, load<f64>(left + at) + load<f64>(record + at))
    if (rows < rowsMin || step < first) continue
    if (rows > rowsMax) break
    let squaresLeft: f64 = 0
    let squaresRight: f64 = 0
    for (let at: usize = 8; at < bytes; at += 8) {
      const sum = load<f64>(left + at)
      const rest = load<f64>(growth.totals + at) - sum
      squaresLeft += sum * sum
      squaresRight += rest * rest
    }
    const weight = load<f64>(left)
    const score = squaresLeft / weight + squaresRight / (load<f64>(growth.totals) - weight)
    if (score > best) {
      best = score
      bestStep = step
      bestRows = rows
    }
  }
  if (bestStep >= 0) note(growth, column, bestStep + 1, bestRows, best)
}

/** Keeps a split: the first `taken` places go left, `rows` rows. */
function note(growth: Growth, column: i32, taken: i32, rows: i32, score: f64): void {
  const missingBin = missingBinOf(growth, column)
  growth.score = score
  growth.column = column
  memory.fill(growth.leftBins, 0, binsOfColumn)
  let last = 0
  for (let step = 0; step < taken; step += 1) {
    const bin = binAt(growth, placeAt(growth, step))
    store<u8>(growth.leftBins + <usize>bin, 1)
    if (bin !== missingBin) last = bin
  }
  const hasMissing = binAt(growth, growth.length - 1) === missingBin
  // Where the node had no missing value, new ones follow the larger child.
  growth.missingLeft = hasMissing
    ? load<u8>(growth.leftBins + <usize>missingBin)
    : i32(rows > growth.to - growth.from - rows)
  const next = binAt(growth, placeAt(growth, taken))
  if (load<u8>(growth.isCategorical + <usize>column)) growth.threshold = NaN
  else growth.threshold = next === missingBin ? Infinity : middleOf(growth, column, last, next)
}
