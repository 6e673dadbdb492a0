import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { misfitOf, RapportError } from '../base/index.ts'

/**
 * What stands after the question mark, checked.
 *
 * @throws RapportError `api.query` with the field that does not fit
 */
export function readQuery<Query>(request: FastifyRequest, schema: z.ZodType<Query>): Query {
  const parsed = schema.safeParse(request.query)
  if (parsed.success) return parsed.data
  const { path, must } = misfitOf(parsed.error.issues[0]!, request.query)
  throw new RapportError('api.query', `${path.join('.') || 'the query'} ${must}`)
}
