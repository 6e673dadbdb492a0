import { offerToList, scoreAt, sortList } from './top-list'

/** Columns that share a mark: marks are cleared and scanned instead of all columns. */
const groupShift: usize = 6

/**
 * The `k` best columns of rows of a product of two sparse matrices, never the product itself.
 *
 * List n, `from … to − 1`, is for row `rows[n]` of `left`; `left` and `right` are sparse (starts, columns: i32; values:
 * f64), `right` with `columns` columns. A score is the entry of the product, summed in the order of the row's entries,
 * or, where `lengths` (`[columns]`, f64) is not 0, that divided by both lengths' product plus `shrinkage`, at most 1.
 * Scores of 0 and below are left out, columns with a byte other than 0 in `isOut` (0: none are), and the columns that
 * row `rows[n]` has in `ownStarts`, `ownColumns` (0: column `rows[n]` alone).
 *
 * `items` (i32) and `scores` (f64) take k places a list, `sizes` (i32) one: best first, or by rising column where
 * `isByItem` is not 0. `sums` holds `columns` numbers (f64), `marks` a byte for each 64 columns begun, all zero before and
 * after, and no other block uses them.
 *
 * Twin: `wasm/top-of-product.ts`, bit-equal.
 */
export function topOfProduct(
  rows: usize,
  leftStarts: usize,
  leftColumns: usize,
  leftValues: usize,
  rightStarts: usize,
  rightColumns: usize,
  rightValues: usize,
  columns: i32,
  lengths: usize,
  shrinkage: f64,
  isOut: usize,
  ownStarts: usize,
  ownColumns: usize,
  k: i32,
  items: usize,
  scores: usize,
  sizes: usize,
  isByItem: i32,
  sums: usize,
  marks: usize,
  from: i32,
  to: i32,
): void {
  const groups = (<usize>columns + 63) >> groupShift
  for (let list: usize = from; list < <usize>to; list += 1) {
    const row = <usize>load<u32>(rows + (list << 2))
    addRow(row, leftStarts, leftColumns, leftValues, rightStarts, rightColumns, rightValues, sums, marks)
    if (ownStarts === 0) {
      store<f64>(sums + (row << 3), 0)
    } else {
      const last = <usize>load<u32>(ownStarts + (row << 2), 4)
      for (let at = <usize>load<u32>(ownStarts + (row << 2)); at < last; at += 1) {
        store<f64>(sums + ((<usize>load<u32>(ownColumns + (at << 2))) << 3), 0)
      }
    }
    const length = lengths === 0 ? <f64>0 : load<f64>(lengths + (row << 3))
    const ownItems = items + ((list * <usize>k) << 2)
    const ownScores = scores + ((list * <usize>k) << 3)
    let size = 0
    let worst: f64 = 0
    for (let group: usize = 0; group < groups; group += 1) {
      if (load<u8>(marks + group) === 0) continue
      store<u8>(marks + group, 0)
      const first = group << groupShift
      const end = min<usize>(first + 64, columns)
      for (let column = first; column < end; column += 1) {
        let score = load<f64>(sums + (column << 3))
        if (score === 0) continue
        store<f64>(sums + (column << 3), 0)
        if (lengths !== 0) {
          const divisor = length * load<f64>(lengths + (column << 3)) + shrinkage
          // Far enough below the worst for rounding not to matter: no division is needed.
          if (score < 0.999999 * worst * divisor) continue
          score = min<f64>(1, score / divisor)
        }
        if (!(score > 0) || score < worst) continue
        if (isOut !== 0 && load<u8>(isOut + column) !== 0) continue
        size = offerToList(ownItems, ownScores, size, k, <i32>column, score)
        if (size === k) worst = scoreAt(ownScores, 0)
      }
    }
    sortList(ownItems, ownScores, size, isByItem !== 0)
    store<i32>(sizes + (list << 2), size)
  }
}

function addRow(
  row: usize,
  leftStarts: usize,
  leftColumns: usize,
  leftValues: usize,
  rightStarts: usize,
  rightColumns: usize,
  rightValues: usize,
  sums: usize,
  marks: usize,
): void {
  const end = <usize>load<u32>(leftStarts + (row << 2), 4)
  for (let entry = <usize>load<u32>(leftStarts + (row << 2)); entry < end; entry += 1) {
    const weight = load<f64>(leftValues + (entry << 3))
    const met = (<usize>load<u32>(leftColumns + (entry << 2))) << 2
    const last = <usize>load<u32>(rightStarts + met, 4)
    for (let at = <usize>load<u32>(rightStarts + met); at < last; at += 1) {
      const column = <usize>load<u32>(rightColumns + (at << 2))
      const sum = sums + (column << 3)
      store<f64>(sum, load<f64>(sum) + weight * load<f64>(rightValues + (at << 3)))
      store<u8>(marks + (column >> groupShift), 1)
    }
  }
}
