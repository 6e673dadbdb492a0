import { type LeafSet, leavesOf } from '../../features/index.ts'
import type { CompiledSegments, SegmentNode, SegmentTest } from './compiled.ts'
import { watchesOf } from './next-change.ts'
import type { Watch } from './watch.ts'

/** What must be looked at again of somebody of whom some leaves may be others. */
export interface Affected {
  /** By their places among the compiled ones, ascending: each after those that it names. */
  readonly segments: readonly number[]
  /** Whether a segment is among them, by its place. */
  readonly isAmong: readonly boolean[]
  /** What time may now change at another moment. */
  readonly watches: readonly Due[]
}

/** A watch that is due at another moment, maybe. */
export interface Due {
  /** Of the watch. */
  readonly place: number
  readonly next: Watch['next']
  /** Whether it is of some leaves only: for the others holds what was said before. */
  readonly isPart: boolean
}

/** As many sets of watches that came due together are remembered; of others everything is looked at. */
const setsMax = 2000

/**
 * Which segments rest on which leaves: what an event, or a moment, has nothing to do with need not be looked at. Worked out
 * once for each set of leaves.
 */
export class AffectedSegments {
  readonly watches: readonly Watch[]
  /** Everything, whatever happened. */
  readonly all: Affected
  /** Leaves of each segment, those of the segments that it names among them. */
  private readonly leaves: readonly ReadonlySet<number>[]
  private readonly bySegments = new WeakMap<ReadonlySet<number>, Affected>()
  private readonly byLeaves = new WeakMap<LeafSet, Affected>()
  private readonly byWatches = new Map<string, Affected>()

  constructor(compiled: CompiledSegments) {
    const leaves: ReadonlySet<number>[] = []
    for (const { root } of compiled.segments)
      leaves.push(new Set(root === null ? [] : leavesBelow(root, compiled.tests, leaves)))
    this.leaves = leaves
    this.watches = watchesOf(compiled)
    this.all = {
      segments: compiled.segments.map((_, place) => place),
      isAmong: compiled.segments.map(() => true),
      watches: this.watches.map(({ next }, place) => ({ place, next, isPart: false })),
    }
  }

  /** These segments, by their places, where time is seen to already. */
  only(places: ReadonlySet<number>): Affected {
    let found = this.bySegments.get(places)
    if (found === undefined) {
      found = {
        segments: this.all.segments.filter((place) => places.has(place)),
        isAmong: this.all.segments.map((place) => places.has(place)),
        watches: [],
      }
      this.bySegments.set(places, found)
    }
    return found
  }

  /** @param touched leaves that may be others */
  by(touched: LeafSet): Affected {
    let found = this.byLeaves.get(touched)
    if (found === undefined) {
      found = this.restingOn(touched.leaves)
      this.byLeaves.set(touched, found)
    }
    return found
  }

  /** @param due the watches whose moment has come, by place */
  byDue(due: readonly number[]): Affected {
    const form = due.length === 1 ? `${due[0]}` : due.join()
    let found = this.byWatches.get(form)
    if (found === undefined) {
      if (this.byWatches.size >= setsMax) return this.all
      found = this.restingOn(due.flatMap((place) => this.watches[place]!.leaves))
      this.byWatches.set(form, found)
    }
    return found
  }

  private restingOn(touched: readonly number[]): Affected {
    const isAmong = this.leaves.map((leaves) => touched.some((leaf) => leaves.has(leaf)))
    const isTouched = new Set(touched)
    return {
      segments: this.all.segments.filter((place) => isAmong[place]),
      isAmong,
      watches: this.all.watches.flatMap((whole): Due | [] => {
        const { leaves, only } = this.watches[whole.place]!
        const some = leaves.filter((leaf) => isTouched.has(leaf))
        if (some.length === 0) return []
        return only === undefined || some.length === leaves.length
          ? whole
          : { place: whole.place, next: only(some).next, isPart: true }
      }),
    }
  }
}

function leavesBelow(
  node: SegmentNode,
  tests: readonly SegmentTest[],
  segments: readonly ReadonlySet<number>[],
): readonly number[] {
  if (node.kind === 'segment') return [...segments[node.segment]!]
  if (node.kind === 'gone') return []
  if (node.kind !== 'test') return node.parts.flatMap((part) => leavesBelow(part, tests, segments))
  const test = tests[node.test]!
  return test.kind === 'compare' ? leavesOf(test.tree) : [test.leaf]
}
