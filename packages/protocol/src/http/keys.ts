import { z } from 'zod'

const milliseconds = z.number().meta({ description: 'milliseconds since 1970' })

/** What an API key may do; `admin` is all of them. */
export const scopes = {
  'customers.read': 'customers, their timelines, identities, consents and scores; segments, predictions and numbers',
  'customers.erase': 'everything about one customer as a file, and its erasure',
  'identities.write': 'which identities are one customer',
  'consents.write': 'decisions about purposes',
  'products.write': 'the catalogue',
  'definitions.write': 'features and segments: declaring them, and who is in lists',
  'sources.manage': 'connectors, incoming webhooks and their mappings',
  'events.manage': 'the tracking plan, quarantine and replay',
  'jobs.run': 'long work: the analysis, learning a prediction, and how it stands',
  'metrics.read': 'how the server does',
  admin: 'all of these, and keys, operators and the audit log',
} as const

export type Scope = keyof typeof scopes

export const scope = z.enum(Object.keys(scopes) as [Scope, ...Scope[]]).meta({
  id: 'Scope',
  description: Object.entries(scopes)
    .map(([name, meaning]) => `${name}: ${meaning}`)
    .join('; '),
})

export const apiKeyDocument = z
  .object({
    keyId: z.string(),
    name: z.string(),
    scopes: z.array(scope),
    createdAt: milliseconds,
    expiresAt: milliseconds.nullable(),
    usedAt: milliseconds.nullable().meta({ description: 'to the minute' }),
    previousUntil: milliseconds
      .nullable()
      .meta({ description: 'until when the secret before the last rotation holds' }),
    revokedAt: milliseconds.nullable(),
  })
  .meta({ id: 'ApiKey' })

export const writeKeyDocument = z
  .object({ writeKey: z.string(), name: z.string(), createdAt: milliseconds, revokedAt: milliseconds.nullable() })
  .meta({ id: 'WriteKey' })

export const keyList = z
  .object({ writeKeys: z.array(writeKeyDocument), apiKeys: z.array(apiKeyDocument) })
  .meta({ id: 'KeyList' })

export const keyRequest = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    scopes: z.array(scope).min(1),
    expiresAt: milliseconds.nullable().default(null),
  })
  .meta({ id: 'ApiKeyRequest' })

export const newKey = apiKeyDocument
  .extend({ secret: z.string().meta({ description: 'shown once' }) })
  .meta({ id: 'NewApiKey' })

export const keyRotation = z
  .strictObject({
    graceSeconds: z.int().min(0).max(2_592_000).default(86_400).meta({ description: 'how long the old secret holds' }),
  })
  .meta({ id: 'ApiKeyRotation' })

export const revoked = z.object({ revoked: z.string() }).meta({ id: 'Revoked' })
