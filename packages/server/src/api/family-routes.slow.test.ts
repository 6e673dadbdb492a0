import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAudit } from '../access/index.ts'
import { plantedMoment, plantShop } from '../segments/families/planted-families.contract.ts'
import { discoverFamily } from '../segments/index.ts'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let headers: { readonly authorization: string }
beforeAll(async () => {
  served = await serveTestStore()
  headers = await served.keyHeaders('customers.read', 'jobs.run')
  await plantShop(served.warehouse, { customers: 120 })
  const features = ['discounted_share', 'average_order_value', 'category_share_shoes']
  await discoverFamily(served.warehouse, { method: 'kmeans', name: 'kinds', k: 3, features, seed: 1 }, plantedMoment)
  await discoverFamily(served.warehouse, { method: 'kmeans', name: 'habits', k: 3, seed: 1 }, plantedMoment)
})
afterAll(() => served.close())

const refit = (family: string, payload: object = {}) =>
  served.server.inject({ method: 'POST', url: `/v1/families/${family}/refits`, headers, payload })

test('families are listed with whether they are live and, where not, why', async () => {
  const { families } = (await served.server.inject({ url: '/v1/families', headers })).json()
  expect(families).toMatchObject([
    {
      ...{ family: 'habits', kind: 'discover', isLive: false, drift: null },
      because: 'it compares customers by habits, which are counted by the warehouse',
    },
    {
      family: 'kinds',
      isLive: true,
      because: null,
      segments: [{ id: 'kinds.1' }, { id: 'kinds.2' }, { id: 'kinds.3' }],
    },
  ])
})

test('finding groups anew is a job, told apart by whether it is accepted; what cannot be is refused', async () => {
  const [told, accepted] = [await refit('kinds'), await refit('kinds', { accept: true })]
  expect(told.statusCode).toBe(202)
  expect(told.json()).toMatchObject({ kind: 'refit', input: { name: 'kinds', isAccepted: false } })
  expect(accepted.json().jobId).not.toBe(told.json().jobId)
  const [entry] = await readAudit(served.state.queries, { limit: 1 })
  expect(entry).toMatchObject({ action: 'segments.refit', target: 'kinds' })
  const none = await refit('none')
  expect([none.statusCode, none.json().code]).toEqual([400, 'segments.refit'])
  expect((await refit('kinds', { accept: 'yes' })).statusCode).toBe(400)
})
