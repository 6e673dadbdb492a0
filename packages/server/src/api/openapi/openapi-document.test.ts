import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ServedStore, serveTestStore } from '../served-store.contract.ts'
import type { OpenApiDocument } from './openapi-document.ts'

let served: ServedStore
let document: OpenApiDocument
beforeAll(async () => {
  served = await serveTestStore()
  document = (await served.server.inject({ url: '/openapi.json' })).json()
})
afterAll(() => served.close())

test('it is OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)))
  expect(errors ?? []).toEqual([])
  expect(valid).toBe(true)
})

test('every reference in it leads somewhere', () => {
  const written = JSON.stringify(document)
  const names = [...written.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!)
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name) => !(name in document.components.schemas))).toEqual([])
  expect(written).not.toContain('$defs')
})

test('a call is written as it may be, an answer as it is', () => {
  const { requestBody, responses } = document.paths['/v1/track']!['post']!
  expect(requestBody!.content['application/json']!.schema).toEqual({ $ref: '#/components/schemas/TrackCall' })
  expect(responses['401']!.content).toHaveProperty('application/problem+json')
  const [search] = document.paths['/v1/customers']!['get']!.parameters
  expect(search).toMatchObject({ name: 'search', in: 'query', required: false })
})

test('operations have names of their own', () => {
  const names = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )
  expect(new Set(names).size).toBe(names.length)
})

test('the page shows every operation, and may load how it looks', async () => {
  const { body: page, headers } = await served.server.inject({ url: '/docs' })
  expect(headers['content-security-policy']).toMatch(/style-src 'self'.* img-src 'self' data:/)
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of Object.keys(methods)) {
      expect(page.includes(`<code>${method.toUpperCase()} ${path}</code>`), `${method} ${path}`).toBe(true)
    }
  }
  expect(page).not.toContain('<script')
})
