import { createHmac, timingSafeEqual } from 'node:crypto'
import type { WebhookSignature } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'

/** What is checked of a request: its body as it came, before anything was unpacked or read. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
  readonly receivedAt: Instant
}

/** How far the moment that was signed may be from ours, ms: a request that was caught cannot be sent again later. */
const toleranceMs = 5 * 60 * 1000

/** A signature that a request has: what was signed, and what its sender says that the digest of it is. */
interface Claim {
  readonly signed: readonly (string | Buffer)[]
  readonly digests: readonly Buffer[]
  /** When it was signed, where that is signed too. */
  readonly signedAt?: Instant
}

/**
 * Whether a request comes from somebody who has one of the secrets, and comes now.
 *
 * @returns in words what must hold and does not; undefined when all of it does
 */
export function faultOfSignature(
  kind: WebhookSignature,
  secrets: readonly string[],
  request: SignedRequest,
): string | undefined {
  if (kind === 'path') return undefined
  const { claimOf, must } = kinds[kind]
  const claim = claimOf(request)
  const isSigned = claim !== undefined && secrets.some((secret) => isSignedWith(secret, claim))
  if (!isSigned) return `the request must be signed with the webhook’s secret: ${must}`
  const { signedAt } = claim
  if (signedAt !== undefined && !(Math.abs(request.receivedAt - signedAt) <= toleranceMs)) {
    return 'the request must be signed within five minutes of this server’s clock'
  }
  return undefined
}

/** Every digest is compared, each in constant time. */
function isSignedWith(secret: string, { signed, digests }: Claim): boolean {
  const digest = createHmac('sha256', secret)
  for (const part of signed) digest.update(part)
  const right = digest.digest()
  let isOne = false
  for (const given of digests) if (given.length === right.length && timingSafeEqual(given, right)) isOne = true
  return isOne
}

const kinds: Readonly<
  Record<
    Exclude<WebhookSignature, 'path'>,
    { readonly must: string; readonly claimOf: (request: SignedRequest) => Claim | undefined }
  >
> = {
  // Source: shopify.dev/docs/apps/build/webhooks/subscribe/https, "Verify the webhook".
  shopify: {
    must: 'X-Shopify-Hmac-Sha256 must be the HMAC-SHA256 of the body, in base64',
    claimOf: ({ headers, body }) => {
      const given = headerOf(headers, 'x-shopify-hmac-sha256')
      return given === undefined ? undefined : { signed: [body], digests: [Buffer.from(given, 'base64')] }
    },
  },
  // Source: docs.stripe.com/webhooks/signature; while a secret is rolled there is one v1 for each.
  stripe: {
    must: 'Stripe-Signature must have t and v1, the HMAC-SHA256 of t, a full stop and the body, in hexadecimal',
    claimOf: ({ headers, body }) => {
      const parts = (headerOf(headers, 'stripe-signature') ?? '').split(',').map((part) => part.trim().split('=', 2))
      const seconds = parts.find(([name]) => name === 't')?.[1]
      if (seconds === undefined || !/^\d{1,12}$/.test(seconds)) return undefined
      const digests = parts
        .slice(0, 10)
        .flatMap(([name, value]) => (name === 'v1' ? [Buffer.from(value ?? '', 'hex')] : []))
      return { signed: [`${seconds}.`, body], digests, signedAt: Number(seconds) * 1000 }
    },
  },
  // Source: developer.zendesk.com/documentation/webhooks/verifying.
  zendesk: {
    must: 'X-Zendesk-Webhook-Signature must be the HMAC-SHA256 of the timestamp and the body, in base64',
    claimOf: ({ headers, body }) => {
      const given = headerOf(headers, 'x-zendesk-webhook-signature')
      const timestamp = headerOf(headers, 'x-zendesk-webhook-signature-timestamp')
      if (given === undefined || timestamp === undefined) return undefined
      return { signed: [timestamp, body], digests: [Buffer.from(given, 'base64')], signedAt: Date.parse(timestamp) }
    },
  },
  generic: {
    must: 'X-Signature must be the HMAC-SHA256 of the body (of X-Timestamp, a full stop and the body), in hexadecimal',
    claimOf: ({ headers, body }) => {
      const given = headerOf(headers, 'x-signature')?.replace(/^sha256=/, '')
      if (given === undefined) return undefined
      const digests = [Buffer.from(given, 'hex')]
      const timestamp = headerOf(headers, 'x-timestamp')
      if (timestamp === undefined) return { signed: [body], digests }
      const signedAt = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1000 : Date.parse(timestamp)
      return { signed: [`${timestamp}.`, body], digests, signedAt }
    },
  },
}

function headerOf(headers: SignedRequest['headers'], name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
