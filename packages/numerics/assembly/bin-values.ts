/**
 * Puts the values of a tile of rows into bins, for the columns of groups `groupFrom … groupTo − 1`.
 *
 * `tile` is row-major in double precision, `tileRows` × `columns`; its first row is row `rowFrom` of the data.
 * `thresholds` has 255 rising numbers a column (256 apart), filled up with infinity; a value's bin is how many of them
 * lie below it. `missingBins` has the bin of NaN for each column. Bins go to the layout that `buildHistograms` reads.
 *
 * Twin: `wasm/bin-values.ts`.
 */
export function binValues(
  tile: usize,
  tileRows: i32,
  rowFrom: i32,
  rows: i32,
  columns: i32,
  width: i32,
  groupFrom: i32,
  groupTo: i32,
  thresholds: usize,
  missingBins: usize,
  bins: usize,
): void {
  const rowBytes = (<usize>columns) << 3
  for (let group = groupFrom; group < groupTo; group += 1) {
    const first = group * width
    const last = min(columns, first + width)
    const stride: usize = last - first
    for (let column = first; column < last; column += 1) {
      const table = thresholds + ((<usize>column) << 11)
      const missing = load<i32>(missingBins + ((<usize>column) << 2))
      let from = tile + ((<usize>column) << 3)
      let to = bins + <usize>rows * <usize>first + <usize>rowFrom * stride + <usize>(column - first)
      for (let row = 0; row < tileRows; row += 1) {
        const value = load<f64>(from)
        store<u8>(to, value == value ? countBelow(table, value) : missing)
        from += rowBytes
        to += stride
      }
    }
  }
}

// Eight halvings without a branch: which way they go is a coin toss, and a wrong guess costs more than a step.
function countBelow(table: usize, value: f64): i32 {
  let place: usize = select<usize>(128 << 3, 0, load<f64>(table, 127 << 3) < value)
  place += select<usize>(64 << 3, 0, load<f64>(table + place, 63 << 3) < value)
  place += select<usize>(32 << 3, 0, load<f64>(table + place, 31 << 3) < value)
  place += select<usize>(16 << 3, 0, load<f64>(table + place, 15 << 3) < value)
  place += select<usize>(8 << 3, 0, load<f64>(table + place, 7 << 3) < value)
  place += select<usize>(4 << 3, 0, load<f64>(table + place, 3 << 3) < value)
  place += select<usize>(2 << 3, 0, load<f64>(table + place, 1 << 3) < value)
  place += select<usize>(1 << 3, 0, load<f64>(table + place) < value)
  return <i32>(place >> 3)
}
