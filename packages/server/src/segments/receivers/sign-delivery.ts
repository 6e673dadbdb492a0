import { createHmac } from 'node:crypto'
import type { Instant } from '../../base/index.ts'

/**
 * The headers that prove who sends a delivery, by the Standard Webhooks specification 1.0.0: HMAC-SHA256 of id, moment and
 * body, so that none of them can be changed, and an old delivery not be sent again.
 *
 * @param secrets each `whsec_` and base64; a receiver takes a delivery that one of them has signed
 */
export function signedHeaders(
  secrets: readonly string[],
  { id, at, body }: { readonly id: string; readonly at: Instant; readonly body: string },
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
