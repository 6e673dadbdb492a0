import type { Fact, FactKind } from '../defined/fact.ts'

/** Facts whose keys are remembered, of each kind. Older ones are refused by the warehouse, which delivers them once. */
export const recentKeysMax = 65_536

/** The keys of the latest facts, so that none is taken twice. */
export class RecentKeys {
  private readonly sets: Readonly<Record<FactKind, Set<bigint>>> = { event: new Set(), line: new Set() }

  /** @returns whether it is new */
  add({ kind, key }: Pick<Fact, 'kind' | 'key'>): boolean {
    const keys = this.sets[kind]
    if (keys.has(key)) return false
    keys.add(key)
    // A set gives its members in the order of their coming.
    if (keys.size > recentKeysMax) for (const oldest of keys) if (keys.delete(oldest)) break
    return true
  }

  /** In the order of their coming. */
  *[Symbol.iterator](): Generator<Pick<Fact, 'kind' | 'key'>> {
    for (const kind of ['event', 'line'] as const) for (const key of this.sets[kind]) yield { kind, key }
  }
}
