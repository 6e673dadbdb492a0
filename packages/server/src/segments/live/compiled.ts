import type { FeatureValue, Plan, Tree } from '../../features/index.ts'
import type { Operand, Operator } from '../../rules/index.ts'
import type { SegmentDefinition } from './segment-definition.ts'

/** Segments as they are evaluated: tests, each looked at once whoever asks, and trees of all, any and not above them. */
export interface CompiledSegments {
  /** What must be known of customers; tests refer to its leaves by their places. */
  readonly plan: Plan
  readonly tests: readonly SegmentTest[]
  /** Each after those that it names. */
  readonly segments: readonly CompiledSegment[]
  /** IANA name of the store's time zone. */
  readonly timezone: string
}

export interface CompiledSegment {
  readonly definition: SegmentDefinition
  readonly version: number
  /** Equal where two decide alike: it holds everything that the segment rests on. */
  readonly form: string
  /** Null of a list. */
  readonly root: SegmentNode | null
}

/** A part of a rule; `pointer` is to it in the definition. */
export type SegmentNode = { readonly pointer: string } & (
  | { readonly kind: 'all' | 'any' | 'not'; readonly parts: readonly SegmentNode[] }
  | { readonly kind: 'test'; readonly test: number }
  /** By its place among the segments. */
  | { readonly kind: 'segment'; readonly segment: number }
  /** A segment of a family that is no more, or not live: nobody is in it. `winter.3, which is no more` */
  | { readonly kind: 'gone'; readonly words: string }
)

export type SegmentTest = {
  /** What it asks, as a marketer reads it: `orders in the last 30 days are at least 2`. */
  readonly words: string
  /** What it asks about: `orders in the last 30 days`. */
  readonly subject: string
} & (
  | {
      readonly kind: 'compare'
      readonly tree: Tree
      readonly type: 'number' | 'text'
      readonly op: Comparison
      /** None with known and missing. */
      readonly values: readonly (string | number)[]
      /** Of the value; null where it is text or has none. */
      readonly unit: string | null
    }
  | { readonly kind: 'age'; readonly leaf: number; readonly op: Comparison; readonly values: readonly number[] }
  | { readonly kind: 'anniversary'; readonly leaf: number; readonly withinDays: number }
)

/** `between` includes its ends. */
export type Comparison = Exclude<Operator, 'top'> | 'between'

/** Whether a value compares so; one that is missing does with `missing` alone. */
export function compares(value: FeatureValue, op: Comparison, values: readonly (string | number)[]): boolean {
  if (value === null) return op === 'missing'
  const one = values[0]
  switch (op) {
    case 'known':
      return true
    case 'missing':
      return false
    case 'in':
      return values.includes(value)
    case 'between':
      return value >= one! && value <= values[1]!
    case '=':
      return value === one
    case '!=':
      return value !== one
    case '>':
      return value > one!
    case '>=':
      return value >= one!
    case '<':
      return value < one!
    case '<=':
      return value <= one!
  }
}

/** The operand as a list. */
export const operandList = (value: Operand | undefined): readonly (string | number)[] =>
  value === undefined
    ? []
    : Array.isArray(value)
      ? value
      : [typeof value === 'boolean' ? String(value) : (value as string | number)]
