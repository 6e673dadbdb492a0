import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { batchCall, type CallName, calls } from '../packages/protocol/src/index.ts'
import { bundleBrowser } from './build-browser.mjs'

/** A running Rapport that every request is passed on to; without it the site itself says yes. */
const upstream = process.env['RAPPORT_COLLECTOR_URL']
const upstreamKey = process.env['RAPPORT_COLLECTOR_KEY'] ?? 'site-key'

/** An event as it arrived. */
export interface Arrived {
  readonly type: string
  readonly event?: string
  readonly messageId: string
  readonly anonymousId: string
  readonly userId?: string
  readonly timestamp: string
  readonly properties?: Readonly<Record<string, unknown>>
  readonly context: Readonly<Record<string, unknown>> & {
    readonly page: Readonly<Record<string, string>>
    readonly sessionId: string
    readonly consent?: { readonly categoryPreferences: Readonly<Record<string, boolean>> }
  }
  readonly [field: string]: unknown
}

export interface Request {
  readonly contentType: string | undefined
  readonly status: number
  readonly at: number
  readonly body: { readonly batch: readonly Arrived[]; readonly sentAt: string; readonly writeKey: string }
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds before the answer. */
  readonly after?: number
}

/**
 * A shop's site and, on another origin as in life, the server that its pages send to. Every page is the same: the SDK,
 * and `inline` after it.
 */
export class TestSite {
  readonly key = upstreamKey
  readonly requests: Request[] = []
  /** What in the bodies breaks the protocol's schemas. */
  readonly faults: string[] = []
  /** Answers to the next requests; after them, yes. */
  answers: Answer[] = []
  /** Script of every page, after the SDK's. */
  inline = ''
  /** The whole page instead. */
  html: string | undefined
  #script = ''
  readonly #pages = createServer((request, response) => this.#serve(request, response))
  readonly #collector = createServer((request, response) => {
    this.#collect(request, response).catch((error: unknown) => {
      this.faults.push(String(error))
      response.destroy()
    })
  })

  async open(): Promise<this> {
    this.#script = (await bundleBrowser()).script
    await Promise.all([this.#pages, this.#collector].map(listening))
    return this
  }

  async close(): Promise<void> {
    await Promise.all([this.#pages, this.#collector].map(closed))
  }

  /** As a new site: nothing arrived, nothing inline, every answer yes. */
  renew(): void {
    this.requests.length = 0
    this.faults.length = 0
    this.answers = []
    this.inline = ''
    this.html = undefined
  }

  /** Address of a page; every name under `.localhost` is this machine to a browser. */
  page(path = '/', host = '127.0.0.1'): string {
    return `http://${host}:${portOf(this.#pages)}${path}`
  }

  get host(): string {
    return `http://127.0.0.1:${portOf(this.#collector)}`
  }

  /** What was acknowledged, in the order of arrival, as often as it was. */
  events(): readonly Arrived[] {
    return this.requests.filter(({ status }) => status === 200).flatMap(({ body }) => body.batch)
  }

  /** What the server keeps of that: each `messageId` once. A request that outlives its page is sent again by the next. */
  kept(): readonly Arrived[] {
    const known = new Set<string>()
    return this.events().filter(({ messageId }) => !known.has(messageId) && known.add(messageId))
  }

  /** The names of the events, or the types of calls that have none. */
  names(): readonly string[] {
    return this.events().map(({ type, event }) => event ?? type)
  }

  /** Waits for something to have arrived; the test's own time limit ends it. */
  async until(isThere: (events: readonly Arrived[], requests: readonly Request[]) => boolean): Promise<void> {
    const started = Date.now()
    while (!isThere(this.events(), this.requests)) {
      if (Date.now() - started > 20_000)
        throw new Error(`nothing more came after ${this.names().join(', ') || 'nothing'}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Waits for so many different events. */
  async untilCount(count: number): Promise<readonly Arrived[]> {
    await this.until(() => this.kept().length >= count)
    return this.kept()
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    if (request.url?.startsWith('/rapport.min.js')) {
      response.setHeader('content-type', 'text/javascript').end(this.#script)
    } else if (request.url === '/favicon.ico') response.writeHead(204).end()
    else {
      const page = `<!doctype html><meta charset="utf-8"><title>Shop</title><script src="/rapport.min.js"></script>
        <script>${this.inline}</script><body>shop</body>`
      response.setHeader('content-type', 'text/html; charset=utf-8').end(this.html ?? page)
    }
  }

  async #collect(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', 'Retry-After')
    if (request.method !== 'POST' || request.url !== '/v1/batch') {
      this.faults.push(`${request.method} ${request.url} must be POST /v1/batch: no request may need to be asked for`)
      response.writeHead(404).end()
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    const body = JSON.parse(text) as Request['body']
    this.#check(body)
    const scripted = this.answers.shift()
    const status = scripted?.status ?? (upstream === undefined ? 200 : await passOn(upstream, text))
    if (scripted?.after) await new Promise((resolve) => setTimeout(resolve, scripted.after))
    this.requests.push({ contentType: request.headers['content-type'], status, at: Date.now(), body })
    response.writeHead(status, { ...scripted?.headers }).end('{}')
  }

  #check(body: Request['body']): void {
    const whole = batchCall.safeParse(body)
    if (!whole.success) this.faults.push(whole.error.message)
    for (const event of body.batch) {
      const checked = calls[event.type as CallName].safeParse(event)
      if (!checked.success) this.faults.push(`${event.type}: ${checked.error.message}`)
    }
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

const listening = (server: Server): Promise<void> => new Promise((resolve) => server.listen(0, resolve))

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

async function passOn(url: string, body: string): Promise<number> {
  const response = await fetch(`${url}/v1/batch`, { method: 'POST', body, headers: { 'content-type': 'text/plain' } })
  return response.status
}
