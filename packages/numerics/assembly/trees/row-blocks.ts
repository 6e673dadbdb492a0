/** Rows of a block. */
const blockRows: usize = 64

/**
 * Turns the values of a block of rows into codes of a byte: how many of the column's thresholds lie below a value, or
 * which of its categories it is; 255 where it is missing or no category. They are stored less 128, since there are
 * comparisons of signed bytes only, and once more with 1 added, where missing values have come to lie below all others.
 *
 * `tile` is row-major, up to `blockRows` × `columns`. `asked` has three numbers for each column that trees ask: the
 * column, the bytes of the first halving step, and 1 for categories. `tables` has 256 rising numbers each, filled up with
 * NaN. `codes` gets 128 bytes each: those of 64 rows, and the same with 1 added.
 *
 * Twin: `wasm/trees/row-blocks.ts`.
 */
export function codeRows(
  tile: usize,
  rows: i32,
  columns: i32,
  asked: usize,
  askedColumns: i32,
  tables: usize,
  codes: usize,
): void {
  const rowBytes = (<usize>columns) << 3
  for (let place = 0; place < askedColumns; place += 1) {
    const isCategorical = load<i32>(asked, 8) == 1
    const firstStep = load<usize>(asked, 4)
    let from = tile + (load<usize>(asked) << 3)
    // Four values side by side: while one waits for its threshold, the others have theirs.
    for (let row: usize = 0; row < <usize>rows; row += 4) {
      const value0 = load<f64>(from)
      const value1 = load<f64>(from + rowBytes)
      const value2 = load<f64>(from + 2 * rowBytes)
      const value3 = load<f64>(from + 3 * rowBytes)
      let at0 = tables
      let at1 = tables
      let at2 = tables
      let at3 = tables
      for (let step = firstStep; step > 4; step >>= 1) {
        at0 += select<usize>(step, 0, load<f64>(at0 + step - 8) < value0)
        at1 += select<usize>(step, 0, load<f64>(at1 + step - 8) < value1)
        at2 += select<usize>(step, 0, load<f64>(at2 + step - 8) < value2)
        at3 += select<usize>(step, 0, load<f64>(at3 + step - 8) < value3)
      }
      store<u8>(codes + row, codeOf(tables, at0, value0, isCategorical))
      store<u8>(codes + row, codeOf(tables, at1, value1, isCategorical), 1)
      store<u8>(codes + row, codeOf(tables, at2, value2, isCategorical), 2)
      store<u8>(codes + row, codeOf(tables, at3, value3, isCategorical), 3)
      from += rowBytes << 2
    }
    const one = i8x16.splat(1)
    for (let row: usize = 0; row < blockRows; row += 16) {
      v128.store(codes + row, i8x16.add(v128.load(codes + row), one), 64)
    }
    asked += 12
    tables += 2048
    codes += 128
  }
}

function codeOf(table: usize, at: usize, value: f64, isCategorical: bool): i32 {
  const isKnown = isCategorical ? load<f64>(at) == value : value == value
  return (isKnown ? <i32>((at - table) >> 3) : 255) - 128
}

/**
 * The number of the leaf that each row of a coded block reaches in each tree.
 *
 * `nodes` has 16 bytes a node that is no leaf, children before their parents, tree after tree: the byte offset in `codes`
 * of what is asked; a byte that codes must be above to go right, and a byte that is 1 where categories are asked (their
 * set follows then, 32 bytes, bit `c` for code `c` set where it goes left); the byte offsets in `slots` of both children.
 * `ends` has the byte offset behind each tree's last node. `slots` begins with 256 times 64 bytes that name a leaf, and
 * goes on with 64 bytes for each node of a tree. `leaves` gets 64 bytes a tree. A tree of a single leaf has no nodes.
 *
 * Every node of a tree is asked, for 16 rows at a time; going the way of each row alone takes several times as long.
 *
 * Twin: `wasm/trees/row-blocks.ts`.
 */
