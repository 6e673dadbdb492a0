import { get } from 'node:http'
import { type Finding, fail, ok } from './finding.ts'

const answerMs = 5000

/** What a running server says of itself. @param host where it listens, of this machine */
export async function checkServer(host: string, port: number): Promise<Finding> {
  const name = nameOf(host)
  const answer = await asked(name, port, '/ready')
  if (answer === undefined) {
    return fail(
      'server',
      `nobody answers on ${name}:${port}, though the store is open`,
      'see its log; if it is stuck, end it and start it again',
    )
  }
  if (answer.status === 200) return ok('server', `ready on ${name}:${port}`)
  return fail('server', `not ready: ${detailOf(answer.body)}`, 'see docs/operate/troubleshooting.md for each of these')
}

/** What to call it on this machine. */
export const nameOf = (host: string): string => (host === '0.0.0.0' || host === '::' ? 'localhost' : host)

/** Whether a Rapport answers there, ready or not. */
export async function isRapport(host: string, port: number): Promise<boolean> {
  const answer = await asked(host, port, '/health')
  return answer?.status === 200 && answer.body === '{"status":"up"}'
}

interface Answer {
  readonly status: number
  readonly body: string
}

function asked(host: string, port: number, path: string): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const request = get({ host, port, path, timeout: answerMs }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(undefined))
  })
}

function detailOf(body: string): string {
  try {
    return String((JSON.parse(body) as { detail?: unknown }).detail)
  } catch {
    return 'another program answers there'
  }
}
