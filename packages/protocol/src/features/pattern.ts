import { z } from 'zod'

/** What a fact says: a column of its source, or `properties.` and a path of keys: `properties.plan.name`. */
export const factField = z
  .string()
  .max(200)
  .regex(
    /^([a-z][a-z0-9_]*|properties(\.[\p{L}\p{N}_ -]{1,60}){1,5})$/u,
    'must be a column such as product_id, or properties. and a key of letters, digits, space, _ and -',
  )

const scalar = z.union([z.string().max(1000), z.number(), z.boolean()])

/** `within` is of paths: `Women` holds `Women > Dresses`. Where the field is missing only `missing` holds. */
export const conditionOperators = ['=', '!=', '>', '>=', '<', '<=', 'in', 'within', 'known', 'missing'] as const

export const factCondition = z
  .strictObject({
    field: factField,
    op: z.enum(conditionOperators),
    value: z
      .union([
        scalar,
        z
          .array(z.union([z.string().max(1000), z.number()]))
          .min(1)
          .max(1000),
      ])
      .optional(),
  })
  .superRefine(({ op, value }, context) => {
    const must = operandOf(op, value)
    if (must !== undefined) context.addIssue({ code: 'custom', path: ['value'], message: must })
  })
  .meta({ id: 'FactCondition' })
export type FactCondition = z.infer<typeof factCondition>

/** What the value must be, where it is something else. */
function operandOf(op: FactCondition['op'], value: unknown): string | undefined {
  switch (op) {
    case 'known':
    case 'missing':
      return value === undefined ? undefined : `must be left out with ${op}`
    case 'in':
      return Array.isArray(value) ? undefined : 'must be a list with in'
    case 'within':
      return typeof value === 'string' ? undefined : 'must be a path such as Women > Dresses with within'
    case '=':
    case '!=':
      return value === undefined || Array.isArray(value) ? `must be one value with ${op}` : undefined
    default:
      return typeof value === 'number' ? undefined : `must be a number with ${op}`
  }
}

const where = z.array(factCondition).max(20).optional()

/** What was received over the wire or imported, of this name, or of any. */
export const eventPattern = z.strictObject({
  events: z.union([z.string().trim().min(1).max(512), z.literal(true)]).meta({
    description: 'the name of the event; true for events of any name',
  }),
  call: z.enum(['track', 'page', 'screen', 'identify', 'group', 'alias']).optional(),
  where,
})

/** Lines of orders, of this kind. */
export const linePattern = z.strictObject({ lines: z.enum(['sale', 'cancellation', 'adjustment']), where })

/** Which facts are meant. */
export const factPattern = z.union([eventPattern, linePattern]).meta({ id: 'FactPattern' })
export type FactPattern = z.infer<typeof factPattern>
