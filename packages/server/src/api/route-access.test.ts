import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey, firstWriteKey, inviteOwner, openByInvitation, openWriteKeys } from '../access/index.ts'
import { openState, type State } from '../state/index.ts'
import { actorOf, guardRoutes } from './route-access.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-route-access-'))
let state: State
let server: FastifyInstance

beforeAll(async () => {
  state = await openState(folder)
  server = await guarded()
  const customers = { access: { scope: 'customers.read', role: 'viewer' } } as const
  server.get('/customers', { config: customers }, async (request) => ({ actor: actorOf(request) }))
  server.get('/erase', { config: { access: { scope: 'customers.erase', role: 'engineer' } } }, async () => ({}))
  server.post('/track', { config: { access: 'write-key' } }, async () => ({}))
})
afterAll(async () => {
  await server.close()
  await state.close()
  rmSync(folder, { recursive: true, force: true })
})

async function guarded(): Promise<FastifyInstance> {
  const made = fastify()
  const rate = { burst: 100, perSecond: 100 }
  guardRoutes(made, {
    ...{ state, keys: await openWriteKeys(state), origins: { isLocal: true, hostNames: [] } },
    rates: { callers: rate, addresses: rate },
  })
  return made
}

test('a route that declares nothing keeps the server from starting', async () => {
  const bare = await guarded()
  expect(() => bare.get('/open', async () => ({}))).toThrow('GET /open must declare what access it needs')
  bare.register(async (inner) => {
    inner.get('/deep', async () => ({}))
  })
  await expect(bare.ready()).rejects.toThrow('GET /deep must declare')
})

const status = async (url: string, headers: Record<string, string> = {}) =>
  (await server.inject({ url, headers })).statusCode

test('a key reaches what its scopes name, and is known there', async () => {
  const { keyId, secret } = await createApiKey(state, {
    name: 'crm',
    scopes: ['customers.read'],
    expiresAt: null,
    actor: 'command line',
  })
  const headers = { authorization: `Bearer ${secret}` }
  expect((await server.inject({ url: '/customers', headers })).json()).toEqual({ actor: keyId })
  expect(await server.inject({ url: '/erase', headers }).then((answer) => answer.json().code)).toBe('api.forbidden')
  expect((await server.inject({ url: '/customers', headers: { authorization: 'Bearer rk_x' } })).json().code).toBe(
    'api.key',
  )
})

test('a session reaches what its role may', async () => {
  const headers = { cookie: `a=b; rapport_session=${await openByInvitation(state, await inviteOwner(state))}` }
  expect(await status('/customers', headers)).toBe(200)
  expect(await status('/erase', headers)).toBe(200)
  const nobody = (await server.inject({ url: '/customers' })).json()
  expect(nobody).toMatchObject({ code: 'api.session', message: expect.stringContaining('Authorization: Bearer') })
})

test('a write key lets in, by header or body, where events are taken, and nowhere else', async () => {
  const key = await firstWriteKey(state)
  const server = await guarded()
  server.post('/track', { config: { access: 'write-key' } }, async () => ({}))
  const post = async (payload: object, headers: Record<string, string> = {}) =>
    (await server.inject({ method: 'POST', url: '/track', payload, headers })).statusCode
  expect(await post({ writeKey: key })).toBe(200)
  expect(await post({}, { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` })).toBe(200)
  expect((await server.inject({ method: 'POST', url: '/track', payload: {} })).json().code).toBe('api.key')
  expect(await status('/customers', { authorization: `Bearer ${key}` })).not.toBe(200)
  await server.close()
})
