import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { limitBodies } from './bodies-in-flight.ts'

test('bodies on their way take so much room and no more, until they have come or are cut off', async () => {
  const server = fastify()
  limitBodies(server, 1000)
  server.post('/', async () => 'taken')
  server.get('/', async () => 'there')
  await server.listen({ port: 0, host: '127.0.0.1' })
  const { port } = server.server.address() as AddressInfo
  const headers = { 'content-type': 'text/plain', 'content-length': '600' }
  const slow = request({ port, host: '127.0.0.1', method: 'POST', headers })
  slow.on('error', () => undefined)
  slow.write('x')
  await new Promise((wait) => setTimeout(wait, 50))
  const send = () => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x'.repeat(600) })
  const refused = await send()
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([500, 'api.busy'])
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200)
  slow.destroy()
  await new Promise((wait) => setTimeout(wait, 50))
  expect((await send()).status).toBe(200)
  expect((await send()).status).toBe(200)
  await server.close()
})
