/**
 * Adds to the margins of one row what every tree says about it.
 *
 * `nodes` has 16 bytes a node: the threshold; the left child's byte offset, which the right child follows; the byte
 * offset of the number in `row` that is asked. A leaf leads to itself and has an infinite threshold, so that a step is
 * an addition and never a branch that the processor has to guess.
 *
 * Trees go four side by side: while one waits for its node, the others have theirs. `roots` has the byte offsets of
 * their first nodes, `depths` how many steps each four take, `places` the byte offset in `scratch`, 8 · tree, where each
 * tree's value goes; values are added tree by tree, in order. Behind the last tree four are filled up with it.
 * `values` has a number a node. Tree `t` adds to margin `t mod outputs`.
 *
 * Twin: `wasm/trees/single-row.ts`.
 */
export function addTreesToRow(
  nodes: usize,
  roots: usize,
  depths: usize,
  places: usize,
  values: usize,
  trees: i32,
  row: usize,
  scratch: usize,
  outputs: i32,
  margins: usize,
): void {
  for (let first = 0; first < trees; first += 4) {
    let node0 = nodes + load<usize>(roots)
    let node1 = nodes + load<usize>(roots, 4)
    let node2 = nodes + load<usize>(roots, 8)
    let node3 = nodes + load<usize>(roots, 12)
    for (let steps = load<i32>(depths); steps > 0; steps -= 1) {
      node0 = nodes + load<usize>(node0, 8) + ((<usize>isAbove(row, node0)) << 4)
      node1 = nodes + load<usize>(node1, 8) + ((<usize>isAbove(row, node1)) << 4)
      node2 = nodes + load<usize>(node2, 8) + ((<usize>isAbove(row, node2)) << 4)
      node3 = nodes + load<usize>(node3, 8) + ((<usize>isAbove(row, node3)) << 4)
    }
    store<f64>(scratch + load<usize>(places), load<f64>(values + ((node0 - nodes) >> 1)))
    store<f64>(scratch + load<usize>(places, 4), load<f64>(values + ((node1 - nodes) >> 1)))
    store<f64>(scratch + load<usize>(places, 8), load<f64>(values + ((node2 - nodes) >> 1)))
    store<f64>(scratch + load<usize>(places, 12), load<f64>(values + ((node3 - nodes) >> 1)))
    roots += 16
    places += 16
    depths += 4
  }
  for (let output = 0; output < outputs; output += 1) {
    const at = margins + ((<usize>output) << 3)
    let margin = load<f64>(at)
    for (let tree = output; tree < trees; tree += outputs) margin += load<f64>(scratch + ((<usize>tree) << 3))
    store<f64>(at, margin)
  }
}

function isAbove(row: usize, node: usize): bool {
  return load<f64>(row + load<usize>(node, 12)) > load<f64>(node)
}
