import { type ClientRequest, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, expect, test, vi } from 'vitest'
import { answerErrors } from '../answer-errors.ts'
import { limitBodies } from './limit-bodies.ts'
import { readJsonBodies } from './read-body.ts'

const servers: FastifyInstance[] = []
const sent: ClientRequest[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const request of sent.splice(0)) request.destroy()
  for (const server of servers.splice(0)) await server.close()
})

/** A server whose POST answers when `answer` is called. */
async function serve(arrivingBytes: number, parsedBytes: number) {
  const server = fastify()
  servers.push(server)
  answerErrors(server, () => undefined)
  const arriving = { mostBytes: arrivingBytes, mostWaiting: 0 }
  limitBodies(server, { arriving, parsed: { mostBytes: parsedBytes, mostWaiting: parsedBytes } })
  readJsonBodies(server)
  const held: (() => void)[] = []
  server.post('/', async () => 'taken')
  server.post('/held', () => new Promise((resolve) => held.push(() => resolve('taken'))))
  await server.listen({ port: 0, host: '127.0.0.1' })
  const { port } = server.server.address() as AddressInfo
  return { port, held }
}

/** Sends a part of a body, and resolves with the status of the answer. */
function begin(port: number, path: string, part: string, key = 'a'): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`
  const headers = { 'content-type': 'application/json', 'content-length': 500_000, authorization }
  return new Promise((resolve, reject) => {
    const begun = request({ port, host: '127.0.0.1', method: 'POST', path, headers }, ({ statusCode }) =>
      resolve(statusCode!),
    )
    sent.push(begun)
    begun.on('error', reject)
    begun.write(part)
  })
}

const post = (port: number, path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, {
    ...{ method: 'POST', body: new Uint8Array(Buffer.from(body)) },
    headers: { 'content-type': 'application/json', ...headers },
  })
const soon = () => new Promise((wait) => setTimeout(wait, 50))

test('what is announced takes no room, and nothing is read where nothing is', async () => {
  const { port } = await serve(2000, 100_000)
  const slow = begin(port, '/', '{')
  slow.catch(() => undefined)
  expect(await begin(port, '/nowhere', 'x'.repeat(5000))).toBe(404)
  await soon()
  expect((await post(port, '/', '[1]')).status).toBe(200)
})

test('bodies take room as they come, one sender half of it, until they are cut off', async () => {
  const { port } = await serve(4000, 100_000)
  const slow = begin(port, '/', 'x'.repeat(1700))
  slow.catch(() => undefined)
  await soon()
  const refused = await post(port, '/', `"${'x'.repeat(600)}"`)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
  expect(await refused.json()).toMatchObject({ code: 'api.busy' })
  sent[0]!.destroy()
  await soon()
  expect((await post(port, '/', `"${'x'.repeat(600)}"`)).status).toBe(200)
  expect((await post(port, '/', `"${'x'.repeat(600)}"`)).status).toBe(200)
})

test('what bodies are parsed to takes room until they are answered, before they are unpacked', async () => {
  const { port, held } = await serve(1_000_000, 40_000)
  const body = gzipSync(JSON.stringify({ text: ' '.repeat(700) }))
  const send = () => post(port, '/held', body, { 'content-encoding': 'gzip' })
  const first = send()
  await soon()
  const second = send()
  await soon()
  const third = await send()
  expect([held.length, third.status, third.headers.get('retry-after')]).toEqual([1, 429, '1'])
  expect((await post(port, '/', '{}')).status).toBe(200)
  held[0]!()
  expect((await first).status).toBe(200)
  await soon()
  held[1]!()
  expect((await second).status).toBe(200)
})

test('who goes before the answer is counted until the work ends', async () => {
  const { port, held } = await serve(1_000_000, 40_000)
  const json = JSON.stringify(' '.repeat(700))
  const socket = connect(port, '127.0.0.1')
  const head = `POST /held HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${json.length}`
  socket.write(`${head}\r\n\r\n${json}`)
  await soon()
  socket.destroy()
  await soon()
  const waiting = post(port, '/', json)
  await soon()
  expect((await post(port, '/', json)).status).toBe(429)
  held[0]!()
  expect((await waiting).status).toBe(200)
})

test('a gzip that holds more than it says is refused', async () => {
  const { port } = await serve(1_000_000, 100_000_000)
  const body = gzipSync(JSON.stringify(' '.repeat(100_000)))
  body.writeUInt32LE(10, body.length - 4)
  const answer = await post(port, '/', body, { 'content-encoding': 'gzip' })
  expect(await answer.json()).toMatchObject({ status: 400, code: 'api.encoding' })
})

test('a body that hardly comes is cut after ten seconds', async () => {
  const { port } = await serve(1_000_000, 1_000_000)
  const clock = vi.spyOn(performance, 'now')
  const slow = begin(port, '/', '{')
  const quick = begin(port, '/', 'x'.repeat(60_000))
  quick.catch(() => undefined)
  await soon()
  const at = clock.getMockImplementation() ? 0 : performance.now()
  clock.mockImplementation(() => at + 11_000)
  expect(await slow).toBe(408)
  expect(await Promise.race([quick, soon()])).toBe(undefined)
  clock.mockRestore()
})
