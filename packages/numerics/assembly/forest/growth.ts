/** Bins that a column may have. */
export const binsOfColumn: i32 = 256

/** Everything that the growth of one tree knows. The caller fills in the fields up to `categorySets`, four bytes each. */
@unmanaged
export class Growth {
  rows: i32
  columns: i32
  /** A byte each, column after column. */
  bins: usize
  /** (i32) Each column's bin for missing values, above all others. */
  missingBins: usize
  /** A byte a column. */
  isCategorical: usize
  /** (f64) Upper ends of bins, a column's from `edgeStarts` (i32) on. */
  edges: usize
  edgeStarts: usize
  /** (f64) Numbers, or numbers of classes where `outputs` is above 1. */
  targets: usize
  /** (f64) 0 where each row counts 1. */
  weights: usize
  outputs: i32
  columnsPerSplit: i32
  rowsPerLeafMin: i32
  depthMax: i32
  /** 1 where rows are drawn with replacement. */
  bootstrap: i32
  /** 1 where cuts are drawn, not sought. */
  isRandom: i32

  /** (i32) How often each row was drawn. */
  draws: usize
  /** Row numbers, and weight and target as a pair, of the tree's rows, each node's side by side; and room beside them. */
  members: usize
  pairs: usize
  membersAside: usize
  pairsAside: usize
  /** (i32) Columns as they were drawn last. */
  order: usize
  /** (i32 × 4) Nodes to be settled. */
  stack: usize
  /** (f64) Weight and sums of the node, and of the left side of a cut. */
  totals: usize
  left: usize
  /** Bins of a column that the node has, rising: numbers and rows (i32), weight followed by sums (f64). */
  tallyBins: usize
  tallyRows: usize
  tallyRecords: usize
  /** The same by number of the bin, all 0 between columns. */
  binRows: usize
  binRecords: usize
  /** (i32) An order of the tally's bins. */
  places: usize
  /** A byte for each bin of the best split's column, 1 for those that go left. */
  leftBins: usize

  /** The tree's nodes; right children follow their left ones. */
  nodeColumns: usize
  nodeThresholds: usize
  nodeSets: usize
  nodeMissingLeft: usize
  nodeLefts: usize
  nodeValues: usize
  nodeGains: usize
  nodeRows: usize
  /** 32 bytes a set of categories. */
  categorySets: usize

  /** The node under way owns the rows `from … to − 1`; its column under way has `length` bins. */
  from: i32
  to: i32
  length: i32
  /** The best split of the node so far. */
  column: i32
  missingLeft: i32
  nodes: i32
  sets: i32
  score: f64
  threshold: f64
}

/** Bytes of a weight followed by sums. */
export function recordBytes(outputs: i32): usize {
  return (<usize>(1 + outputs)) << 3
}

export function int32At(values: usize, at: i32): i32 {
  return load<i32>(values + ((<usize>at) << 2))
}

export function putInt32(values: usize, at: i32, value: i32): void {
  store<i32>(values + ((<usize>at) << 2), value)
}

export function float64At(values: usize, at: i32): f64 {
  return load<f64>(values + ((<usize>at) << 3))
}

export function putFloat64(values: usize, at: i32, value: f64): void {
  store<f64>(values + ((<usize>at) << 3), value)
}
