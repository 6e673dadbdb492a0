import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { RapportError } from '../base/index.ts'

/**
 * The body, checked.
 *
 * @throws RapportError `api.body` with the place that does not fit
 */
export function readJson<Body>(request: FastifyRequest, schema: z.ZodType<Body>): Body {
  const parsed = schema.safeParse(request.body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const pointer = issue.path.map((step) => `/${String(step)}`).join('')
  throw new RapportError('api.body', `${pointer || 'the body'} must fit: ${issue.message}`)
}
