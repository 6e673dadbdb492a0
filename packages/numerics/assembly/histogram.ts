/** Bins that a column may have; the stride of a column in a histogram. Equal in `wasm/histogram.ts`. */
const binsOfColumn: usize = 256

/**
 * Histograms of gradient pairs over the bins of a block of columns, for the rows of one tree node.
 *
 * Bins are bytes, kept in groups of `width` ≤ 8 columns: group `g` is a row-major table of its own at `rows · g · width`,
 * so one row's bins and the eight histograms they go to stay in the first cache level. A group is the unit of work; its
 * rows are always added in the order given, so the number of workers never shows.
 *
 * `members` are the node's row numbers at `from … to − 1`; 0 means that the rows are their own numbers (the root).
 * `pairs` holds gradient and hessian of a row side by side in single precision; they are summed in double precision
 * into `sums` (two numbers a bin). `counts` 0 leaves counts alone. With `parentSums`, the parent's histogram is made
 * its other child's by subtracting this one.
 *
 * `binCounts` has how many bins of each column are in use; the rest is neither cleared nor read.
 *
 * Twin: `wasm/histogram.ts`, bit-equal.
 */
export function buildHistograms(
  bins: usize,
  rows: i32,
  columns: i32,
  width: i32,
  groupFrom: i32,
  groupTo: i32,
  members: usize,
  from: i32,
  to: i32,
  pairs: usize,
  binCounts: usize,
  sums: usize,
  counts: usize,
  parentSums: usize,
  parentCounts: usize,
): void {
  for (let group = groupFrom; group < groupTo; group += 1) {
    const first = group * width
    const last = min(columns, first + width)
    clear(first, last, binCounts, sums, counts)
    const block = bins + <usize>rows * <usize>first
    const blockSums = sums + <usize>first * binsOfColumn * 16
    const blockCounts = counts ? counts + <usize>first * binsOfColumn * 4 : 0
    addBlock(last - first, block, members, from, to, pairs, blockSums, blockCounts)
    if (parentSums) subtract(first, last, binCounts, sums, counts, parentSums, parentCounts)
  }
}

function clear(first: i32, last: i32, binCounts: usize, sums: usize, counts: usize): void {
  for (let column: usize = first; column < <usize>last; column += 1) {
    const used: usize = load<i32>(binCounts + (column << 2))
    memory.fill(sums + column * binsOfColumn * 16, 0, used << 4)
    if (counts) memory.fill(counts + column * binsOfColumn * 4, 0, used << 2)
  }
}

function subtract(
  first: i32,
  last: i32,
  binCounts: usize,
  sums: usize,
  counts: usize,
  parentSums: usize,
  parentCounts: usize,
): void {
  for (let column: usize = first; column < <usize>last; column += 1) {
    const used: usize = load<i32>(binCounts + (column << 2))
    const start = column * binsOfColumn
    for (let bin = start; bin < start + used; bin += 1) {
      const at = bin << 4
      v128.store(parentSums + at, f64x2.sub(v128.load(parentSums + at), v128.load(sums + at)))
      const countAt = bin << 2
      store<i32>(parentCounts + countAt, load<i32>(parentCounts + countAt) - load<i32>(counts + countAt))
    }
  }
}

function addBlock(
  width: i32,
  block: usize,
  members: usize,
  from: i32,
  to: i32,
  pairs: usize,
  sums: usize,
  counts: usize,
): void {
  switch (width) {
    case 1:
      return addRows<Width1>(block, members, from, to, pairs, sums, counts)
    case 2:
      return addRows<Width2>(block, members, from, to, pairs, sums, counts)
    case 3:
      return addRows<Width3>(block, members, from, to, pairs, sums, counts)
    case 4:
      return addRows<Width4>(block, members, from, to, pairs, sums, counts)
    case 5:
      return addRows<Width5>(block, members, from, to, pairs, sums, counts)
    case 6:
      return addRows<Width6>(block, members, from, to, pairs, sums, counts)
    case 7:
      return addRows<Width7>(block, members, from, to, pairs, sums, counts)
    default:
      return addRows<Width8>(block, members, from, to, pairs, sums, counts)
  }
}

