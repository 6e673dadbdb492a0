import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { storeFacts } from '../../insights/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { beginAnswer, type OnFailure } from '../answer-errors.ts'
import { pagePolicy } from '../security-headers.ts'
import { pageOf } from './layout.ts'
import { problemPage } from './problem-page.ts'

interface Parts {
  readonly warehouse: Warehouse
  readonly onFailure: OnFailure
  /** Who gets a page; the others get a problem document. Default: everybody. */
  readonly isFor?: (request: FastifyRequest) => boolean
}

/** Errors become pages, for a person to read. */
export function answerWithPages(server: FastifyInstance, { warehouse, onFailure, isFor = () => true }: Parts): void {
  server.setErrorHandler(async (error, request, reply) => {
    // Thrown again it reaches the handler of the whole server.
    if (!isFor(request)) throw error
    const told = beginAnswer(error, request, reply, onFailure)
    // Who is not let in learns nothing of the store, not even that it is a demo.
    const isKnown = request.caller !== null && told.status < 500
    return sendPage(reply, pageOf(problemPage(told, wanted(request)), isKnown ? await storeFacts(warehouse) : null))
  })
}

/** A browser that opens a page says so; programs do not. */
export const isFromBrowser = ({ headers }: FastifyRequest): boolean => headers.accept?.includes('text/html') ?? false

export const sendPage = (reply: FastifyReply, markup: string): FastifyReply =>
  reply.header('content-security-policy', pagePolicy).type('text/html; charset=utf-8').send(markup)

/** Where a login leads: to the page asked for; what a form was to do is not done again. */
const wanted = ({ method, url }: FastifyRequest): string => (method === 'GET' ? url : '/')
