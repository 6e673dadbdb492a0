/**
 * Divides the rows of a tree node by their bin in one column, keeping their order.
 *
 * `columnBins + row · stride` is a row's bin; `goesLeft` has a 1 for each of the 256 bins whose rows go left, else 0.
 * Rows that go left are moved to the front of `members` from `from` on; the others are written to `right`, from `from`
 * on, in their order. Every row is written to both and only one place moves on, so there is no branch to guess.
 *
 * Twin: `wasm/partition-rows.ts`.
 *
 * @returns how many rows go left
 */
export function partitionRows(
  columnBins: usize,
  stride: i32,
  members: usize,
  from: i32,
  to: i32,
  goesLeft: usize,
  right: usize,
): i32 {
  const start = members + ((<usize>from) << 2)
  const end = members + ((<usize>to) << 2)
  let leftAt = start
  let rightAt = right + ((<usize>from) << 2)
  for (let at = start; at < end; at += 4) {
    const row = load<u32>(at)
    const step: usize = (<usize>load<u8>(goesLeft + load<u8>(columnBins + <usize>row * <usize>stride))) << 2
    store<u32>(leftAt, row)
    store<u32>(rightAt, row)
    leftAt += step
    rightAt += 4 - step
  }
  return <i32>((leftAt - start) >> 2)
}

/** Adds `amount` to the values (double precision) of the rows at `members`, `from … to − 1`. */
export function addToRows(values: usize, members: usize, from: i32, to: i32, amount: f64): void {
  const end = members + ((<usize>to) << 2)
  for (let at = members + ((<usize>from) << 2); at < end; at += 4) {
    const value = values + ((<usize>load<u32>(at)) << 3)
    store<f64>(value, load<f64>(value) + amount)
  }
}
