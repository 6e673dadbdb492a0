import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Tried, walkAccess } from './access-walk.contract.ts'
import { routesOf } from './routes-of.contract.ts'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let tried: Tried[]
beforeAll(async () => {
  const plenty = { burst: 1e6, perSecond: 1e6 }
  served = await serveTestStore({ rates: { callers: plenty, addresses: plenty } })
  tried = await walkAccess(served)
})
afterAll(() => served.close())

test('each operation refuses no, a wrong, an ended and a too weak credential, and takes one that will do', () => {
  expect(tried.filter(({ isRight }) => !isRight)).toEqual([])
  expect(served.failures).toEqual([])
  expect(tried.length).toBeGreaterThan(300)
})

test('the document has every route that the router has, and no other', async () => {
  const { paths } = (await served.server.inject({ url: '/openapi.json' })).json()
  const documented = Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const isWild = (route: string): boolean => route.includes('{path}')
  expect(documented.filter((route) => !isWild(route)).sort()).toEqual(routesOf(served.server))
  expect(documented.filter(isWild)).toEqual(['OPTIONS /v1/{path}'])
  expect(served.server.hasRoute({ method: 'OPTIONS', url: '/v1/*' })).toBe(true)
  expect(documented.length).toBeGreaterThan(40)
})
