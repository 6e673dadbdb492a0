import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RapportError } from '../base/index.ts'

export interface ReportServer {
  readonly url: string
  /** Resolves when `signal` is aborted and the server is down. */
  untilStopped(signal: AbortSignal | undefined): Promise<void>
}

/**
 * Serves the report's file to this machine only, whatever path is asked for.
 *
 * @param port 0 takes any free one
 * @throws RapportError `cli.port` when the port is taken
 */
export async function serveReport(file: string, port: number): Promise<ReportServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end()
      return
    }
    const stream = createReadStream(file)
    stream.once('error', () => response.writeHead(404).end('the report is gone: run rapport report'))
    stream.once('open', () => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' })
      stream.pipe(response)
    })
  })
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new RapportError('cli.port', `port ${port} must be free, it is not: pass another with --port, or 0 for any`, {
      cause: error,
    })
  }
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    untilStopped: async (signal) => {
      if (!signal?.aborted)
        await new Promise<void>((stop) => signal?.addEventListener('abort', () => stop(), { once: true }))
      server.closeAllConnections()
      server.close()
    },
  }
}
