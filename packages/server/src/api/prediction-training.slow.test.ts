import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { profileEverybody } from '../consent/everybody-profiled.contract.ts'
import { findJob, startRunner } from '../jobs/index.ts'
import { shopWithDriver, storeSales } from '../predictions/planted-shop.contract.ts'
import { predictionsJob } from '../predictions-job.ts'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let headers: { readonly authorization: string }
beforeAll(async () => {
  served = await serveTestStore()
  headers = await served.keyHeaders('customers.read', 'jobs.run')
  await profileEverybody(served.warehouse)
  await storeSales(served.warehouse, shopWithDriver(700, 7))
})
afterAll(() => served.close())

const get = (path: string) => served.server.inject({ url: `/v1${path}`, headers })
const post = (name: string, payload: object = {}) =>
  served.server.inject({ method: 'POST', url: `/v1/predictions/${name}/trainings`, headers, payload })

test('a training that was asked for is done: the model serves, and customers have their scores', async () => {
  const asked = await post('lapse')
  expect(asked.statusCode).toBe(202)
  const { jobId } = asked.json()
  const onError = (error: unknown): void => {
    throw error
  }
  const runner = startRunner(served.state, [predictionsJob(served.warehouse)], { everyMs: 20, onError })
  try {
    await vi.waitFor(async () => expect((await findJob(served.state, jobId))?.status).toBe('done'), {
      ...{ timeout: 280_000, interval: 200 },
    })
  } finally {
    await runner.stop()
  }
  const job = (await get(`/jobs/${jobId}`)).json()
  expect(job).toMatchObject({
    status: 'done',
    result: [{ name: 'lapse', model: 'lapse-1', serves: true, because: 'it is the first', scored: expect.any(Number) }],
  })
  const lapse = (await get('/predictions/lapse')).json()
  expect(lapse).toMatchObject({ serving: { modelId: 'lapse-1', unread: null }, models: [{ modelId: 'lapse-1' }] })
  const { rows } = (
    await served.warehouse.rows<{ rows: number }>(
      "select count(*)::integer as rows from scores where score = 'lapse_probability' and model_id = 'lapse-1'",
    )
  )[0]!
  expect(rows).toBe(job.result[0].scored)
  expect(rows).toBeGreaterThan(100)
}, 300_000)
