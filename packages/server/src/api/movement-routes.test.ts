import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { profileEverybody } from '../consent/everybody-profiled.contract.ts'
import type { Movement } from '../segments/index.ts'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let headers: { readonly authorization: string }

beforeEach(async () => {
  served = await serveTestStore()
  await profileEverybody(served.warehouse)
  await served.live.touched('everybody')
  headers = await served.keyHeaders('customers.read')
})

afterEach(async () => {
  // Those that were kept open would hold up the end.
  served.server.server.closeAllConnections()
  await served.close()
})

const move = (customer: string, sequence: number, segment = 'rule.keen'): Movement => ({
  ...{ segment, version: 1, sequence, customer, at: 1_700_000_000_000, isEntry: true },
  reason: { because: 'event', clauses: [{ pointer: '/rule', words: 'views', holds: true, value: 3 }] },
})

it('lists movements page by page, of wanted segments', async () => {
  const { journal } = served.live
  journal.add([move('ann', 1), move('bob', 1, 'rule.left'), move('bob', 2)])
  await journal.flush()
  const get = async (query: string) => (await served.server.inject({ url: `/v1/movements${query}`, headers })).json()
  expect(await get('?limit=2')).toMatchObject({
    movements: [
      {
        ...{ id: 'rule.keen/1', type: 'segment.entered', number: 1, customerId: 'ann', because: 'event' },
        ...{ at: '2023-11-14T22:13:20.000Z', clauses: [{ value: 3 }] },
      },
      { id: 'rule.left/1', number: 2 },
    ],
    through: 2,
  })
  expect(await get('?after=2')).toMatchObject({ movements: [{ id: 'rule.keen/2' }], through: 3 })
  await journal.settle()
  expect(await get('?segment=rule.left')).toMatchObject({ movements: [{ number: 2 }], through: 3 })
  expect(await get('?segment=rule.left&segment=rule.keen')).toMatchObject({ movements: { length: 3 } })
  expect((await served.server.inject({ url: '/v1/movements' })).statusCode).toBe(401)
})

it('tells them as they happen, and whoever comes again the rest', async () => {
  const { journal } = served.live
  await served.server.listen({ port: 0 })
  const { port } = served.server.server.address() as AddressInfo
  const url = `http://localhost:${port}/v1/live/movements`
  const read = async (more: Record<string, string>, numbers: number): Promise<string> => {
    const answer = await fetch(url, { headers: { ...headers, ...more } })
    let text = ''
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += part
      if ([...text.matchAll(/^id: /gm)].length >= numbers) break
    }
    return text
  }
  journal.add([move('ann', 1)])
  await journal.flush()
  const live = read({}, 2)
  await once(served.server.server, 'request')
  await new Promise((resolve) => setTimeout(resolve, 50))
  journal.add([move('bob', 2)])
  await journal.flush()
  journal.add([move('cleo', 3)])
  expect((await live).match(/^id: .*/gm)).toEqual(['id: 2', 'id: 3'])
  await journal.settle()
  expect((await read({ 'last-event-id': '1' }, 2)).match(/^id: .*/gm)).toEqual(['id: 2', 'id: 3'])
  expect((await fetch(url, { headers: { ...headers, 'last-event-id': 'x' } })).status).toBe(400)
})
