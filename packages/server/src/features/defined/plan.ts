import type { AggregateName, FeatureEntity, GivenExpression } from '@rapport/protocol'
import type { Scoring } from './scoring.ts'

/**
 * What definitions come down to: leaves, each computed once whoever asks for it, and trees of arithmetic above them. SQL,
 * the live engine and the reference interpreter all read this.
 */
export interface Plan {
  readonly leaves: readonly Leaf[]
  readonly features: readonly PlannedFeature[]
}

export interface PlannedFeature {
  readonly name: string
  readonly entity: FeatureEntity
  readonly type: 'number' | 'text'
  readonly tree: Tree
}

/** A leaf by its place in the plan, or arithmetic on numbers. Missing parts make it missing, but for what a model says. */
export type Tree =
  | { readonly kind: 'leaf'; readonly leaf: number }
  /** of / by; missing when `by` is zero. */
  | { readonly kind: 'ratio'; readonly of: Tree; readonly by: Tree }
  | { readonly kind: 'difference'; readonly of: Tree; readonly minus: Tree }
  /** (now − before) / (now + before); missing when the divisor is zero. */
  | { readonly kind: 'trend'; readonly now: Tree; readonly before: Tree }
  /** Each part times its weight, in this order, then `plus`. */
  | { readonly kind: 'sum'; readonly parts: readonly Tree[]; readonly times: readonly number[]; readonly plus: number }
  /** `of`, a number or a text, where `if` compares so with `than`; missing elsewhere. */
  | {
      readonly kind: 'given'
      readonly of: Tree
      readonly if: Tree
      readonly op: GivenExpression['given']['op']
      readonly than: number
    }
  /** What a model says of its inputs, which may be missing; missing where no model serves. */
  | { readonly kind: 'model'; readonly inputs: readonly Tree[]; readonly scoring: Scoring | null }

export type Leaf = AggregateLeaf | SequenceLeaf | TraitLeaf | ScoreLeaf

export interface AggregateLeaf {
  readonly kind: 'aggregate'
  readonly entity: FeatureEntity
  readonly aggregate: AggregateName
  /** The field that is aggregated, and how it is read; null where none is. */
  readonly of: { readonly field: string; readonly as: 'number' | 'text' } | null
  readonly pattern: Pattern
  readonly window: Window
  /** Of a decayed sum and of strongest, ms; null of others. */
  readonly halfLifeMs: number | null
  /** Of strongest: what a fact weighs that is one of those meant; several where it is meant by several. `pattern` is the first. */
  readonly weighed?: readonly WeighedPattern[]
}

export interface WeighedPattern {
  readonly pattern: Pattern
  readonly times: number
}

export interface SequenceLeaf {
  readonly kind: 'sequence'
  readonly entity: FeatureEntity
  readonly first: Pattern
  /** What must follow, or must not. */
  readonly next: Pattern
  readonly isNever: boolean
  readonly without: Pattern | null
  readonly withinMs: number
  readonly window: Window
}

export interface TraitLeaf {
  readonly kind: 'trait'
  readonly trait: string
  readonly as: 'number' | 'text'
}

export interface ScoreLeaf {
  readonly kind: 'score'
  readonly score: string
}

/** Which facts are meant: all conditions hold. */
export interface Pattern {
  readonly kind: 'event' | 'line'
  /** The event's name or the line's kind; null for events of any name. */
  readonly name: string | null
  readonly call: string | null
  readonly conditions: readonly Condition[]
}

/** Texts are compared as they are, numbers in millionths. What is missing meets none but `missing`. */
export type Condition = { readonly field: string } & (
  | { readonly op: '=' | '!='; readonly as: 'text'; readonly value: string }
  | { readonly op: '=' | '!=' | '>' | '>=' | '<' | '<='; readonly as: 'number'; readonly value: number }
  | { readonly op: 'in'; readonly as: 'text'; readonly value: readonly string[] }
  | { readonly op: 'in'; readonly as: 'number'; readonly value: readonly number[] }
  | { readonly op: 'within'; readonly as: 'text'; readonly value: string }
  | { readonly op: 'known' | 'missing'; readonly as: 'text' | 'number' }
)

export type Window =
  | { readonly kind: 'lifetime' }
  /** Of the buckets floor(ms / grainMs): B − skip − buckets + 1 … B − skip, where B is now's. */
  | { readonly kind: 'rolling'; readonly grainMs: number; readonly buckets: number; readonly skip: number }
  /** The period of the store's calendar that is `ago` before now's. */
  | { readonly kind: 'calendar'; readonly unit: 'day' | 'week' | 'month' | 'year'; readonly ago: number }
  /** Facts of the session of the customer's latest event that has one. */
  | { readonly kind: 'session' }
