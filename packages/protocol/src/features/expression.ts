import { z } from 'zod'
import { factField, factPattern } from './pattern.ts'
import { duration, featureWindow } from './window.ts'

/**
 * - `count`: facts; 0 when there are none
 * - `sum`: of the values that are known; 0 when there are none
 * - `average`, `min`, `max`: of the values that are known; missing when there are none
 * - `distinct`: different texts; 0 when there are none
 * - `first`, `last`: the value of the earliest or latest fact that has one, by moment and then by the facts' keys
 * - `most-frequent`: the text that the most facts have, of equally many the smallest by code points
 * - `strongest`: the text whose facts weigh the most, each halved as often as its half-life has passed up to the latest of
 *   them, times its weight; facts of `also` weigh with them. Of those that reach the largest sum but for a billionth of it the
 *   smallest by code points
 * - `time-since-first`, `time-since-last`: days (of 24 hours) up to now, from the earliest or latest fact
 * - `span`: days from the earliest to the latest fact; missing when there are none
 * - `decayed-sum`: of values, or of ones without a field, each halved as often as its half-life has passed
 * - `gap-mean`, `gap-deviation`: days between moments that follow each other, equal moments being one; the deviation is
 *   that of a sample, and missing with fewer than two gaps
 */
export const aggregateNames = [
  'count',
  'sum',
  'average',
  'min',
  'max',
  'distinct',
  'first',
  'last',
  'most-frequent',
  'strongest',
  'time-since-first',
  'time-since-last',
  'span',
  'decayed-sum',
  'gap-mean',
  'gap-deviation',
] as const
export type AggregateName = (typeof aggregateNames)[number]

/** From 0.001 to 1000: sums of weights of a billionth would be taken for nothing. */
const weight = z.number().min(0.001).max(1000)

/** An aggregate over the facts of an entity. */
export const aggregateExpression = z
  .strictObject({
    aggregate: z.enum(aggregateNames),
    of: factField.optional().meta({ description: 'the field that is summed, averaged, taken or told apart' }),
    as: z
      .enum(['number', 'text'])
      .optional()
      .meta({ description: 'how first and last read a field of the properties; default text' }),
    from: factPattern,
    window: featureWindow.optional(),
    halfLife: duration.optional().meta({ description: 'of a decayed sum, and of strongest' }),
    times: weight.optional().meta({ description: 'of strongest: what a fact weighs; default 1' }),
    also: z
      .array(z.strictObject({ from: factPattern, times: weight.optional() }))
      .min(1)
      .max(10)
      .optional()
      .meta({ description: 'of strongest: facts that weigh with those of from' }),
  })
  .meta({ id: 'AggregateExpression' })
export type AggregateExpression = z.infer<typeof aggregateExpression>

/**
 * How many facts of `first` were followed by one of `next` within a time, with none of `without` in between; or, with
 * `never`, by none of it although the time is over. Follows means later by moment and then by key; the first of `next`
 * that follows counts. A window is over the moments of `first`.
 */
export const sequenceExpression = z
  .strictObject({
    sequence: z
      .strictObject({
        first: factPattern,
        next: factPattern.optional(),
        never: factPattern.optional(),
        without: factPattern.optional(),
        within: duration,
      })
      .refine((it) => (it.next === undefined) !== (it.never === undefined), 'must have exactly one of next and never')
      .refine((it) => it.never === undefined || it.without === undefined, {
        path: ['without'],
        message: 'must be left out with never',
      }),
    window: featureWindow.optional(),
  })
  .meta({ id: 'SequenceExpression' })
export type SequenceExpression = z.infer<typeof sequenceExpression>

/** (now − before) / (now + before) of an aggregate over a rolling window and the one of the same length before it. */
export const trendExpression = z
  .strictObject({
    trend: aggregateExpression.refine(
      ({ aggregate, window }) =>
        ['count', 'sum', 'distinct'].includes(aggregate) && window !== undefined && 'last' in window,
      'must be a count, sum or distinct over a rolling window',
    ),
  })
  .meta({ id: 'TrendExpression' })
export type TrendExpression = z.infer<typeof trendExpression>

/** The latest known value of a trait. */
export const traitExpression = z
  .strictObject({
    trait: z.string().regex(/^[\p{L}\p{N}_ .-]{1,100}$/u, 'must be of letters, digits, space, _, . and -'),
    as: z.enum(['number', 'text']).default('text'),
  })
  .meta({ id: 'TraitExpression' })
