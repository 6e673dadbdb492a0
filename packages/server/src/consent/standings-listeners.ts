import type { Warehouse } from '../warehouse/index.ts'

/** Of whom another customer now is, or something else may be kept or used. */
export type TouchedCustomers = 'everybody' | readonly string[]

type Listener = (touched: TouchedCustomers) => Promise<void>

const listeners = new WeakMap<Warehouse, Set<Listener>>()

/**
 * Tells whenever customers were joined or parted, or what they agree to has changed, once that is in the warehouse: every
 * way there (a decision, an import, its undoing, a merge, an unmerge, other defaults) ends in the standings.
 *
 * @returns stops it
 */
export function onStandings(warehouse: Warehouse, listener: Listener): () => void {
  const all = listeners.get(warehouse) ?? new Set()
  listeners.set(warehouse, all.add(listener))
  return () => all.delete(listener)
}

export async function tellStandings(warehouse: Warehouse, touched: TouchedCustomers): Promise<void> {
  for (const listener of listeners.get(warehouse) ?? []) await listener(touched)
}
