import { z } from 'zod'
import { basis, purpose } from '../consent.ts'

const moment = z.string().meta({ description: 'ISO 8601, UTC' })

/** What one customer agreed to or refused. */
export const consentDecision = z
  .strictObject({
    customerId: z.string().trim().min(1).max(512).meta({ description: 'the customer, by any of their ids' }),
    decision: z.enum(['grant', 'deny', 'withdraw']).meta({
      description: 'withdraw takes back what was granted; both it and deny refuse',
    }),
    purposes: z.array(purpose).min(1).max(6).meta({ description: 'what it is about' }),
    basis: basis.default('consent').meta({ description: 'why it may be done; of a refusal it says nothing' }),
    textVersion: z.string().max(200).optional().meta({ description: 'the text that they agreed to' }),
    proof: z
      .record(z.string().max(100), z.unknown())
      .default({})
      .meta({ description: 'what proves it: a form, a call, a letter; kept as given' }),
    decidedAt: z.iso.datetime({ offset: true }).optional().meta({ description: 'default: now' }),
  })
  .meta({ id: 'ConsentDecision' })
export type ConsentDecision = z.infer<typeof consentDecision>

/** What holds for one customer and purpose. */
export const consentStanding = z
  .object({
    purpose,
    isGranted: z.boolean(),
    because: z.enum(['decided', 'basis', 'region']).meta({
      description:
        'decided by the customer or an import; else the basis that the shop declared, or the default of the region',
    }),
    decidedAt: moment.nullable(),
  })
  .meta({ id: 'ConsentStanding' })

/** What holds for one customer, and how it came to that. */
export const customerConsents = z
  .object({
    region: z.enum(['opt-in', 'opt-out', 'unknown']),
    standings: z.array(consentStanding),
    history: z.array(
      z.object({
        receivedId: z.string().meta({ description: 'the id that it came with' }),
        purpose,
        decision: z.enum(['granted', 'denied', 'withdrawn']),
        basis: z.string(),
        source: z.string().meta({ description: 'browser, signal, api, command, import' }),
        textVersion: z.string().nullable(),
        proof: z.unknown(),
        decidedAt: moment,
        recordedAt: moment.nullable(),
      }),
    ),
  })
  .meta({ id: 'CustomerConsents' })

/** What holds for whoever decided nothing. */
export const consentDefaults = z
  .strictObject({
    rule: z.enum(['analytics-only', 'by-region']).meta({
      description: 'by-region: where the law lets people opt out, everything until they do; elsewhere analytics only',
    }),
    declared: z
      .strictObject({ basis, purposes: z.array(purpose).min(1).max(6) })
      .nullable()
      .meta({ description: 'a basis that the shop claims for these purposes; what a person decided stands before it' }),
  })
  .meta({ id: 'ConsentDefaults' })

/** The defaults as they hold. */
export const heldConsentDefaults = z
  .object({
    rule: consentDefaults.shape.rule,
    declared: z.object({ basis, purposes: z.array(purpose), declaredAt: moment }).nullable(),
  })
  .meta({ id: 'HeldConsentDefaults' })
