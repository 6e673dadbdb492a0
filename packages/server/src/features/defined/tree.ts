import type { Tree } from './plan.ts'

/** The two sides of arithmetic. */
export function partsOf(tree: Exclude<Tree, { kind: 'leaf' }>): readonly [Tree, Tree] {
  if (tree.kind === 'ratio') return [tree.of, tree.by]
  return tree.kind === 'difference' ? [tree.of, tree.minus] : [tree.now, tree.before]
}

/** The leaves under a tree by their places, in order of appearance. */
export function leavesOf(tree: Tree): readonly number[] {
  return tree.kind === 'leaf' ? [tree.leaf] : partsOf(tree).flatMap(leavesOf)
}
