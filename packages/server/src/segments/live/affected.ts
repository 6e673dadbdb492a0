import { type LeafSet, leavesOf } from '../../features/index.ts'
import type { CompiledSegments, SegmentNode, SegmentTest } from './compiled.ts'
import { NextChange } from './next-change.ts'

/** What must be looked at again of somebody of whom some leaves may be others. */
export interface Affected {
  /** By their places among the compiled ones, ascending: each after those that it names. */
  readonly segments: readonly number[]
  readonly nextChange: NextChange
}

/**
 * Which segments rest on which leaves: what an event has nothing to do with need not be looked at. Worked out once for each
 * set of leaves.
 */
export class AffectedSegments {
  /** Everything, whatever happened. */
  readonly all: Affected
  private readonly compiled: CompiledSegments
  /** Leaves of each segment, those of the segments that it names among them. */
  private readonly leaves: readonly ReadonlySet<number>[]
  private readonly known = new WeakMap<LeafSet, Affected>()

  constructor(compiled: CompiledSegments) {
    this.compiled = compiled
    const leaves: ReadonlySet<number>[] = []
    for (const { root } of compiled.segments)
      leaves.push(new Set(root === null ? [] : leavesBelow(root, compiled.tests, leaves)))
    this.leaves = leaves
    this.all = { segments: compiled.segments.map((_, place) => place), nextChange: new NextChange(compiled) }
  }

  by(touched: LeafSet): Affected {
    let found = this.known.get(touched)
    if (found === undefined) {
      const isTouched = new Set(touched.leaves)
      const segments = this.all.segments.filter((place) => touched.leaves.some((leaf) => this.leaves[place]!.has(leaf)))
      found = { segments, nextChange: new NextChange(this.compiled, (leaf) => isTouched.has(leaf)) }
      this.known.set(touched, found)
    }
    return found
  }
}

function leavesBelow(
  node: SegmentNode,
  tests: readonly SegmentTest[],
  segments: readonly ReadonlySet<number>[],
): readonly number[] {
  if (node.kind === 'segment') return [...segments[node.segment]!]
  if (node.kind !== 'test') return node.parts.flatMap((part) => leavesBelow(part, tests, segments))
  const test = tests[node.test]!
  return test.kind === 'compare' ? leavesOf(test.tree) : [test.leaf]
}
