import { z } from 'zod'

const pointer = z
  .string()
  .max(512)
  .regex(/^(\/[^/]+)+$/, 'it must be a JSON pointer like /properties/price')
  .refine((text) => !text.split('/').includes('__proto__'), 'it must not reach a prototype')
  .meta({ description: 'JSON pointer into the call' })

/** One step of mending a call. What is not there stays so, except where `set` puts it. */
export const mend = z
  .discriminatedUnion('op', [
    z.strictObject({ op: z.literal('rename'), from: pointer, to: pointer }),
    z.strictObject({ op: z.literal('set'), at: pointer, value: z.unknown() }),
    z.strictObject({ op: z.literal('cast'), at: pointer, to: z.enum(['number', 'text', 'date']) }),
    z.strictObject({ op: z.literal('drop'), at: pointer }),
  ])
  .meta({
    id: 'Mend',
    description: 'rename moves a field, set gives it a value, cast changes its type, drop leaves it out',
  })
export type Mend = z.infer<typeof mend>

/** Steps in their order; each sees what the one before made. */
export const mends = z.array(mend).max(100)

/** Which calls in quarantine: those that fit all that is given. */
export const whichCalls = z.strictObject({
  code: z.string().max(128).optional().meta({ description: 'why they are there, by its code' }),
  pointer: z
    .string()
    .max(512)
    .optional()
    .meta({ description: 'where they broke a rule; * stands for any place of a list' }),
  calls: z.array(z.string().max(64)).max(1000).optional().meta({ description: 'by their ids' }),
})
export type WhichCalls = z.infer<typeof whichCalls>

export const replayRequest = z
  .strictObject({
    ...whichCalls.shape,
    mends: mends.default([]),
    dryRun: z.boolean().default(false).meta({ description: 'say what would come of it, and change nothing' }),
    limit: z.number().int().min(1).max(100_000).default(10_000).meta({ description: 'calls to try at most' }),
  })
  .meta({ id: 'ReplayRequest' })
export type ReplayRequest = z.infer<typeof replayRequest>

const count = z.number().int().nonnegative()

/** Why calls are in quarantine, and how many. */
export const callReason = z
  .strictObject({
    code: z.string(),
    pointer: z.string().meta({ description: 'JSON pointer into the call; * stands for any place of a list' }),
    calls: count,
    example: z.string().meta({ description: 'what must hold and what was got, of the first of them' }),
  })
  .meta({ id: 'CallReason' })
export type CallReason = z.infer<typeof callReason>

/** What a replay did, or would do: tried = accepted + duplicates + refused + failed. */
export const replaySummary = z
  .strictObject({
    tried: count,
    accepted: count,
    duplicates: count.meta({ description: 'in the log already under their ids; they leave quarantine too' }),
    refused: count.meta({ description: 'their persons refuse that they are kept; they leave quarantine too' }),
    failed: count.meta({ description: 'still broken; they stay' }),
    reasons: z.array(callReason).meta({ description: 'what still fails, the most frequent first' }),
    left: z.boolean().meta({ description: 'whether there are more than the limit to try' }),
    dryRun: z.boolean(),
  })
  .meta({ id: 'ReplaySummary' })
export type ReplaySummary = z.infer<typeof replaySummary>

/** A call in quarantine. */
export const quarantinedCall = z
  .strictObject({
    callId: z.string(),
    code: z.string(),
    reason: z.string(),
    pointer: z.string(),
    receivedAt: z.iso.datetime(),
    index: count.meta({ description: 'its place in its batch, from 0' }),
    call: z.unknown().meta({ description: 'as it was sent' }),
  })
  .meta({ id: 'QuarantinedCall' })
export type QuarantinedCall = z.infer<typeof quarantinedCall>

export const quarantinedCalls = z
  .object({
    calls: z.array(quarantinedCall),
    next: z.string().nullable().meta({ description: 'what to give as `after` for more; null at the end' }),
  })
  .meta({ id: 'QuarantinedCalls' })

export const callReasons = z.object({ reasons: z.array(callReason) }).meta({ id: 'CallReasons' })
