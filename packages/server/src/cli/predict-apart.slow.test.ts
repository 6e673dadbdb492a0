import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningServer, spawnProgram, startServer, untilEnded } from './program.contract.ts'

// A server of a demo shop, asked for its health all the while that its customers are scored and its models judged.

const folder = mkdtempSync(join(tmpdir(), 'rapport-predict-apart-'))
const store = join(folder, 'store')
let server: RunningServer

const rapport = (...words: readonly string[]) =>
  untilEnded(spawnProgram(folder, [...words, '--store', store, '--json']))

beforeAll(async () => {
  server = await startServer(folder, ['--store', store, '--customers', '700'])
}, 110_000)
afterAll(async () => {
  await server?.stop('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Asks again and again until `done`. @returns how long each answer took, ms */
async function healthUntil(done: Promise<unknown>): Promise<number[]> {
  let isDone = false
  void done.finally(() => {
    isDone = true
  })
  const took: number[] = []
  while (!isDone) {
    const asked = performance.now()
    expect((await fetch(`${server.url}/health`, { headers: { connection: 'close' } })).status).toBe(200)
    took.push(performance.now() - asked)
    await wait(10)
  }
  return took
}

test('it answers while it trains, scores, judges and checks', async () => {
  const trained = rapport('predict', 'train', 'spend-90d', '--budget', '1')
  await healthUntil(trained)
  expect(JSON.parse((await trained).out)).toMatchObject({ found: true })
  for (const [word, name] of [
    ['score', 'spend-90d'],
    ['evaluate', 'spend-90d'],
    ['check', 'spend-90d'],
  ] as const) {
    const answered = rapport('predict', word, name)
    const took = (await healthUntil(answered)).sort((left, right) => left - right)
    expect((await answered).code).toBe(0)
    expect(took.length).toBeGreaterThan(5)
    // Most at once; what a busy machine lets one wait is not the server's, so the slowest are given time.
    expect(took[Math.floor(0.9 * took.length)]).toBeLessThan(250)
    expect(took.at(-1)).toBeLessThan(2000)
  }
  const [top] = JSON.parse((await rapport('predict', 'top', '--score', 'spend_next_90d', '--limit', '1')).out)
  const explained = JSON.parse((await rapport('predict', 'explain', 'spend-90d', top.customerId)).out)
  expect(explained).toMatchObject({ modelId: 'spend-90d-1', score: { score: 'spend_next_90d' } })
}, 300_000)
