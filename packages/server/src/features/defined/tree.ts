import type { Tree } from './plan.ts'

/** What arithmetic is on, in its order: the two sides of a ratio, difference or trend; of `given` the value and the condition. */
export function partsOf(tree: Exclude<Tree, { kind: 'leaf' }>): readonly Tree[] {
  switch (tree.kind) {
    case 'ratio':
      return [tree.of, tree.by]
    case 'difference':
      return [tree.of, tree.minus]
    case 'trend':
      return [tree.now, tree.before]
    case 'sum':
      return tree.parts
    case 'given':
      return [tree.of, tree.if]
    case 'model':
      return tree.inputs
  }
}

/** The leaves under a tree by their places, in order of appearance. */
export function leavesOf(tree: Tree): readonly number[] {
  return tree.kind === 'leaf' ? [tree.leaf] : partsOf(tree).flatMap(leavesOf)
}
