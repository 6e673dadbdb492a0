import type { FastifyInstance } from 'fastify'

/** Whatever an answer is, no browser runs anything in it; pages say themselves what they need. */
const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Of pages of ours: everything from this server, nothing inline, nobody's frame. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** Headers that every answer has. */
export function addSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
      // Not no-referrer: with it browsers write Origin: null above a form, and that is nobody.
      'referrer-policy': 'same-origin',
    })
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', nothing)
    if (request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000')
  })
}
