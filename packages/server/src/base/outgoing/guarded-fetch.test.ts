import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { guardedFetch } from '../index.ts'
import type { Resolver } from './guarded-fetch.ts'

const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
})

/** A server on the loopback, and what was asked of it. */
async function serve(answer: RequestListener): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers.host} ${request.url}`)
    answer(request, response)
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { port: (server.address() as AddressInfo).port, asked }
}

const ok: RequestListener = (_, response) => response.end('ok')

/** Says one answer after another, the last one again and again; counts how often it was asked. */
function resolving(...answers: string[][]): { resolve: Resolver; asked: string[] } {
  const asked: string[] = []
  const resolve: Resolver = async (name) => {
    asked.push(name)
    const addresses = answers[Math.min(asked.length, answers.length) - 1]!
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  return { resolve, asked }
}

const codeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'answered',
    (error) => error.code ?? String(error),
  )

describe('what is not of the public internet is refused before anything is sent', () => {
  test.each([
    ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0', '127。0。0。1', '①②⑦.0.0.1'],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::127.0.0.1]', '10.0.0.1', '192.168.0.1'],
    ...['169.254.169.254', '100.64.0.1', '224.0.0.1', '[fd00:ec2::254]', '[fe80::1]', '[ff02::1]'],
  ])('%s', async (host) => {
    const { port, asked } = await serve(ok)
    expect(await codeOf(guardedFetch([])(`http://${host}:${port}/`))).toBe('outgoing.address')
    expect(asked).toEqual([])
  })

  test('a name of this machine', async () => {
    const { port, asked } = await serve(ok)
    expect(await codeOf(guardedFetch([])(`http://localhost:${port}/`))).toBe('outgoing.address')
    expect(asked).toEqual([])
  })

  test('a name that has a public address and another', async () => {
    const { port, asked } = await serve(ok)
    const { resolve } = resolving(['93.184.215.14', '127.0.0.1'])
    expect(await codeOf(guardedFetch([], resolve)(`http://two.example:${port}/`))).toBe('outgoing.address')
    expect(asked).toEqual([])
  })

  test('any other scheme, and a password in the URL', async () => {
    const fetch = guardedFetch(['127.0.0.1'])
    for (const url of ['file:///etc/passwd', 'ftp://127.0.0.1/', 'gopher://127.0.0.1/', 'data:,x', 'nonsense']) {
      expect(await codeOf(fetch(url))).toBe('outgoing.url')
    }
    expect(await codeOf(fetch('http://ann:secret@127.0.0.1/'))).toBe('outgoing.url')
  })
})

describe('a name that means another host a moment later', () => {
  test('is asked for once, and the connection goes to what was checked', async () => {
    const { port, asked } = await serve(ok)
    // Where another address were connected to, this would time out or be answered by nobody.
    const names = resolving(['127.0.0.1'], ['10.255.255.1'])
    const answer = await guardedFetch(['127.0.0.1'], names.resolve)(`http://turns.example:${port}/a`)
    expect([answer.status, names.asked, asked]).toEqual([200, ['turns.example'], [`GET turns.example:${port} /a`]])
  })

  test('is checked again at a redirect to itself', async () => {
    const { port, asked } = await serve((_, response) => response.writeHead(302, { location: '/again' }).end())
    const names = resolving(['127.0.0.1'], ['127.0.0.2'])
    const fetch = guardedFetch(['127.0.0.1'], names.resolve)
    expect(await codeOf(fetch(`http://turns.example:${port}/`))).toBe('outgoing.address')
    expect([names.asked.length, asked.length]).toEqual([2, 1])
  })
})