export function leavesOfRows(nodes: usize, ends: usize, trees: i32, codes: usize, slots: usize, leaves: usize): void {
  let at = nodes
  for (let tree = 0; tree < trees; tree += 1) {
    const end = nodes + load<usize>(ends)
    let slot = slots + (256 << 6)
    let last = slots
    while (at < end) {
      const asked = codes + load<usize>(at)
      const left = slots + load<usize>(at, 8)
      const right = slots + load<usize>(at, 12)
      if (load<u8>(at, 5) == 1) {
        const low = v128.load(at, 16)
        const high = v128.load(at, 32)
        for (let row: usize = 0; row < blockRows; row += 16) {
          choose(slot + row, left + row, right + row, isOutside(low, high, v128.load(asked + row)))
        }
        at += 48
      } else {
        const threshold = v128.load_splat<i8>(at, 4)
        choose(slot, left, right, i8x16.gt_s(v128.load(asked), threshold))
        choose(slot + 16, left + 16, right + 16, i8x16.gt_s(v128.load(asked, 16), threshold))
        choose(slot + 32, left + 32, right + 32, i8x16.gt_s(v128.load(asked, 32), threshold))
        choose(slot + 48, left + 48, right + 48, i8x16.gt_s(v128.load(asked, 48), threshold))
        at += 16
      }
      last = slot
      slot += 64
    }
    memory.copy(leaves, last, 64)
    leaves += 64
    ends += 4
  }
}

function choose(slot: usize, left: usize, right: usize, goesRight: v128): void {
  v128.store(slot, v128.bitselect(v128.load(right), v128.load(left), goesRight))
}

/** All ones where a code is not in the set of 256 bits. */
function isOutside(low: v128, high: v128, codes: v128): v128 {
  const numbers = v128.xor(codes, i8x16.splat(-128))
  const places = i8x16.shr_u(numbers, 3)
  const bytes = v128.or(i8x16.swizzle(low, places), i8x16.swizzle(high, i8x16.sub(places, i8x16.splat(16))))
  const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128)
  const own = i8x16.swizzle(bits, v128.and(numbers, i8x16.splat(7)))
  return i8x16.eq(v128.and(bytes, own), i8x16.splat(0))
}

/**
 * Adds the values of the leaves that rows of a block reached to their margins, tree by tree, in order.
 *
 * `values` has `valueBytes` bytes a tree, a number a leaf; `margins` 64 numbers an output. Tree `t` adds to output
 * `t mod outputs`.
 *
 * Twin: `wasm/trees/row-blocks.ts`.
 */
export function addLeafValues(
  leaves: usize,
  trees: i32,
  outputs: i32,
  values: usize,
  valueBytes: i32,
  margins: usize,
): void {
  const nextLeaves = (<usize>outputs) << 6
  const nextValues = <usize>(outputs * valueBytes)
  for (let output = 0; output < outputs; output += 1) {
    for (let row: usize = 0; row < blockRows; row += 4) {
      const own = margins + (row << 3)
      let margin0 = load<f64>(own)
      let margin1 = load<f64>(own, 8)
      let margin2 = load<f64>(own, 16)
      let margin3 = load<f64>(own, 24)
      let at = leaves + row
      let from = values
      for (let tree = output; tree < trees; tree += outputs) {
        margin0 += load<f64>(from + ((<usize>load<u8>(at)) << 3))
        margin1 += load<f64>(from + ((<usize>load<u8>(at, 1)) << 3))
        margin2 += load<f64>(from + ((<usize>load<u8>(at, 2)) << 3))
        margin3 += load<f64>(from + ((<usize>load<u8>(at, 3)) << 3))
        at += nextLeaves
        from += nextValues
      }
      store<f64>(own, margin0)
      store<f64>(own, margin1, 8)
      store<f64>(own, margin2, 16)
      store<f64>(own, margin3, 24)
    }
    leaves += blockRows
    values += <usize>valueBytes
    margins += blockRows << 3
  }
}
