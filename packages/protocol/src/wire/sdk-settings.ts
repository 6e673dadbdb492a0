import { z } from 'zod'

/** What Segment's SDKs ask for before they send: where to, and that nothing else is to be loaded or measured. */
export const sdkSettings = z
  .object({
    integrations: z.object({
      'Segment.io': z.object({
        apiKey: z.string(),
        apiHost: z.string().meta({ description: 'host and path of the tracking API, without the protocol' }),
        protocol: z.enum(['http', 'https']),
      }),
    }),
    plan: z.object({}),
    edgeFunction: z.object({}),
    middlewareSettings: z.object({}),
    metrics: z.object({ sampleRate: z.literal(0) }),
  })
  .meta({ id: 'SdkSettings' })
export type SdkSettings = z.infer<typeof sdkSettings>