// A number that the compiler knows: a type of so many bytes. Functions over it are compiled once for each width, so
// that the columns are unrolled and their histograms lie at constant offsets.
class Width1 {
  a: u8 = 0
}
class Width2 extends Width1 {
  b: u8 = 0
}
class Width3 extends Width2 {
  c: u8 = 0
}
class Width4 extends Width3 {
  d: u8 = 0
}
class Width5 extends Width4 {
  e: u8 = 0
}
class Width6 extends Width5 {
  f: u8 = 0
}
class Width7 extends Width6 {
  g: u8 = 0
}
class Width8 extends Width7 {
  h: u8 = 0
}

function addRows<Width>(
  block: usize,
  members: usize,
  from: i32,
  to: i32,
  pairs: usize,
  sums: usize,
  counts: usize,
): void {
  const width = offsetof<Width>()
  if (counts) {
    for (let at: usize = from; at < <usize>to; at += 1) {
      const row: usize = members ? load<u32>(members + (at << 2)) : at
      addRow<Width>(block + row * width, pairOf(pairs, row), sums)
      countRow<Width>(block + row * width, counts)
    }
  } else {
    for (let at: usize = from; at < <usize>to; at += 1) {
      const row: usize = members ? load<u32>(members + (at << 2)) : at
      addRow<Width>(block + row * width, pairOf(pairs, row), sums)
    }
  }
}

function pairOf(pairs: usize, row: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(pairs + (row << 3)))
}

function addRow<Width>(rowBins: usize, pair: v128, sums: usize): void {
  add(sums + ((<usize>load<u8>(rowBins)) << 4), pair)
  if (offsetof<Width>() > 1) add(sums + ((<usize>load<u8>(rowBins, 1)) << 4) + 1 * 4096, pair)
  if (offsetof<Width>() > 2) add(sums + ((<usize>load<u8>(rowBins, 2)) << 4) + 2 * 4096, pair)
  if (offsetof<Width>() > 3) add(sums + ((<usize>load<u8>(rowBins, 3)) << 4) + 3 * 4096, pair)
  if (offsetof<Width>() > 4) add(sums + ((<usize>load<u8>(rowBins, 4)) << 4) + 4 * 4096, pair)
  if (offsetof<Width>() > 5) add(sums + ((<usize>load<u8>(rowBins, 5)) << 4) + 5 * 4096, pair)
  if (offsetof<Width>() > 6) add(sums + ((<usize>load<u8>(rowBins, 6)) << 4) + 6 * 4096, pair)
  if (offsetof<Width>() > 7) add(sums + ((<usize>load<u8>(rowBins, 7)) << 4) + 7 * 4096, pair)
}

function countRow<Width>(rowBins: usize, counts: usize): void {
  addOne(counts + ((<usize>load<u8>(rowBins)) << 2))
  if (offsetof<Width>() > 1) addOne(counts + ((<usize>load<u8>(rowBins, 1)) << 2) + 1 * 1024)
  if (offsetof<Width>() > 2) addOne(counts + ((<usize>load<u8>(rowBins, 2)) << 2) + 2 * 1024)
  if (offsetof<Width>() > 3) addOne(counts + ((<usize>load<u8>(rowBins, 3)) << 2) + 3 * 1024)
  if (offsetof<Width>() > 4) addOne(counts + ((<usize>load<u8>(rowBins, 4)) << 2) + 4 * 1024)
  if (offsetof<Width>() > 5) addOne(counts + ((<usize>load<u8>(rowBins, 5)) << 2) + 5 * 1024)
  if (offsetof<Width>() > 6) addOne(counts + ((<usize>load<u8>(rowBins, 6)) << 2) + 6 * 1024)
  if (offsetof<Width>() > 7) addOne(counts + ((<usize>load<u8>(rowBins, 7)) << 2) + 7 * 1024)
}

function add(at: usize, pair: v128): void {
  v128.store(at, f64x2.add(v128.load(at), pair))
}

function addOne(at: usize): void {
  store<i32>(at, load<i32>(at) + 1)
}
