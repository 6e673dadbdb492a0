import type { Fact, FactKind } from '../defined/fact.ts'

/** So many of the latest keys are remembered of each kind, and at most twice as many. */
export const recentKeysMin = 32_768

/**
 * The keys of the latest facts, so that none is taken twice. Older ones are refused by the warehouse, which delivers them
 * once. Kept as two generations: taking the oldest keys off one large set, one at a time, is slow.
 */
export class RecentKeys {
  private readonly young: Record<FactKind, Set<bigint>> = { event: new Set(), line: new Set() }
  private readonly old: Record<FactKind, Set<bigint>> = { event: new Set(), line: new Set() }

  /** @returns whether it is new */
  add({ kind, key }: Pick<Fact, 'kind' | 'key'>): boolean {
    if (this.old[kind].has(key)) return false
    const young = this.young[kind]
    const before = young.size
    young.add(key)
    if (young.size === before) return false
    if (young.size >= recentKeysMin) {
      this.old[kind] = young
      this.young[kind] = new Set()
    }
    return true
  }

  /** In the order of their coming. */
  *[Symbol.iterator](): Generator<Pick<Fact, 'kind' | 'key'>> {
    for (const kind of ['event', 'line'] as const)
      for (const keys of [this.old[kind], this.young[kind]]) for (const key of keys) yield { kind, key }
  }
}
