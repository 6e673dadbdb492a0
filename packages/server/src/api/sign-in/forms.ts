import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { RapportError } from '../../base/index.ts'

const mostBytes = 16 * 1024

/** Bodies as HTML forms send them, as an object of texts. */
export function readForms(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: mostBytes },
    async (_: unknown, body: string | Buffer) => Object.fromEntries(new URLSearchParams(String(body))),
  )
}

const text = z.string().max(512)
const path = z
  .string()
  .max(2000)
  // Of this server: a second slash would begin another one's name.
  .regex(/^\/(?![/\\])[^\s\\]*$/)

export const loginForm = z.object({ email: text, password: text, next: path.catch('/') })
export const loginQuery = z.object({ next: path.catch('/') })
export const joinForm = z.object({ name: text, email: text, password: text })
export const credentialsForm = joinForm.extend({ current: text.default('') })
export const sessionForm = z.object({ sessionId: text })

/** @throws RapportError `api.form` with the field that is missing */
export function readForm<Form>({ body }: FastifyRequest, schema: z.ZodType<Form>): Form {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new RapportError('api.form', `the form must have the field ${parsed.error.issues[0]!.path.join('.')}`)
}
