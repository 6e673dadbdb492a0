import type { Instant } from '../../base/index.ts'

/** What happened, as definitions see it: an event of the log, or a line of an order. */
export interface Fact {
  readonly kind: FactKind
  /** Unique; tells facts of one moment apart, the smaller being the earlier. */
  readonly key: bigint
  readonly at: Instant
  readonly receivedAt: Instant
  /** Whose it is after identity resolution; null where nobody knows. */
  readonly customerId: string | null
  /** The name of an event; of a line `sale`, `cancellation` or `adjustment`. */
  readonly name: string
  /** Of an event its call; null of a line. */
  readonly call: string | null
  /** By field: texts as they are, numbers in whole millionths. What is missing is null or left out. */
  readonly fields: Readonly<Record<string, string | number | null>>
}

export type FactKind = 'event' | 'line'

/** What a record says of a customer: the latest known value of a trait holds. */
export interface TraitFact {
  readonly customerId: string
  readonly key: bigint
  readonly knownAt: Instant
  readonly trait: string
  readonly value: string
}

/** What a model says of a customer, from a moment on. */
export interface ScoreFact {
  readonly customerId: string
  readonly score: string
  readonly value: number
  readonly asOf: Instant
}

/** By moment, of one moment by key. */
export function inOrder(left: Pick<Fact, 'at' | 'key'>, right: Pick<Fact, 'at' | 'key'>): number {
  return left.at - right.at || (left.key < right.key ? -1 : left.key > right.key ? 1 : 0)
}

/** By code points, as DuckDB and PostgreSQL's C collation order texts; UTF-16's order differs beyond U+FFFF. */
export function byCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at += 1) {
    const [one, other] = [left.charCodeAt(at), right.charCodeAt(at)]
    if (one === other) continue
    // A half of a pair stands for something above every unit that is none.
    const isHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff
    if (isHalf(one) !== isHalf(other)) return isHalf(one) ? 1 : -1
    return one - other
  }
  return left.length - right.length
}
