import { type Credential, credentialsFor, type Operation, wrongCredentials } from './credentials.contract.ts'
import type { OpenApiDocument } from './openapi/openapi-document.ts'
import type { ServedStore } from './served-store.contract.ts'

/** One request of the walk, and whether it was answered as the document promises. */
export interface Tried {
  readonly operation: string
  readonly credential: string
  readonly status: number
  readonly isRight: boolean
}

/** What anybody may ask for; whoever adds to it opens a door. */
export const openToAnybody: readonly string[] = [
  ...['GET /health', 'GET /ready', 'GET /openapi.json', 'GET /docs', 'GET /docs/style.css', 'OPTIONS /v1/{path}'],
  // What Segment's SDK of browsers asks by a write key: where to send events.
  'GET /v1/projects/{key}/settings',
  ...['GET /login', 'POST /login', 'GET /open/{token}', 'GET /join/{token}', 'POST /join/{token}'],
]

/** Asks for every operation of the document with no, wrong, ended and too weak credentials, and with one that will do. */
export async function walkAccess(served: ServedStore): Promise<Tried[]> {
  const document = (await served.server.inject({ url: '/openapi.json' })).json() as OpenApiDocument
  const wrong = await wrongCredentials(served)
  const tried: Tried[] = []
  for (const operation of operationsOf(document)) {
    const { name, method, url, security } = operation
    const ask = async (credential: Credential, expected: (status: number) => boolean): Promise<void> => {
      // Streams of events do not end by themselves.
      const answer = await served.server.inject({ method, url, headers: credential.headers, payloadAsStream: true })
      const { statusCode } = answer
      answer.stream().destroy()
      tried.push({ operation: name, credential: credential.name, status: statusCode, isRight: expected(statusCode) })
    }
    if (security.length === 0) {
      const isMeant = openToAnybody.includes(name) || name.startsWith('GET /assets/') || name === 'GET /sdk.js'
      await ask({ name: 'none', headers: {} }, () => isMeant)
      continue
    }
    const isRefused = (status: number): boolean => status === 401
    await ask(
      { name: 'none', headers: {} },
      operation.isSigned ? (status) => status === 401 || status === 404 : isRefused,
    )
    if (operation.isSigned) continue
    for (const credential of wrong) await ask(credential, isRefused)
    const { weak, enough } = await credentialsFor(served, operation)
    for (const credential of weak) await ask(credential, (status) => status === (operation.takesEvents ? 401 : 403))
    for (const credential of enough)
      await ask(credential, (status) => ![401, 403, 421, 429].includes(status) && status < 500)
  }
  return tried
}

function operationsOf({ paths }: OpenApiDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([verb, { security }]): Operation => {
      const method = verb.toUpperCase() as Operation['method']
      const needs = Object.assign({}, ...security) as Readonly<Record<string, readonly string[]>>
      return {
        ...{ name: `${method} ${path}`, method, url: path.replace(/\{\w+\}/g, 'x'), security },
        ...{ scope: needs['apiKey']?.[0], role: needs['session']?.[0] },
        ...{ takesEvents: 'writeKey' in needs, isSigned: 'signature' in needs },
      }
    }),
  )
}
