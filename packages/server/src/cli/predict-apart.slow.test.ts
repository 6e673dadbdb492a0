import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningServer, spawnProgram, startServer, untilEnded } from './program.contract.ts'

// A server of a demo shop, asked for its health all the while that models are learned and judged and its customers scored. That the work is done in
// another thread is tested in commands/predict.test.ts.

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

/** Asks again and again until `done`. @returns how many answers came before it was */
async function healthUntil(done: Promise<unknown>): Promise<number> {
  let isDone = false
  void done.finally(() => {
    isDone = true
  })
  let answers = 0
  while (!isDone) {
    expect((await fetch(`${server.url}/health`, { headers: { connection: 'close' } })).status).toBe(200)
    if (!isDone) answers += 1
    await wait(10)
  }
  return answers
}

test('it answers all the while that it trains, scores, judges, checks and fits', async () => {
  for (const words of [
    ['train', 'spend-90d', '--budget', '1'],
    ['score', 'spend-90d'],
    ['evaluate', 'spend-90d'],
    ['check', 'spend-90d'],
    ['fit'],
  ]) {
    const answered = rapport('predict', ...words)
    // A thread that was at work itself would answer when it is done.
    expect(await healthUntil(answered)).toBeGreaterThan(5)
    const { code, out, err } = await answered
    expect([code, code === 0 ? '' : err]).toEqual([0, ''])
    if (words[0] === 'train') expect(JSON.parse(out)).toMatchObject({ found: true })
    if (words[0] === 'fit') expect(JSON.parse(out)).toMatchObject({ lapse: { found: true }, lifetime: { found: true } })
  }
  const [top] = JSON.parse((await rapport('predict', 'top', '--score', 'spend_next_90d', '--limit', '1')).out)
  const explained = JSON.parse((await rapport('predict', 'explain', 'spend-90d', top.customerId)).out)
  expect(explained).toMatchObject({ modelId: 'spend-90d-1', score: { score: 'spend_next_90d' } })
}, 300_000)