describe('redirects', () => {
  test('are refused when they lead into a private network', async () => {
    const inside = await serve(ok)
    const { port } = await serve((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${inside.port}/` }).end(),
    )
    const { resolve } = resolving(['127.0.0.1'])
    const fetch = guardedFetch(['open.example'], resolve)
    expect(await codeOf(fetch(`http://open.example:${port}/`))).toBe('outgoing.address')
    expect(inside.asked).toEqual([])
  })

  test.each(['file:///etc/passwd', 'http://ann:secret@open.example/'])('are refused to %s', async (location) => {
    const { port } = await serve((_, response) => response.writeHead(301, { location }).end())
    expect(await codeOf(guardedFetch(['127.0.0.1'])(`http://127.0.0.1:${port}/`))).toBe('outgoing.url')
  })

  test('take no credentials to another origin, and end', async () => {
    const seen: unknown[] = []
    const other = await serve(({ headers }, response) => {
      seen.push([headers['x-key'], headers.authorization, headers['x-other']])
      response.end('there')
    })
    const { port } = await serve((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${other.port}/` }).end(),
    )
    const fetch = guardedFetch(['127.0.0.1'])
    const headers = { authorization: 'Bearer secret', 'x-other': 'said' }
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers, credentials: { 'x-key': 'secret' } })
    expect([answer.body.toString(), answer.url, seen]).toEqual([
      'there',
      `http://127.0.0.1:${other.port}/`,
      [[undefined, undefined, 'said']],
    ])

    const circle = await serve((_, response) => response.writeHead(302, { location: '/' }).end())
    expect(await codeOf(fetch(`http://127.0.0.1:${circle.port}/`))).toBe('outgoing.redirect')
    expect(circle.asked.length).toBe(6)
  })
})

describe('limits', () => {
  const fetch = guardedFetch(['127.0.0.1'])

  test('an answer that is announced too long, one that only grows, one that is packed', async () => {
    const announced = await serve((_, response) => response.end(Buffer.alloc(2000)))
    expect(await codeOf(fetch(`http://127.0.0.1:${announced.port}/`, { mostBytes: 1999 }))).toBe('outgoing.size')
    const grows = await serve((_, response) => {
      const more = (): void => void (response.destroyed || response.write(Buffer.alloc(1000), more))
      more()
    })
    expect(await codeOf(fetch(`http://127.0.0.1:${grows.port}/`, { mostBytes: 5000 }))).toBe('outgoing.size')
    const packed = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'))
    expect(await codeOf(fetch(`http://127.0.0.1:${packed.port}/`))).toBe('outgoing.encoding')
  })

  test('headers without end', async () => {
    const { port } = await serve((_, response) => response.writeHead(200, { x: 'y'.repeat(20_000) }).end())
    expect(await codeOf(fetch(`http://127.0.0.1:${port}/`))).toBe('outgoing.unreachable')
  })

  test('a server that says nothing, one that drips, a name that is never resolved', async () => {
    const silent = await serve(() => undefined)
    expect(await codeOf(fetch(`http://127.0.0.1:${silent.port}/`, { timeoutMs: 100 }))).toBe('outgoing.timeout')
    const drips = await serve((_, response) => {
      const drop = setInterval(() => response.write('.'), 20)
      response.once('close', () => clearInterval(drop))
    })
    expect(await codeOf(fetch(`http://127.0.0.1:${drips.port}/`, { timeoutMs: 150 }))).toBe('outgoing.timeout')
    const never = guardedFetch([], () => new Promise(() => undefined))
    expect(await codeOf(never('http://slow.example/', { timeoutMs: 50 }))).toBe('outgoing.timeout')
  })

  test('a request that is called off gives its caller’s reason', async () => {
    const { port } = await serve(() => undefined)
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('enough')), 30)
    await expect(fetch(`http://127.0.0.1:${port}/`, { signal: stop.signal })).rejects.toThrow('enough')
  })

  test('nobody there, and headers that are not the caller’s to set', async () => {
    expect(await codeOf(fetch('http://127.0.0.1:1/'))).toBe('outgoing.unreachable')
    for (const headers of [{ Host: 'x' }, { 'transfer-encoding': 'chunked' }, { 'a b': 'c' }, { a: 'b\r\nc: d' }]) {
      expect(await codeOf(fetch('http://127.0.0.1:1/', { headers: headers as Record<string, string> }))).toBe(
        'outgoing.header',
      )
    }
  })
})

test('sends a body, with any method, and gives any status', async () => {
  const { port } = await serve((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => response.writeHead(418, { 'x-seen': `${request.method} ${body}` }).end('no'))
  })
  const answer = await guardedFetch(['127.0.0.1'])(`http://127.0.0.1:${port}/`, { method: 'PUT', body: '{"a":1}' })
  expect([answer.status, answer.headers['x-seen'], answer.body.toString()]).toEqual([418, 'PUT {"a":1}', 'no'])
})
