import { z } from 'zod'
import { featureDefinition, featureEntity } from '../features/expression.ts'

const milliseconds = z.number().meta({ description: 'milliseconds since 1970' })
const value = z.union([z.number(), z.string()]).nullable().meta({ description: 'null where it is missing' })

/** What a feature of a customer with products or categories comes to with each. */
export const pairValues = z
  .object({
    name: z.string().meta({ description: 'of the feature' }),
    entity: z.enum(['customer-product', 'customer-category']),
    values: z
      .array(
        z.object({
          key: z.string().meta({ description: 'id of the product, or the category' }),
          value: z.union([z.number(), z.string()]),
        }),
      )
      .meta({ description: 'the greatest first, at most 20; those that nothing is known of are left out' }),
    more: z.number().meta({ description: 'how many others there are' }),
  })
  .meta({ id: 'PairValues' })

/** Something that keeps a definition of a feature or segment from being declared. */
export const definitionProblem = z
  .object({
    index: z.number().meta({ description: 'which of the definitions sent, from 0' }),
    name: z.string().nullable().meta({ description: 'what it calls itself; null where that cannot be read' }),
    code: z.string(),
    message: z.string(),
    pointer: z.string().meta({ description: 'JSON pointer into the definition' }),
  })
  .meta({ id: 'DefinitionProblem' })

/** Whether definitions can be declared together beside those that there are. */
export const definitionCheck = z
  .object({ isValid: z.boolean(), problems: z.array(definitionProblem) })
  .meta({ id: 'DefinitionCheck' })

export const featureSummary = z
  .object({
    name: z.string(),
    label: z.string(),
    entity: featureEntity,
    unit: z.string().nullable(),
    version: z.number(),
    declaredAt: milliseconds,
    uses: z.array(z.string()).meta({ description: 'features that it is made of' }),
    usedBy: z
      .array(z.string())
      .meta({ description: 'features, then what else is made of it: “segment rule.lapsing”; while any is, it stays' }),
    catalogueName: z.string().nullable().meta({
      description:
        'what rules and predictions of the analysis call it: own_ and its name where the catalogue has that name already; null where it is not of a customer',
    }),
  })
  .meta({ id: 'FeatureSummary' })

export const featureList = z.object({ features: z.array(featureSummary) }).meta({ id: 'FeatureList' })

export const featureDocument = featureSummary
  .extend({
    definition: featureDefinition,
    versions: z
      .array(
        z.object({
          version: z.number(),
          declaredAt: milliseconds,
          definition: featureDefinition.nullable().meta({ description: 'null where it was removed' }),
        }),
      )
      .meta({ description: 'the latest first' }),
  })
  .meta({ id: 'FeatureDocument' })

/** One definition, or several that may name each other. */
export const featureDeclarations = z
  .union([featureDefinition, z.array(featureDefinition).min(1).max(1000)])
  .meta({ id: 'FeatureDeclarations' })

export const declaredList = z
  .object({
    declared: z.array(
      z.object({
        name: z.string().meta({ description: 'of a feature; the id of a segment' }),
        version: z.number(),
        isNew: z.boolean().meta({ description: 'false where it says what the version before says' }),
      }),
    ),
    notes: z.array(z.string()).meta({ description: 'what whoever declares should know' }),
  })
  .meta({ id: 'DeclaredList' })

export const valuesRequest = z
  .strictObject({
    customers: z.array(z.string().min(1).max(512)).min(1).max(1000),
    asOf: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'ISO 8601; values are of what was known by then. Default: now' }),
    features: z
      .array(z.string())
      .min(1)
      .max(1000)
      .optional()
      .meta({ description: 'by name, of customers or of them with a product or category. Default: all of these' }),
  })
  .meta({ id: 'FeatureValuesRequest' })
export type ValuesRequest = z.infer<typeof valuesRequest>

export const valuesAnswer = z
  .object({
    asOf: milliseconds,
    customers: z.array(
      z.object({
        customerId: z.string(),
        values: z.record(z.string(), value).meta({ description: 'of features of customers, by name' }),
        pairs: z.array(pairValues).meta({ description: 'features of the customer with products or categories' }),
      }),
    ),
    unknown: z.array(z.string()).meta({ description: 'ids that name nobody' }),
  })
  .meta({ id: 'FeatureValues' })
