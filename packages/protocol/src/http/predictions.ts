import { z } from 'zod'
import { predictionDefinition } from '../prediction.ts'

const milliseconds = z.number().meta({ description: 'milliseconds since 1970' })

const figure = z.object({
  name: z.string(),
  value: z.number().nullable().meta({ description: 'null where it cannot be told' }),
  interval: z.object({ low: z.number(), high: z.number() }).nullable().meta({ description: '95 %' }),
})

/** A model of a prediction, and how good it was on customers or days that it had not seen. */
export const predictionModel = z
  .object({
    modelId: z.string(),
    version: z.number(),
    serves: z.boolean(),
    because: z.string().meta({ description: 'why it serves, or does not' }),
    method: z.string(),
    asOf: milliseconds,
    decidedAt: milliseconds,
    figures: z.array(figure).meta({ description: 'the first is what models are compared by' }),
    baseline: z
      .object({ name: z.string(), figures: z.array(figure) })
      .nullable()
      .meta({ description: 'null where the model cannot be read' }),
    unread: z
      .string()
      .nullable()
      .meta({ description: 'why it cannot be read and has no figures, and what to do; null where it can' }),
  })
  .meta({ id: 'PredictionModel' })

export const predictionSummary = z
  .object({
    name: z.string(),
    label: z.string(),
    score: z.string().nullable().meta({ description: 'what its score is called; null for a forecast of the shop' }),
    version: z.number().meta({ description: 'of the declaration; 0 for one that comes with the product' }),
    isOff: z.boolean(),
    definition: predictionDefinition,
    serving: predictionModel.nullable(),
    models: z.number().meta({ description: 'made so far' }),
  })
  .meta({ id: 'PredictionSummary' })

export const predictionList = z
  .object({
    predictions: z.array(predictionSummary),
    unusable: z
      .array(z.object({ name: z.string(), because: z.string() }))
      .meta({ description: 'those of the product that this store holds nothing for' }),
  })
  .meta({ id: 'PredictionList' })

export const predictionDocument = predictionSummary
  .extend({
    models: z
      .array(predictionModel.extend({ card: z.unknown().meta({ description: 'null where the model cannot be read' }) }))
      .meta({ description: 'the newest first' }),
    drift: z
      .object({ modelId: z.string(), asOf: milliseconds, lookedAt: milliseconds, report: z.unknown() })
      .nullable()
      .meta({ description: 'how far customers had moved when they were scored last' }),
  })
  .meta({ id: 'Prediction' })

export const trainingRequest = z
  .strictObject({
    scores: z.boolean().default(true).meta({ description: 'whether customers are scored anew afterwards' }),
  })
  .meta({ id: 'TrainingRequest' })
