import { z } from 'zod'

const moment = z.number().int().meta({ description: 'milliseconds since 1970' })

/** What may stand after the question mark of an erasure. */
export const erasureQuery = z.strictObject({
  suppress: z.stringbool().default(false).meta({ description: 'refuse what comes of this customer later, too' }),
})

export const erasureSearch = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) })

/** The receipt of an erasure. */
export const erasureReceipt = z
  .object({
    erasureId: z.string(),
    pseudonym: z.string().meta({ description: 'of the customer’s id, made with the store’s key' }),
    askedAt: moment,
    isSuppressed: z.boolean(),
    removedAt: moment.nullable().meta({ description: 'since when nothing of the person can be read' }),
    dueAt: moment.meta({ description: 'by when nothing of the person is left in the files' }),
    finishedAt: moment.nullable().meta({ description: 'since when nothing of the person is left in the files' }),
    removed: z
      .record(z.string(), z.record(z.string(), z.number().int()))
      .meta({ description: 'records removed, by part and table' }),
    modelsToRetrain: z.array(
      z.object({
        modelId: z.string(),
        purpose: z.string(),
        kind: z.string(),
        version: z.number().int(),
        asOf: moment,
      }),
    ),
    refused: z.number().int().meta({ description: 'records of the person that came again and were refused' }),
  })
  .meta({ id: 'ErasureReceipt', description: 'What an erasure removed and what is still to be done; names nobody.' })

export const erasureList = z.object({ erasures: z.array(erasureReceipt) }).meta({ id: 'ErasureList' })

/** Everything about one customer. */
export const customerExport = z
  .object({ customerId: z.string(), exportedAt: moment, knownAs: z.array(z.string()) })
  .catchall(z.unknown())
  .meta({ id: 'CustomerExport', description: 'Everything that is kept of one customer, by the part that keeps it.' })
