import { expect, test } from 'vitest'
import { inTurns } from './in-turns.ts'
import { stopIfAborted } from './index.ts'
import { now } from './instant.ts'

test('steps that take long let a stop through, and others return what they return', async () => {
  const stop = new AbortController()
  let steps = 0
  function* work(): Generator<void, number> {
    for (; steps < 200; steps += 1) {
      yield
      stopIfAborted({ signal: stop.signal })
      const until = now() + 10
      while (now() < until);
    }
    return steps
  }
  setTimeout(() => stop.abort(), 1)
  await expect(inTurns(work())).rejects.toMatchObject({ code: 'work.aborted' })
  expect(steps).toBeLessThan(100)
  steps = 200
  expect(await inTurns(work())).toBe(200)
})
