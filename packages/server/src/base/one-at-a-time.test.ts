import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { oneAtATime } from './one-at-a-time.ts'

test('steps follow one another in their order, also after one that fails', async () => {
  const inTurn = oneAtATime()
  const said: string[] = []
  const step = (name: string, ms: number) => async () => {
    said.push(`${name} begins`)
    await wait(ms)
    said.push(`${name} ends`)
    if (name === 'b') throw new Error('b failed')
    return name
  }
  const all = await Promise.allSettled([inTurn(step('a', 10)), inTurn(step('b', 1)), inTurn(step('c', 0))])
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(said).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})
