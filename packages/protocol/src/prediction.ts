import { z } from 'zod'
import { purpose } from './consent.ts'
import { featureName } from './features/expression.ts'

const key = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\p{L}\p{N}_ .-]+$/u, 'must be of letters, digits, space, _, . and -')
const scalar = z.union([z.string().max(1000), z.number(), z.boolean()])
const conditions = z
  .record(key, scalar)
  .refine((where) => Object.keys(where).length <= 50, 'must have at most 50 conditions')
const eventName = z.string().trim().min(1).max(512)

/** What may happen to a customer: an event of a name, with columns or properties as given; or a purchase. */
export const occurrence = z.union([
  z.strictObject({ event: eventName, where: conditions.optional() }),
  z.strictObject({
    purchase: z.literal(true, { error: 'must be true; a category goes beside it' }),
    category: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .optional()
      .meta({ description: 'of this category or below: Women > Dresses' }),
  }),
])
export type Occurrence = z.infer<typeof occurrence>

/** What is asked of each customer, or of the shop, over the horizon. */
export const predictionTarget = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('happens'),
      of: occurrence,
      isAbsence: z.boolean().optional().meta({ description: 'whether it is asked for not happening' }),
    })
    .meta({ description: 'whether something happens' }),
  z
    .strictObject({ kind: z.literal('trait'), trait: key, becomes: scalar.optional() })
    .meta({ description: 'whether a trait changes, or becomes a value' }),
  z
    .strictObject({
      kind: z.literal('amount'),
      of: z.union([
        z.literal('spend'),
        z.strictObject({ event: eventName, property: key, where: conditions.optional() }),
      ]),
    })
    .meta({ description: 'what money spent, or a property of events, sums up to' }),
  z.strictObject({ kind: z.literal('when'), of: occurrence }).meta({ description: 'when something happens next' }),
  z
    .strictObject({ kind: z.literal('series'), of: z.literal('revenue') })
    .meta({ description: 'what the shop sells a day' }),
  z
    .strictObject({ kind: z.literal('session'), of: z.strictObject({ purchase: z.literal(true) }) })
    .meta({ description: 'whether an order comes later in the session that goes on' }),
])
export type PredictionTarget = z.infer<typeof predictionTarget>

/** Families of the catalogue of features. */
export const featureFamily = z.enum([
  'purchases',
  'rhythm',
  'products',
  'returns and discounts',
  'habits',
  'engagement',
  'first purchase',
  'traits',
  'declared',
])

/** A prediction as it is declared: who is asked what, from what it is told, and on which consent. */
export const predictionDefinition = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be of a-z, 0-9 and -, a letter first, at most 40'),
    label: z.string().min(1).max(200).meta({ description: 'in words, to be read after “predicts”' }),
    population: z
      .union([z.literal('everybody'), z.record(z.string(), z.unknown())])
      .default('everybody')
      .meta({ description: 'who is asked about: everybody, or a rule of segments' }),
    cutOff: z.iso
      .datetime({ error: 'must be a moment such as 2025-09-01T00:00:00Z' })
      .optional()
      .meta({ description: 'moment of the hold-out; without it the latest whose horizon is over' }),
    horizonDays: z.number().int().min(1).max(365),
    target: predictionTarget,
    features: z
      .union([z.literal('all'), z.array(z.union([featureFamily, featureName])).min(1)])
      .default('all')
      .meta({ description: 'families and names of the catalogue, declared features among them' }),
    purpose: purpose
      .default('profiling')
      .meta({ description: 'who did not agree to it is neither trained on nor scored' }),
    score: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,59}$/, 'must be of a-z, 0-9 and _, a letter first, at most 60')
      .optional()
      .meta({ description: 'name of the score as a feature; without it the name, with _ for -' }),
    as: z.enum(['probability', 'points']).default('probability').meta({ description: 'points run from 0 to 100' }),
  })
  .meta({ id: 'PredictionDefinition' })
export type PredictionDefinition = z.infer<typeof predictionDefinition>
