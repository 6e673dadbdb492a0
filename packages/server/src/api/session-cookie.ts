import type { FastifyReply, FastifyRequest } from 'fastify'
import { sessionMs } from '../access/index.ts'
import { sessionCookie } from './request-keys.ts'

/** Gives the browser a session. No script can read it, and other sites' requests come without it. */
export const giveSession = (request: FastifyRequest, reply: FastifyReply, secret: string): FastifyReply =>
  reply.headers({ 'set-cookie': cookie(request, secret, sessionMs / 1000), 'cache-control': 'no-store' })

export const takeSession = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.headers({ 'set-cookie': cookie(request, '', 0), 'cache-control': 'no-store' })

const cookie = ({ protocol }: FastifyRequest, value: string, seconds: number): string =>
  `${sessionCookie}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${protocol === 'https' ? '; Secure' : ''}`