export type TraitExpression = z.infer<typeof traitExpression>

/** What the newest model says of the customer. */
export const scoreExpression = z
  .strictObject({ score: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'must be the name of a score') })
  .meta({ id: 'ScoreExpression' })
export type ScoreExpression = z.infer<typeof scoreExpression>

export const featureName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}$/, 'must be of a-z, 0-9 and _, a letter first, at most 60')

/** Values are handed out beside these. */
const columnsOfEntities: ReadonlySet<string> = new Set(['customer_id', 'product_id', 'category'])

/** Another definition of the same entity. */
export const featureReference = z.strictObject({ feature: featureName }).meta({ id: 'FeatureReference' })
export type FeatureReference = z.infer<typeof featureReference>

/** Missing when the divisor is zero or either part is missing. */
export interface RatioExpression {
  readonly ratio: { readonly of: FeatureExpression; readonly by: FeatureExpression }
}

/** Missing when either part is. */
export interface DifferenceExpression {
  readonly difference: { readonly of: FeatureExpression; readonly minus: FeatureExpression }
}

/** Each part times its weight, added up, and `plus`; missing when any part is. */
export interface SumExpression {
  readonly sum: readonly { readonly of: FeatureExpression; readonly times?: number | undefined }[]
  readonly plus?: number | undefined
}

export const givenOperators = ['=', '!=', '>', '>=', '<', '<='] as const

/** The value of `of`, a number or a text, where `if` compares so; missing where it does not, or `if` is missing. */
export interface GivenExpression {
  readonly given: {
    readonly of: FeatureExpression
    readonly if: FeatureExpression
    readonly op: (typeof givenOperators)[number]
    readonly than: number
  }
}

/** What the model of a prediction about sessions says of the customer now; missing where none serves. */
export const modelExpression = z
  .strictObject({ model: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be the name of a prediction') })
  .meta({ id: 'ModelExpression' })
export type ModelExpression = z.infer<typeof modelExpression>

export type FeatureExpression =
  | AggregateExpression
  | SequenceExpression
  | TrendExpression
  | TraitExpression
  | ScoreExpression
  | FeatureReference
  | RatioExpression
  | DifferenceExpression
  | SumExpression
  | GivenExpression
  | ModelExpression

const factor = z.number().min(-1e9).max(1e9)

/** @param part what parts are */
export const sumExpression = <Part extends z.ZodType>(part: Part) =>
  z.strictObject({
    sum: z
      .array(z.strictObject({ of: part, times: factor.optional().meta({ description: 'default 1' }) }))
      .min(1)
      .max(50),
    plus: factor.optional().meta({ description: 'added at the end; default 0' }),
  })

/** @param part what parts are */
export const givenExpression = <Part extends z.ZodType>(part: Part) =>
  z.strictObject({
    given: z.strictObject({ of: part, if: part, op: z.enum(givenOperators), than: factor }),
  })

/** An expression of any kind. */
export const featureExpression: z.ZodType<FeatureExpression> = z.lazy(() =>
  z.union([
    aggregateExpression,
    sequenceExpression,
    trendExpression,
    traitExpression,
    scoreExpression,
    featureReference,
    z.strictObject({ ratio: z.strictObject({ of: featureExpression, by: featureExpression }) }),
    z.strictObject({ difference: z.strictObject({ of: featureExpression, minus: featureExpression }) }),
    sumExpression(featureExpression),
    givenExpression(featureExpression),
    modelExpression,
  ]),
)

/**
 * Whose value it is: a customer's, a product's, a category's, or that of a customer with a product or category. Facts
 * without the product or category that an entity is made of belong to none.
 */
export const featureEntity = z.enum(['customer', 'product', 'category', 'customer-product', 'customer-category'])
export type FeatureEntity = z.infer<typeof featureEntity>

/** A feature as somebody declares it: written once, computed over all of history and kept true now. */
export const featureDefinition = z
  .strictObject({
    name: featureName.refine(
      (name) => !columnsOfEntities.has(name),
      'must not be the name of what says whose a value is',
    ),
    label: z.string().min(1).max(200).meta({ description: 'in words, to be read after “average”' }),
    entity: featureEntity.default('customer'),
    unit: z.string().min(1).max(40).optional(),
    value: featureExpression,
  })
  .meta({ id: 'FeatureDefinition' })
export type FeatureDefinition = z.infer<typeof featureDefinition>
