import { z } from 'zod'
import { sourceDefinition } from '../source.ts'

const milliseconds = z.number().meta({ description: 'milliseconds since 1970' })

/** A source, and how its runs went. */
export const sourceView = z
  .object({
    name: z.string(),
    definition: sourceDefinition,
    createdAt: milliseconds,
    ranAt: milliseconds.nullable().meta({ description: 'when a run last came to its end' }),
    result: z
      .object({
        read: z.number(),
        accepted: z.number(),
        duplicates: z.number(),
        quarantined: z.number(),
        ignored: z.number(),
        unseen: z.array(z.string()).meta({ description: 'fields of the mapping that no record had' }),
      })
      .loose()
      .nullable()
      .meta({ description: 'what that run took' }),
    failure: z.string().nullable().meta({ description: 'what has kept the runs since from their end' }),
    failedAt: milliseconds.nullable(),
    waitUntil: milliseconds.nullable().meta({ description: 'the other side asked not to be asked before' }),
  })
  .meta({ id: 'Source' })

export const sourceList = z.object({ sources: z.array(sourceView) }).meta({ id: 'SourceList' })

/** What proves to another side who asks. */
export const secretDraft = z
  .strictObject({
    origin: z
      .string()
      .max(2000)
      .meta({ description: 'the host that it is sent to, and no other: https://api.example' }),
    value: z.string().min(1).max(8192).meta({ description: 'never shown again' }),
  })
  .meta({ id: 'SecretDraft' })

export const secretView = z
  .object({ name: z.string(), origin: z.string(), createdAt: milliseconds })
  .meta({ id: 'Secret' })

export const secretList = z.object({ secrets: z.array(secretView) }).meta({ id: 'SecretList' })
