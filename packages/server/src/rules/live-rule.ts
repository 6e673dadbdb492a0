import { type FeatureExpression, featureExpression } from '@rapport/protocol'
import { z } from 'zod'
import { type PlacedError, wordOf } from '../base/index.ts'
import { expressionErrors } from '../features/index.ts'
import {
  comparison,
  type EventTest,
  key,
  leaves,
  type Operand,
  type Operator,
  operators,
  readTree,
  type TestReader,
  type TraitTest,
  type TreeOf,
  testReaders,
  wrong,
} from './rule.ts'

/**
 * Who belongs to a live segment. Every `Rule` is one; tests beside those are of features written in place, of scores and
 * of dates.
 */
export type LiveRule = TreeOf<LiveTest>

export type LiveTest =
  | LiveFeatureTest
  | ScoreTest
  | TraitTest
  | EventTest
  | AgeTest
  | AnniversaryTest
  | { readonly segment: string }

/** A defined feature by name, or an expression of the feature language. A missing value meets no test but `missing`. */
export interface LiveFeatureTest {
  readonly feature: string | FeatureExpression
  readonly op: Operator
  readonly value?: Operand | undefined
}

/** What the newest model says of the customer. */
export interface ScoreTest {
  readonly score: string
  readonly op: Operator
  readonly value?: Operand | undefined
}

/** Full years since the date that a trait holds, in the store's time zone. */
export interface AgeTest {
  readonly age: string
  readonly op: Operator
  readonly value?: Operand | undefined
}

/**
 * The day and month of the date that a trait holds come again within so many days, today being 0, in the store's time
 * zone. In a year without 29 February it is 1 March.
 */
export interface AnniversaryTest {
  readonly anniversary: string
  readonly withinDays: number
}

const featureTest = z.strictObject({
  feature: z.union([z.string().min(1).max(100), featureExpression]),
  ...comparison,
})

const schemas: Readonly<Record<string, z.ZodType<LiveTest>>> = {
  ...leaves,
  score: z.strictObject({
    score: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'must be the name of a score'),
    ...comparison,
  }),
  age: z.strictObject({ age: key, ...comparison }),
  anniversary: z.strictObject({ anniversary: key, withinDays: z.number().int().min(0).max(364) }),
}

/** `top` is refused where segments are planned, in words of its own: here it is only not offered. */
function lookAtOperator(node: object, pointer: string): readonly PlacedError[] {
  const { op } = node as { readonly op?: unknown }
  if (operators.some((known) => known === op)) return []
  const may = operators.filter((known) => known !== 'top').join(', ')
  return [wrong(`${pointer}/op`, `must be one of ${may}, got ${wordOf(op)}`)]
}

const tests: Readonly<Record<string, TestReader<LiveTest>>> = {
  ...testReaders(schemas),
  ...Object.fromEntries(
    (['trait', 'score', 'age'] as const).map((kind) => [kind, { schema: schemas[kind]!, look: lookAtOperator }]),
  ),
  feature: {
    schema: featureTest,
    // What is wrong with an expression is said of the kind of expression that it is.
    look: (node, pointer) => {
      const { feature } = node as { readonly feature?: unknown }
      const isExpression = typeof feature === 'object' && feature !== null
      return [
        ...(isExpression ? expressionErrors(feature, `${pointer}/feature`) : []),
        ...lookAtOperator(node, pointer),
      ]
    },
  },
}

/**
 * Reads the rule of a live segment, refusing what is not one with the place where it goes wrong.
 *
 * @param under pointer to the rule, where it is part of a document
 * @throws RapportError `segments.rule` with a JSON pointer, `features.definition` for an expression
 */
export function parseLiveRule(json: unknown, under = ''): LiveRule {
  return readTree<LiveTest>(json, under, tests)
}

/** What is wrong with JSON that is to be the rule of a live segment, and the tests of it that can be read. */
export interface LiveRuleParts {
  readonly errors: readonly PlacedError[]
  readonly tests: readonly { readonly test: LiveTest; readonly pointer: string }[]
}

/** Everything that keeps JSON from being the rule of a live segment, each once; and what can be read of it all the same. */
export function liveRuleParts(json: unknown, under = ''): LiveRuleParts {
  const errors = new Map<string, PlacedError>()
  const read: { readonly test: LiveTest; readonly pointer: string }[] = []
  readTree<LiveTest>(json, under, tests, {
    note: (error) => errors.set(error.message, error),
    keep: (test, pointer) => read.push({ test, pointer }),
  })
  return { errors: [...errors.values()], tests: read }
}
