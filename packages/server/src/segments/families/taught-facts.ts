import type { Warehouse } from '../../warehouse/index.ts'
import type { TaughtQuality } from '../teaching/quality.ts'
import { storedFamilies } from './stored-families.ts'

/** How a segment was taught, and how far to trust the probabilities of its members. */
export interface TaughtFacts {
  /** 'labels.csv' or 'rfm.champions' */
  readonly source: string
  /** 'logistic regression' */
  readonly chosen: string
  readonly customers: number
  /** Of them, those who were labelled so, and those who are like them. */
  readonly labelled: number
  readonly added: number
  /** On customers whom the model had not seen. */
  readonly quality: TaughtQuality
}

/** @returns null for a segment that was not taught */
export async function taughtFacts(warehouse: Warehouse, id: string): Promise<TaughtFacts | null> {
  for (const { result } of await storedFamilies(warehouse)) {
    if (result.kind !== 'teach' || !result.taught.found) continue
    const { segments, quality, chosen } = result.taught
    const at = segments.findIndex((segment) => segment.id === id)
    if (at < 0) continue
    const { customers, labelled, added } = segments[at]!
    return { source: result.source, chosen, customers, labelled, added, quality: quality[at]! }
  }
  return null
}
