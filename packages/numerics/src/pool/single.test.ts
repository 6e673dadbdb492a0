import { expect, test } from 'vitest'
import { poolHost } from './single.ts'

test('without threads it offers none, and lets timers have their turn', async () => {
  expect(poolHost.workersDefault).toBe(0)
  expect(() =>
    poolHost.startWorker(
      () => {},
      () => {},
    ),
  ).toThrow('workers must be 0 on a platform without threads')
  let fired = false
  setTimeout(() => {
    fired = true
  }, 0)
  await poolHost.nextTurn()
  expect(fired).toBe(true)
})
