import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAudit } from '../access/index.ts'
import { profileEverybody } from '../consent/everybody-profiled.contract.ts'
import { cancel, enqueue } from '../jobs/index.ts'
import { switchPrediction, trainablePrediction, trainRequested } from '../predictions/index.ts'
import { plantedEnd, shopWithDriver, storeSales } from '../predictions/planted-shop.contract.ts'
import { predictionsJob } from '../predictions-job.ts'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let headers: { readonly authorization: string }
beforeAll(async () => {
  served = await serveTestStore()
  headers = await served.keyHeaders('customers.read', 'jobs.run')
  await profileEverybody(served.warehouse)
  await storeSales(served.warehouse, shopWithDriver(400, 7))
  const request = { which: { kind: 'named', name: 'revenue' }, asOf: plantedEnd, seed: 1, budgetMs: 1 } as const
  await trainRequested(served.warehouse, { ...request, scores: true })
})
afterAll(() => served.close())

const get = (path: string) => served.server.inject({ url: `/v1${path}`, headers })
const post = (name: string, payload: object = {}) =>
  served.server.inject({ method: 'POST', url: `/v1/predictions/${name}/trainings`, headers, payload })

test('predictions are listed with the model that serves, its figures and those of the baseline', async () => {
  const { predictions, unusable } = (await get('/predictions')).json()
  const names = predictions.map(({ name }: { name: string }) => name)
  expect(names).toEqual(expect.arrayContaining(['lapse', 'next-order', 'revenue', 'spend-90d']))
  expect(unusable).toContainEqual({ name: 'category-purchase', because: expect.stringContaining('categor') })
  const of = (name: string) => predictions[names.indexOf(name)]
  expect(of('lapse')).toMatchObject({ score: 'lapse_probability', serving: null, models: 0, isOff: false })
  expect(of('revenue')).toMatchObject({
    ...{ score: null, models: 1 },
    serving: { modelId: 'revenue-1', figures: [{ name: 'MASE', value: expect.any(Number) }, {}, {}, {}] },
  })
})

test('one prediction has all of its models and their cards', async () => {
  const one = (await get('/predictions/revenue')).json()
  expect(one).toMatchObject({ models: [{ modelId: 'revenue-1', serves: true, card: { kind: 'series' } }], drift: null })
  const none = await get('/predictions/none')
  expect([none.statusCode, none.json().code]).toEqual([404, 'predictions.name'])
})

test('learning one anew is a job of which one waits, and which can be stopped', async () => {
  const [first, second, other] = [await post('lapse', { scores: false }), await post('lapse'), await post('revenue')]
  expect(first.statusCode).toBe(202)
  expect(first.json()).toMatchObject({ kind: 'predict', status: 'queued', input: { name: 'lapse', scores: false } })
  expect(first.headers['location']).toBe(`/v1/jobs/${first.json().jobId}`)
  expect(second.json().jobId).toBe(first.json().jobId)
  expect(other.json().jobId).not.toBe(first.json().jobId)
  const [entry] = await readAudit(served.state.queries, { limit: 1 })
  expect(entry).toMatchObject({ action: 'prediction.train', target: 'revenue' })
  const stopped = await served.server.inject({ method: 'DELETE', url: first.headers['location'] as string, headers })
  expect(stopped.statusCode).toBe(202)
})

test('what cannot be learned is refused, and what the body must be is said', async () => {
  expect((await post('none')).statusCode).toBe(404)
  expect((await post('category-purchase')).statusCode).toBe(409)
  expect((await post('lapse', { scores: 1 })).json()).toMatchObject({ code: 'api.body', pointer: '/scores' })
  await switchPrediction(served.warehouse, await trainablePrediction(served.warehouse, 'next-order', plantedEnd), false)
  expect((await post('next-order')).json()).toMatchObject({ status: 409, code: 'predictions.off' })
  const reader = await served.keyHeaders('customers.read')
  const url = '/v1/predictions/lapse/trainings'
  expect((await served.server.inject({ method: 'POST', url, headers: reader, payload: {} })).statusCode).toBe(403)
})

test('the job learns the one that it is told', async () => {
  const job = predictionsJob(served.warehouse)
  const { jobId, input } = await enqueue(served.state.queries, job, { name: 'lead-conversion' })
  await cancel(served.state, jobId)
  const work = { signal: new AbortController().signal, onProgress: () => undefined }
  const refused = {
    name: 'lead-conversion',
    model: null,
    because: expect.stringContaining('200 customers'),
    scored: null,
  }
  expect(await job.run(job.input.parse(input), work)).toMatchObject([refused])
})
