import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { listJobs, type Runner, startRunner } from '../../jobs/index.ts'
import { sourceJob } from './source-job.ts'
import { findSource, removeSource } from './stored-sources.ts'
import { TestApi } from './test-api.contract.ts'
import { TestSources } from './test-sources.contract.ts'

const api = new TestApi()
const store = new TestSources()
let runner: Runner | undefined

beforeAll(async () => {
  await api.start()
  await store.open()
})
afterEach(() => runner?.stop())
afterAll(async () => {
  await store.remove()
  await api.stop()
})

const start = (): void => {
  const onError = (error: unknown): never => {
    throw error
  }
  runner = startRunner(store.state, [sourceJob(store.state, store.sources)], { everyMs: 50, onError })
}
const put = (name: string) =>
  store.put(name, {
    from: { type: 'http', url: `${api.origin}/` },
    into: { kind: 'customers', map: { customer_id: 'id' } },
  })
const until = (holds: () => Promise<void>) => vi.waitFor(holds, { timeout: 15_000, interval: 50 })

test('what is defined is run at once, and again as often as it says', async () => {
  api.answer = () => ({ body: [{ id: 'ann' }] })
  await put('crm')
  start()
  await until(async () => expect((await findSource(store.state, 'crm')).result).toMatchObject({ accepted: 1 }))
  await until(async () => expect(await listJobs(store.state, 10)).toMatchObject([{ status: 'done' }]))
  await store.state.queries.updateTable('schedules').set({ next_at: 1 }).execute()
  await until(async () => expect((await findSource(store.state, 'crm')).result).toMatchObject({ duplicates: 1 }))
})

test('asked to wait, it comes again when it was told, not before, and holds up nobody', async () => {
  let asked = 0
  let askedAt = 0
  api.answer = () => {
    asked += 1
    if (asked > 1) return { body: [{ id: 'bo' }] }
    askedAt = Date.now()
    return { status: 429, headers: { 'retry-after': '2' }, body: '' }
  }
  await put('slow')
  start()
  await until(async () => expect((await findSource(store.state, 'slow')).result).toMatchObject({ accepted: 1 }))
  const { ranAt, failure } = await findSource(store.state, 'slow')
  expect([asked, failure, ranAt! - askedAt >= 1900]).toEqual([2, null, true])
  const [first] = (await listJobs(store.state, 10)).filter(({ result }) =>
    JSON.stringify(result).includes('waitsUntil'),
  )
  expect(first).toMatchObject({ status: 'done', attempts: 1 })
})

test('what fails is tried again later, and shown meanwhile; what was removed is not run', async () => {
  api.answer = () => ({ status: 500, body: {} })
  await put('bad')
  start()
  await until(async () => expect((await findSource(store.state, 'bad')).failure).toContain('(sources.status)'))
  await until(async () => {
    const [job] = (await listJobs(store.state, 10)).filter(({ input }) => JSON.stringify(input).includes('bad'))
    expect(job).toMatchObject({ status: 'queued', attempts: 1, failure: expect.stringContaining('sources.status') })
    expect(job!.runAt).toBeGreaterThan(Date.now())
  })
  await removeSource(store.warehouse, store.state, 'bad')
  await store.state.queries.updateTable('jobs').set({ run_at: 1 }).where('status', '=', 'queued').execute()
  await until(async () => {
    const [job] = (await listJobs(store.state, 10)).filter(({ input }) => JSON.stringify(input).includes('bad'))
    expect(job).toMatchObject({ status: 'done', result: { removed: true } })
  })
})
