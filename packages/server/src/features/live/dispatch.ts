import type { Fact, FactKind } from '../defined/fact.ts'
import { fieldOf, meets } from '../defined/meets.ts'
import type { AggregateLeaf, Pattern } from '../defined/plan.ts'
import type { FieldValue } from './cells/cell.ts'
import { saysAnyOf } from './columns.ts'
import type { PlannedStores, Store } from './plan-stores.ts'

/** What a fact means to one store. */
interface Touch {
  readonly store: Store
  /** Null where it means nothing. */
  readonly read: (fact: Fact) => FieldValue | null
}

/** Touches of the stores that read the same facts. */
interface Route {
  /** Null where all facts of the name are meant. */
  readonly isMeant: ((fact: Fact) => boolean) | null
  readonly touches: Touch[]
}

/**
 * From a fact to the stores that it can touch, by its kind and name: features that it has nothing to do with cost nothing.
 */
export class Dispatch {
  private readonly byName: Readonly<Record<FactKind, Map<string, Route[]>>> = { event: new Map(), line: new Map() }
  /** Of names that no definition speaks of. */
  private readonly ofAnyName: Record<FactKind, Route[]> = { event: [], line: [] }

  constructor({ byEntity }: PlannedStores) {
    const stores = [...byEntity.values()].flat()
    for (const kind of ['event', 'line'] as const) {
      const patterns = stores.flatMap(patternsOf).filter((pattern) => pattern.kind === kind)
      for (const name of new Set(patterns.flatMap((pattern) => pattern.name ?? [])))
        this.byName[kind].set(name, routesOf(stores, kind, name))
      this.ofAnyName[kind] = routesOf(stores, kind, null)
    }
  }

  /** Calls back for each store that a fact touches. */
  each(fact: Fact, touch: (store: Store, value: FieldValue) => void): void {
    for (const { isMeant, touches } of this.byName[fact.kind].get(fact.name) ?? this.ofAnyName[fact.kind]) {
      if (isMeant !== null && !isMeant(fact)) continue
      for (const { store, read } of touches) {
        const value = read(fact)
        if (value !== null) touch(store, value)
      }
    }
  }
}

const patternsOf = ({ reading }: Store): readonly Pattern[] =>
  'pattern' in reading ? [reading.pattern] : reading.patterns.map(({ pattern }) => pattern)

/** @param name null for names that no pattern has */
function routesOf(stores: readonly Store[], kind: FactKind, name: string | null): Route[] {
  const isOpenTo = (pattern: Pattern): boolean =>
    pattern.kind === kind && (pattern.name === null || pattern.name === name)
  const routes = new Map<string, Route>()
  for (const store of stores) {
    const { reading } = store
    if (!patternsOf(store).some(isOpenTo)) continue
    if (reading.kind === 'sequence') {
      const open = reading.patterns.filter(({ pattern }) => isOpenTo(pattern))
      const read = (fact: Fact): number | null => {
        let sum = 0
        for (const { mark, pattern } of open) if (meets(pattern, fact)) sum += mark
        return sum === 0 ? null : sum
      }
      routes.set(`sequence ${routes.size}`, { isMeant: null, touches: [{ store, read }] })
      continue
    }
    if (reading.kind === 'weighed') {
      const open = reading.patterns.filter(({ pattern }) => isOpenTo(pattern))
      const isMeant = (fact: Fact): boolean => open.some(({ pattern }) => meets(pattern, fact))
      const read = (fact: Fact) => fieldOf(fact, reading.of.field, reading.of.as)
      routes.set(`weighed ${routes.size}`, { isMeant, touches: [{ store, read }] })
      continue
    }
    const { pattern } = reading
    const form = JSON.stringify(pattern)
    let route = routes.get(form)
    if (route === undefined) {
      const isPlain = pattern.call === null && pattern.conditions.length === 0
      route = { isMeant: isPlain ? null : (fact) => meets(pattern, fact), touches: [] }
      routes.set(form, route)
    }
    route.touches.push({ store, read: reading.kind === 'numbers' ? columnsRead(store) : fieldRead(reading.of) })
  }
  return [...routes.values()]
}

const fieldRead = (of: AggregateLeaf['of']): Touch['read'] =>
  of === null ? () => 0 : (fact) => fieldOf(fact, of.field, of.as)

/** The columns read their fields themselves. */
const columnsRead = ({ group }: Store): Touch['read'] =>
  group.some(({ of }) => of === null) ? () => 0 : (fact) => (saysAnyOf(group, fact) ? 0 : null)
