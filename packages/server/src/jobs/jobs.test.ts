import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { RapportError } from '../base/index.ts'
import { onEachDatabase } from '../state/each-database.contract.ts'
import type { State } from '../state/index.ts'
import { cancel, enqueue, findJob, type Job, type JobKind, listJobs, retry, setSchedule, startRunner } from './index.ts'

const failOn = (error: unknown): void => {
  throw error
}

const doubling: JobKind<number> = {
  kind: 'double',
  input: z.number(),
  mostAttempts: 1,
  run: async (input) => input * 2,
}

const until = async (state: State, jobId: string, status: string): Promise<Job> =>
  vi.waitFor(
    async () => {
      const job = await findJob(state, jobId)
      expect(job?.status).toBe(status)
      return job!
    },
    { timeout: 10_000, interval: 20 },
  )

onEachDatabase((fresh) => {
  test('a job runs once, also with four runners looking, and keeps its result', async () => {
    const state = await fresh()
    const ran: number[] = []
    const kind: JobKind<number> = {
      ...doubling,
      run: async (input) => {
        ran.push(input)
        return input * 2
      },
    }
    const runners = [1, 2, 3, 4].map(() => startRunner(state, [kind], { everyMs: 5, onError: failOn }))
    const jobs = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((input) => enqueue(state.queries, kind, input)))
    for (const job of jobs) expect((await until(state, job.jobId, 'done')).result).toBe((job.input as number) * 2)
    await Promise.all(runners.map((runner) => runner.stop()))
    expect(ran.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('asking twice for work of one key gives one job, until it has ended', async () => {
    const state = await fresh()
    const first = await enqueue(state.queries, doubling, 1, { uniqueKey: 'a' })
    expect((await enqueue(state.queries, doubling, 2, { uniqueKey: 'a' })).jobId).toBe(first.jobId)
    await cancel(state, first.jobId)
    expect((await enqueue(state.queries, doubling, 3, { uniqueKey: 'a' })).jobId).not.toBe(first.jobId)
    expect(await listJobs(state, 10)).toHaveLength(2)
  })

  test('a failing job waits for its next try, dies after the last, and can be given more', async () => {
    const state = await fresh()
    const failing: JobKind<number> = {
      ...doubling,
      mostAttempts: 2,
      run: async () => {
        throw new RapportError('test.reason', 'it must fail')
      },
    }
    const runner = startRunner(state, [failing], { everyMs: 5, onError: failOn })
    const { jobId } = await enqueue(state.queries, failing, 1)
    const waiting = await vi.waitFor(async () => {
      const job = (await findJob(state, jobId))!
      expect(job.failure).toBe('it must fail (test.reason)')
      return job
    })
    expect(waiting.status).toBe('queued')
    expect(waiting.runAt - waiting.createdAt).toBeGreaterThanOrEqual(5000)
    await state.queries.updateTable('jobs').set({ run_at: 0 }).where('job_id', '=', jobId).execute()
    expect((await until(state, jobId, 'dead')).attempts).toBe(2)
    await runner.stop()
    await retry(state, jobId)
    expect((await findJob(state, jobId))!.status).toBe('queued')
    await expect(retry(state, jobId)).rejects.toMatchObject({ code: 'jobs.status' })
  })

  test('a running job hears that it is cancelled, and its progress can be read', async () => {
    const state = await fresh()
    const kind: JobKind<number> = {
      ...doubling,
      run: async (_, { signal, onProgress }) => {
        onProgress({ stage: 'count', done: 1, total: 3 })
        await new Promise((_, stop) => signal.addEventListener('abort', () => stop(new Error('aborted'))))
      },
    }
    const runner = startRunner(state, [kind], { everyMs: 5, leaseMs: 60, onError: failOn })
    const { jobId } = await enqueue(state.queries, kind, 1)
    await vi.waitFor(async () =>
      expect((await findJob(state, jobId))!.progress).toEqual({ stage: 'count', done: 1, total: 3 }),
    )
    expect(await cancel(state, jobId)).toBe(true)
    expect((await until(state, jobId, 'cancelled')).finishedAt).not.toBeNull()
    expect(await cancel(state, jobId)).toBe(false)
    await runner.stop()
  })

  test('a process that stops puts its job back; one that died leaves it to the lease', async () => {
    const state = await fresh()
    let begun = 0
    const waiting: JobKind<number> = {
      ...doubling,
      mostAttempts: 2,
      run: async (input, { signal }) => {
        begun += 1
        if (begun === 3) return input
        await new Promise((_, stop) => signal.addEventListener('abort', () => stop(new Error('aborted'))))
      },
    }
    const options = { everyMs: 5, onError: failOn }
    const first = startRunner(state, [waiting], options)
    const { jobId } = await enqueue(state.queries, waiting, 7)
    await until(state, jobId, 'running')
    await first.stop()
    expect(await findJob(state, jobId)).toMatchObject({ status: 'queued', attempts: 0 })
    const second = startRunner(state, [waiting], options)
    await until(state, jobId, 'running')
    // As if its process had been killed: nobody prolongs the lease, and what it still does must not count.
    await state.queries
      .updateTable('jobs')
      .set({ runner: 'gone', lease_until: 1 })
      .where('job_id', '=', jobId)
      .execute()
    const third = startRunner(state, [waiting], options)
    expect(await until(state, jobId, 'done')).toMatchObject({ result: 7, attempts: 2 })
    await Promise.all([second.stop(), third.stop()])
  })

  test('a schedule makes one job a turn, and one for all the turns that were missed', async () => {
    const state = await fresh()
    const every = { scheduleId: 'hourly', kind: doubling, input: 4, everyMs: 3_600_000 }
    await setSchedule(state, { ...every, firstAt: Date.now() - 10 * every.everyMs - 1000 })
    await setSchedule(state, every)
    const options = { everyMs: 5, onError: failOn }
    const runners = [1, 2, 3].map(() => startRunner(state, [doubling], options))
    await vi.waitFor(async () => expect((await listJobs(state, 10, 'done')).map((job) => job.result)).toEqual([8]))
    await new Promise((wait) => setTimeout(wait, 100))
    expect(await listJobs(state, 10)).toHaveLength(1)
    await Promise.all(runners.map((runner) => runner.stop()))
    const { next_at } = await state.queries.selectFrom('schedules').select('next_at').executeTakeFirstOrThrow()
    expect(next_at).toBeGreaterThan(Date.now())
    expect(next_at).toBeLessThanOrEqual(Date.now() + every.everyMs)
  })

  test('an input that the kind does not take is refused when it is asked for', async () => {
    const state = await fresh()
    await expect(enqueue(state.queries, doubling, 'two' as never)).rejects.toMatchObject({ code: 'jobs.input' })
    expect(await listJobs(state, 10)).toEqual([])
  })
})

describe('schedules', () => {
  test('must not repeat faster than a second', async () => {
    await expect(
      setSchedule({ queries: undefined } as never, { scheduleId: 'x', kind: doubling, input: 1, everyMs: 10 }),
    ).rejects.toMatchObject({ code: 'jobs.every' })
  })
})
