import { isAlwaysChanging, type Leaf, leavesOf, partsOf, type Tree } from '../../features/index.ts'
import type { CompiledSegments, SegmentTest } from './compiled.ts'
import { type Crossing, crossingWatch } from './crossing-watch.ts'
import { anniversaryChangesAt, readDate, yearsChangeAt } from './dates.ts'
import { steps, type Watch } from './watch.ts'

/** All that time alone can change of segments, gathered once from their tests; each leaf is in one at least. */
export function watchesOf(compiled: CompiledSegments): readonly Watch[] {
  const { tests, plan, timezone } = compiled
  const all = leavesOfTests(tests)
  const still = all.filter((leaf) => standsStill(plan.leaves[leaf]!))
  const changesAlways = ({ tree }: Crossing): boolean =>
    leavesOf(tree).some((leaf) => isAlwaysChanging(plan.leaves[leaf]!))
  return [
    ...(still.length > 0 ? [steps(still)] : []),
    ...all.filter((leaf) => !still.includes(leaf)).map((leaf) => steps([leaf])),
    ...tests.flatMap((test) => (test.kind === 'compare' ? [] : [dateWatch(test, timezone)])),
    ...tests
      .flatMap(crossingsOf)
      .filter(changesAlways)
      .map((crossing) => crossingWatch(crossing, plan.leaves)),
  ]
}

/** What changes by itself only where something is known before its time, which is seldom: one watch has them all. */
function standsStill(leaf: Leaf): boolean {
  if (leaf.kind === 'trait' || leaf.kind === 'score') return true
  const isWindowed = leaf.window.kind === 'rolling' || leaf.window.kind === 'calendar'
  return !isWindowed && !(leaf.kind === 'sequence' && leaf.isNever)
}

const dateWatch = (test: Exclude<SegmentTest, { kind: 'compare' }>, timezone: string): Watch => ({
  leaves: [test.leaf],
  next: ({ leafValue, asOf }) => {
    const date = readDate(leafValue(test.leaf))
    return test.kind === 'age'
      ? yearsChangeAt(date, timezone, asOf)
      : anniversaryChangesAt(date, test.withinDays, timezone, asOf)
  },
})

/** The leaves that tests rest on, by their places, ascending. */
export function leavesOfTests(tests: readonly SegmentTest[]): readonly number[] {
  const leaves = tests.flatMap((test) => (test.kind === 'compare' ? leavesOf(test.tree) : [test.leaf]))
  return [...new Set(leaves)].sort((left, right) => left - right)
}

function crossingsOf(test: SegmentTest): readonly Crossing[] {
  if (test.kind !== 'compare') return []
  const { tree, op, values } = test
  const missing = missingAt(tree)
  if (op === 'known' || op === 'missing') return missing
  // Whether its condition holds is watched as what may be missing.
  const of = tree.kind === 'given' ? tree.of : tree
  return [{ tree: of, levels: values.filter((value) => typeof value === 'number') }, ...missing]
}

/** Where something is divided by zero, or its condition fails, it is missing, though before and after it may stand still. */
function missingAt(tree: Tree): readonly Crossing[] {
  if (tree.kind === 'leaf') return []
  const inner = partsOf(tree).flatMap(missingAt)
  if (tree.kind === 'ratio') return [{ tree: tree.by, levels: [0] }, ...inner]
  return tree.kind === 'given' ? [{ tree: tree.if, levels: [tree.than] }, ...inner] : inner
}
