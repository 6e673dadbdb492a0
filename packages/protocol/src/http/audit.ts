import { z } from 'zod'

const id = z.string().max(64)

export const auditSearch = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100).meta({ description: 'at most this many' }),
  before: id.optional().meta({ description: 'only what is older than this entry' }),
  actor: id.optional().meta({ description: 'only what this operator or key did' }),
  action: id.optional().meta({ description: 'only this: customers.erase, keys.create' }),
  target: id.optional().meta({ description: 'only what was done to this' }),
})

export const auditLog = z
  .object({
    entries: z.array(
      z.object({
        auditId: z.string(),
        at: z.number().meta({ description: 'milliseconds since 1970' }),
        actor: z.string(),
        action: z.string(),
        target: z.string().nullable().meta({ description: 'persons by a keyed pseudonym' }),
        detail: z.unknown(),
      }),
    ),
  })
  .meta({ id: 'AuditLog' })
