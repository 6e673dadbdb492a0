import type { Problem } from '@rapport/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { TooSoonError } from '../access/index.ts'
import { loggable } from '../base/index.ts'
import { problem, problemOf } from './problem.ts'

/** Told of our own mistakes, with the request's id. */
export type OnFailure = (error: unknown, requestId: string) => void

/** Errors become problem documents; those of ours are told and logged. */
export function answerErrors(server: FastifyInstance, onFailure: OnFailure): void {
  server.setErrorHandler((error, request, reply) => {
    const told = beginAnswer(error, request, reply, onFailure)
    return reply.type('application/problem+json').send({ ...told, requestId: request.id })
  })
  server.setNotFoundHandler((request, reply) => {
    const detail = 'there must be something at this method and path, there is not'
    return reply
      .code(404)
      .type('application/problem+json')
      .send({ ...problem(404, 'api.not-found', detail), requestId: request.id })
  })
}

/** Status and headers of the answer to an error, whose body is still to come. */
export function beginAnswer(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  onFailure: OnFailure,
): Problem {
  const told = problemOf(error)
  // What was declared a moment ago is no mistake of ours.
  if (told.status >= 500 && told.code !== 'segments.new') {
    request.log.error({ failure: loggable(error), route: request.routeOptions.url ?? 'none' }, 'failed')
    onFailure(error, request.id)
  }
  if (told.status === 429) reply.header('retry-after', error instanceof TooSoonError ? error.waitSeconds : 1)
  if (told.status === 503) reply.header('retry-after', '5')
  // Basic would make a browser ask for a password: only programs that send events use it.
  if (told.status === 401) {
    const isEvents = request.routeOptions.config.access === 'write-key'
    reply.header('www-authenticate', `${isEvents ? 'Basic' : 'Bearer'} realm="rapport", charset="UTF-8"`)
  }
  reply.code(told.status)
  return told
}
