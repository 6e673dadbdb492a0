import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
}

/** What an API answers: a document with 200, or a status with headers and a document. */
export type Answered = { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown }

/** An API on the loopback, as another system has one. */
export class TestApi {
  readonly asked: Asked[] = []
  answer: (asked: Asked) => Answered = () => ({ body: [] })
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://x')
      const asked = { path: url.pathname, query: Object.fromEntries(url.searchParams), headers: request.headers }
      this.asked.push(asked)
      const { status = 200, headers = {}, body } = this.answer(asked)
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  }

  async start(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }
}
