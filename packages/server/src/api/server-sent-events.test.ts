import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import type { PassThrough } from 'node:stream'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EventStream, EventStreams, textOf } from './server-sent-events.ts'

let server: FastifyInstance
let streams: EventStreams
let opened: EventStream[]
let closed: number
let url: string

beforeEach(async () => {
  server = fastify({ forceCloseConnections: 'idle', keepAliveTimeout: 100 })
  opened = []
  closed = 0
  streams = new EventStreams(server, { readersMax: 2, waitingMax: 200_000, heartbeatMs: 20 })
  server.get('/', (_, reply) => {
    opened.push(
      streams.open(reply, () => {
        closed += 1
      }),
    )
    return reply
  })
  url = await server.listen({ port: 0, host: '127.0.0.1' })
})
afterEach(async () => {
  // A client keeps its connections for seconds.
  server.server.closeAllConnections()
  await server.close()
})

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 500) throw new Error('it never came to hold')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: RegExp): Promise<string> {
  let text = ''
  while (!wanted.test(text)) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`the stream ended with ${text}`)
    text += new TextDecoder().decode(value)
  }
  return text
}

test('an event is written as browsers read it, whatever is in it', () => {
  expect(textOf({ id: '7', event: 'now', data: { text: 'a\nb\r' } })).toBe(
    'id: 7\nevent: now\ndata: {"text":"a\\nb\\r"}\n\n',
  )
})

test('what is sent comes at once, and a sign of life when nothing is', async () => {
  const gone = new AbortController()
  const answer = await fetch(url, { signal: gone.signal })
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const reader = answer.body!.getReader()
  await until(() => opened.length === 1)
  opened[0]!.send({ event: 'now', data: 1 })
  expect(await read(reader, /data: 1[\s\S]*still here/)).toContain('event: now\ndata: 1\n\n')
  gone.abort()
  await until(() => closed === 1)
  expect(streams.readers).toBe(0)
})

test('more readers than may read are refused', async () => {
  const gone = new AbortController()
  await Promise.all([fetch(url, { signal: gone.signal }), fetch(url, { signal: gone.signal })])
  expect((await fetch(url)).status).toBe(500)
  gone.abort()
  await until(() => streams.readers === 0)
})

test('a reader that does not read is cut, and the others are not', async () => {
  const good = (await fetch(url)).body!.getReader()
  const { port } = server.server.address() as AddressInfo
  const slow = connect(port, '127.0.0.1', () => slow.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'))
  slow.pause()
  slow.on('error', () => undefined)
  await until(() => opened.length === 2)
  const text = textOf({ event: 'much', data: 'x'.repeat(50_000) })
  const drained = (async () => {
    while (!(await good.read()).done);
  })()
  for (let times = 0; times < 2000 && streams.readers === 2; times += 1) {
    for (const stream of opened) stream.write(text)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  expect([opened[0]!.isOpen, opened[1]!.isOpen]).toEqual([true, false])
  slow.destroy()
  opened[0]!.close()
  await drained
})

test('whoever waits for room again and again leaves no listener behind', async () => {
  const reader = (await fetch(url)).body!.getReader()
  await until(() => opened.length === 1)
  const drained = (async () => {
    while (!(await reader.read()).done);
  })()
  const stream = opened[0] as EventStream & { readonly body: PassThrough }
  const listeners = (): number[] => ['drain', 'close'].map((event) => stream.body.listenerCount(event))
  const before = listeners()
  let waits = 0
  for (let times = 0; times < 30; times += 1) {
    stream.write(textOf({ event: 'much', data: 'x'.repeat(50_000) }))
    if (stream.body.writableNeedDrain) waits += 1
    await stream.room()
  }
  expect(waits).toBeGreaterThan(1)
  expect(listeners()).toEqual(before)
  stream.close()
  await drained
})

test('streams end when the server does', async () => {
  const reader = (await fetch(url)).body!.getReader()
  await until(() => opened.length === 1)
  const ended = server.close()
  while (!(await reader.read()).done);
  await ended
  expect(closed).toBe(1)
})
