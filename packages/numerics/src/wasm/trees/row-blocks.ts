import type { TwinMemory } from '../twin.ts'

const blockRows = 64

/** Twin of `codeRows` in assembly/trees/row-blocks.ts. */
export function codeRows(
  { float64, int32, bytes }: TwinMemory,
  tile: number,
  rows: number,
  columns: number,
  asked: number,
  askedColumns: number,
  tables: number,
  codes: number,
): undefined {
  for (let place = 0; place < askedColumns; place += 1) {
    const own = (asked >> 2) + 3 * place
    const [column, firstStep, isCategorical] = [int32[own]!, int32[own + 1]!, int32[own + 2] === 1]
    const table = (tables >> 3) + 256 * place
    const to = codes + 128 * place
    for (let row = 0; row < 4 * Math.ceil(rows / 4); row += 1) {
      const value = float64[(tile >> 3) + row * columns + column]!
      let code = 0
      for (let step = firstStep >> 3; step > 0; step >>= 1) {
        if (float64[table + code + step - 1]! < value) code += step
      }
      const isKnown = isCategorical ? float64[table + code] === value : !Number.isNaN(value)
      bytes[to + row] = (isKnown ? code : 255) - 128
    }
    for (let row = 0; row < blockRows; row += 1) bytes[to + 64 + row] = bytes[to + row]! + 1
  }
}

/** Twin of `leavesOfRows` in assembly/trees/row-blocks.ts. */
export function leavesOfRows(
  { int32, bytes }: TwinMemory,
  nodes: number,
  ends: number,
  trees: number,
  codes: number,
  slots: number,
  leaves: number,
): undefined {
  let at = nodes
  for (let tree = 0; tree < trees; tree += 1) {
    const end = nodes + int32[(ends >> 2) + tree]!
    let slot = slots + 256 * blockRows
    let last = slots
    while (at < end) {
      const [asked, left, right] = [int32[at >> 2]!, int32[(at >> 2) + 2]!, int32[(at >> 2) + 3]!]
      const hasSet = bytes[at + 5] === 1
      for (let row = 0; row < blockRows; row += 1) {
        const code = signed(bytes[codes + asked + row]!)
        const goesRight = hasSet ? !isIn(bytes, at + 16, code + 128) : code > signed(bytes[at + 4]!)
        bytes[slot + row] = bytes[slots + (goesRight ? right : left) + row]!
      }
      at += hasSet ? 48 : 16
      last = slot
      slot += blockRows
    }
    bytes.copyWithin(leaves + blockRows * tree, last, last + blockRows)
  }
}

const signed = (byte: number): number => (byte << 24) >> 24

const isIn = (bytes: Uint8Array, set: number, code: number): boolean =>
  ((bytes[set + (code >> 3)]! >> (code & 7)) & 1) === 1

/** Twin of `addLeafValues` in assembly/trees/row-blocks.ts. */
export function addLeafValues(
  { float64, bytes }: TwinMemory,
  leaves: number,
  trees: number,
  outputs: number,
  values: number,
  valueBytes: number,
  margins: number,
): undefined {
  for (let tree = 0; tree < trees; tree += 1) {
    const own = (margins >> 3) + blockRows * (tree % outputs)
    for (let row = 0; row < blockRows; row += 1) {
      const leaf = bytes[leaves + blockRows * tree + row]!
      float64[own + row]! += float64[((values + valueBytes * tree) >> 3) + leaf]!
    }
  }
}
