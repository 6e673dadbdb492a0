import type { TwinMemory } from './twin.ts'

const hessianMin = 1e-3

/** Twin of `searchThresholds` in assembly/split-search.ts. */
export function searchThresholds(
  memory: TwinMemory,
  columnFrom: number,
  columnTo: number,
  sums: number,
  counts: number,
  binsPresent: number,
  kinds: number,
  rows: number,
  gradient: number,
  hessian: number,
  value: number,
  rowsPerLeafMin: number,
  l2: number,
  results: number,
): undefined {
  const node = { rows, gradient, hessian, value, rowsPerLeafMin, l2 }
  for (let column = columnFrom; column < columnTo; column += 1) {
    const result = (results >>> 3) + 6 * column
    memory.float64[result] = 0
    const kind = memory.bytes[kinds + column]!
    if (kind === 2) continue
    const bins = memory.int32[(binsPresent >>> 2) + column]!
    const at = { sums: (sums >>> 3) + column * 512, counts: (counts >>> 2) + column * 256, bins, result }
    search(memory, at, node, bins - 1 + kind, false)
    if (kind === 1) search(memory, at, node, bins - 1, true)
  }
}

interface ColumnPlace {
  readonly sums: number
  readonly counts: number
  readonly bins: number
  readonly result: number
}

interface Node {
  readonly rows: number
  readonly gradient: number
  readonly hessian: number
  readonly value: number
  readonly rowsPerLeafMin: number
  readonly l2: number
}

/** Adds bins up from one end, `steps` of them, and notes the best place to stop: from the top when `isFalling`. */
function search(
  { float64, int32 }: TwinMemory,
  { sums, counts, bins, result }: ColumnPlace,
  node: Node,
  steps: number,
  isFalling: boolean,
): void {
  let rows = 0
  let gradient = 0
  let hessian = 0
  for (let step = 0; step < steps; step += 1) {
    const bin = isFalling ? bins - 1 - step : step
    const binGradient = float64[sums + 2 * bin]!
    const binHessian = float64[sums + 2 * bin + 1]!
    const count = int32[counts + bin]!
    if (count === 0 && isZero(binGradient) && isZero(binHessian)) continue
    rows += count
    gradient += binGradient
    hessian += binHessian
    if (rows < node.rowsPerLeafMin) continue
    if (node.rows - rows < node.rowsPerLeafMin) break
    if (hessian < hessianMin) continue
    const gradientRest = node.gradient - gradient
    const hessianRest = node.hessian - hessian
    if (hessianRest < hessianMin) break
    const here = gradient * (-gradient / (hessian + node.l2 + 1e-15))
    const rest = gradientRest * (-gradientRest / (hessianRest + node.l2 + 1e-15))
    // The left side's loss goes first, whichever side was summed: the last bit depends on it.
    const loss = node.gradient * node.value
    const gain = isFalling ? loss - rest - here : loss - here - rest
    if (!(gain > float64[result]!)) continue
    float64[result] = gain
    float64[result + 1] = isFalling ? bin - 1 : bin
    float64[result + 2] = isFalling ? 1 : 0
    float64[result + 3] = isFalling ? node.rows - rows : rows
    float64[result + 4] = isFalling ? gradientRest : gradient
    float64[result + 5] = isFalling ? hessianRest : hessian
  }
}

// As the kernel sees it: all bits zero, which minus zero is not.
const isZero = (value: number): boolean => Object.is(value, 0)
