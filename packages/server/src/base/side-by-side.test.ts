import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { sideBySide } from './side-by-side.ts'

test('outcomes stand in the order of the parts, whichever ends first', async () => {
  const [slow, fast] = await sideBySide([wait(20, 'slow'), wait(1, 2)])
  expect([slow, fast]).toEqual(['slow', 2])
})

test('one that fails waits for the others, and the first in order is told of', async () => {
  let isDone = false
  const slow = wait(20).then(() => {
    isDone = true
  })
  const failing = [slow, wait(10).then(() => Promise.reject(new Error('first'))), Promise.reject(new Error('second'))]
  await expect(sideBySide(failing)).rejects.toThrow('first')
  expect(isDone).toBe(true)
})
