import { aggregateNames } from '@rapport/protocol'
import type { Leaf, Plan, Tree, Window } from '../defined/plan.ts'
import { leavesOf, partsOf } from '../defined/tree.ts'
import { featuresOf } from './execution.contract.ts'
import { type Disturbance, disturbances, entityKinds, type World } from './world.contract.ts'

/** Which aggregates were held over which windows on histories with which disturbances, in definition × history pairs. */
export class Coverage {
  /** By aggregate and window, then by disturbance. */
  readonly cells = new Map<string, Map<Disturbance, Set<string>>>()
  private readonly pairs = new Set<string>()
  private readonly definitions = new Set<string>()

  /** One definition and the history of one entity, however often they were looked at. */
  get size(): number {
    return this.pairs.size
  }

  count(turn: number, plan: Plan, world: World): void {
    const befallen = [...world.befallen()]
    for (const entity of entityKinds) {
      const features = featuresOf(plan, entity)
      const own = befallen.filter(([id]) => id.startsWith(`["${entity}",`))
      for (const feature of features) {
        this.definitions.add(`${turn} ${feature.name}`)
        const cells = new Set([
          ...leavesUnder(feature.tree, plan.leaves).map(cellOf),
          ...treeKindsOf(feature.tree).map((kind) => `arithmetic · ${kind}`),
        ])
        for (const [id, its] of own) this.add(`${turn} ${feature.name} ${id}`, cells, its)
      }
    }
  }

  private add(pair: string, cells: ReadonlySet<string>, befallen: ReadonlySet<Disturbance>): void {
    this.pairs.add(pair)
    for (const cell of cells) {
      const row = this.cells.get(cell) ?? new Map<Disturbance, Set<string>>()
      this.cells.set(cell, row)
      for (const disturbance of befallen) {
        const held = row.get(disturbance) ?? new Set()
        row.set(disturbance, held.add(pair))
      }
    }
  }

  /** Aggregates over windows, and disturbances, that nothing was drawn of. */
  empty(): readonly string[] {
    const windows = ['lifetime', 'minutes', 'hours', 'days', 'day', 'week', 'month', 'year', 'session']
    const cells = aggregateNames.flatMap((aggregate) =>
      (aggregate === 'decayed-sum' || aggregate === 'strongest' ? ['lifetime'] : windows).map(
        (window) => `${aggregate} · ${window}`,
      ),
    )
    const wanted = [...cells, 'sequence · lifetime', 'sequence without · lifetime', 'sequence never · lifetime']
    const arithmetic = ['ratio', 'difference', 'trend', 'sum', 'given', 'model'].map((kind) => `arithmetic · ${kind}`)
    return [
      ...[...wanted, ...arithmetic, 'trait', 'score'].filter((cell) => !this.cells.has(cell)),
      ...disturbances.filter((one) => [...this.cells.values()].every((row) => (row.get(one)?.size ?? 0) === 0)),
    ]
  }

  /** Rows are aggregate and window, columns disturbances, cells pairs. */
  table(): string {
    const width = Math.max(...[...this.cells.keys()].map((cell) => cell.length))
    const line = (cells: readonly string[], name: string): string =>
      `${name.padEnd(width)} ${cells.map((cell, at) => cell.padStart(disturbances[at]!.length + 1)).join('')}`
    return [
      `${this.definitions.size} definitions, ${this.size} definition × history pairs`,
      line(disturbances, 'aggregate × window'),
      ...[...this.cells]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([cell, row]) =>
          line(
            disturbances.map((one) => String(row.get(one)?.size ?? 0)),
            cell,
          ),
        ),
    ].join('\n')
  }
}

/** The kinds of arithmetic in a tree. */
export const treeKindsOf = (tree: Tree): readonly Tree['kind'][] =>
  tree.kind === 'leaf' ? [] : [tree.kind, ...partsOf(tree).flatMap(treeKindsOf)]

/** The leaves under a tree. */
export const leavesUnder = (tree: Tree, leaves: readonly Leaf[]): readonly Leaf[] =>
  leavesOf(tree).map((place) => leaves[place]!)

function cellOf(leaf: Leaf): string {
  if (leaf.kind === 'trait' || leaf.kind === 'score') return leaf.kind
  const what = leaf.kind === 'aggregate' ? leaf.aggregate : sequenceName(leaf)
  return `${what} · ${windowName(leaf.window)}`
}

const sequenceName = ({ isNever, without }: Extract<Leaf, { kind: 'sequence' }>): string =>
  isNever ? 'sequence never' : without === null ? 'sequence' : 'sequence without'

function windowName(window: Window): string {
  if (window.kind === 'calendar') return window.unit
  if (window.kind !== 'rolling') return window.kind
  const grain = { 60000: 'minutes', 3600000: 'hours' }[window.grainMs] ?? 'days'
  return window.skip > 0 ? `${grain} skipped` : grain
}
