import { problemDocument } from '@rapport/protocol'
import { z } from 'zod'
import { version } from '../../base/index.ts'
import { sessionCookie } from '../request-keys.ts'
import type { Access } from '../route-access.ts'
import { type JsonSchema, JsonSchemas } from './json-schemas.ts'
import type { Answer, RouteDocument } from './route-documents.ts'

/** An operation as OpenAPI 3.1 has it. */
export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly {
    readonly name: string
    readonly in: 'path' | 'query'
    readonly required: boolean
    readonly description?: string
    readonly schema: JsonSchema
  }[]
  readonly requestBody?: { readonly required: true; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
}

type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>

export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: JsonSchema
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly securitySchemes: JsonSchema }
}

/** What the server can be asked, as OpenAPI 3.1: made from the routes and schemas that it runs on. */
export function openApiDocument(routes: readonly RouteDocument[]): OpenApiDocument {
  const schemas = new JsonSchemas()
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}').replace('*', '{path}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, path, schemas) }
  }
  return {
    openapi: '3.1.0',
    info: {
      ...{ title: 'Rapport', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      description:
        'Events go in with a write key, everything else needs an API key with a scope or the session of an operator with ' +
        'a role. What goes wrong is a problem document (RFC 9457) with a stable code.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(tagOf))].sort().map((name) => ({ name })),
    paths,
    components: { schemas: schemas.components, securitySchemes },
  }
}

const securitySchemes: JsonSchema = {
  writeKey: {
    ...{ type: 'http', scheme: 'basic' },
    description: 'A write key as the user, no password; or the key as writeKey in the body. It lets events in only.',
  },
  apiKey: {
    ...{ type: 'http', scheme: 'bearer' },
    description: 'The secret of an API key, rk_…; what stands beside it is the scope that it needs.',
  },
  signature: {
    ...{ type: 'apiKey', in: 'header', name: 'signature' },
    description: 'A signature of the body with the secret of the webhook, in the header that its sender uses.',
  },
  session: {
    ...{ type: 'apiKey', in: 'cookie', name: sessionCookie },
    description: 'The session of an operator; what stands beside it is the least role. Changes need the Origin header.',
  },
}

function operationOf(route: RouteDocument, path: string, schemas: JsonSchemas): Operation {
  const { method, summary, access, query, body, answers } = route
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name: name!, in: 'path' as const, required: true, schema: { type: 'string' } },
  }))
  const responses = Object.entries(answers).map(([status, answer]) => [
    status,
    { description: 'as asked', ...(answer === null ? {} : { content: contentOf(answer, 'output', schemas) }) },
  ])
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^\w]+(\w)?/g, (_, letter?: string) => (letter ?? '').toUpperCase())}`,
    ...{ summary, tags: [tagOf(route)], security: securityOf(access) },
    parameters: [...inPath, ...(query ? queryParameters(query, schemas) : [])],
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf(body, 'input', schemas) } }),
    responses: { ...Object.fromEntries(responses), ...problemsOf(route, schemas) },
  }
}

/** `/v1/customers/:id` is of customers; what lets events in is together, and so are the pages. */
const tagOf = ({ access, method, path }: RouteDocument): string => {
  if (access === 'write-key' || method === 'OPTIONS') return 'events'
  return path.startsWith('/v1/') ? path.split('/')[2]! : 'pages'
}

function securityOf(access: Access): Operation['security'] {
  if (access === 'public') return []
  if (access === 'signature') return [{ signature: [] }]
  if (access === 'write-key') return [{ writeKey: [] }]
  const open = access.isOpenTo ? [{}] : []
  return [...(access.scope ? [{ apiKey: [access.scope] }] : []), { session: [access.role] }, ...open]
}

function contentOf(content: NonNullable<Answer>, io: 'input' | 'output', schemas: JsonSchemas): Content {
  if (isList(content)) return Object.assign({}, ...content.map((one) => contentOf(one, io, schemas)))
  return typeof content === 'string' ? { [content]: {} } : { 'application/json': { schema: schemas.of(content, io) } }
}

const isList = (answer: NonNullable<Answer>): answer is readonly (z.ZodType | string)[] => Array.isArray(answer)

function queryParameters(query: z.ZodType, schemas: JsonSchemas): Operation['parameters'] {
  if (!(query instanceof z.ZodObject)) throw new Error('a query must be an object of named values')
  return Object.entries(query.shape as Readonly<Record<string, z.ZodType>>).map(([name, field]) => {
    const { description, ...schema } = schemas.of(field, 'input') as { readonly description?: string }
    const isOptional = field.safeParse(undefined).success
    return { name, in: 'query', required: !isOptional, ...(description ? { description } : {}), schema }
  })
}

const problems: Readonly<Record<number, string>> = {
  400: 'it does not fit',
  401: 'no credential that holds',
  403: 'a credential that may not do this',
  404: 'there is no such thing',
  429: 'too much at once: Retry-After says when to come again',
  500: 'our mistake',
  503: 'not now: Retry-After says when to come again',
}

function problemsOf({ access, path, query, body }: RouteDocument, schemas: JsonSchemas): Operation['responses'] {
  const content: Content = { 'application/problem+json': { schema: schemas.of(problemDocument, 'output') } }
  const isOpen = access === 'public'
  const statuses = [
    ...(query || body !== undefined ? [400] : []),
    ...(isOpen ? [] : [401]),
    ...(typeof access === 'object' ? [403] : []),
    ...(path.includes(':') ? [404] : []),
    ...(isOpen ? [500] : [429, 500, 503]),
  ]
  return Object.fromEntries(statuses.map((status) => [status, { description: problems[status]!, content }]))
}
