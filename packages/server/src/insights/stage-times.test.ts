import { expect, test } from 'vitest'
import { inFront, inOrder, timeStages } from './stage-times.ts'

test('what is behind is heard of once what is in front has yielded, and keeps the signal', () => {
  const heard: string[] = []
  const { signal } = new AbortController()
  const front = inFront({ signal, onProgress: ({ stage }) => heard.push(stage) })
  front.behind.onProgress?.({ stage: 'early', done: 0, total: 1 })
  front.yield()
  front.behind.onProgress?.({ stage: 'late', done: 0, total: 1 })
  expect(heard).toEqual(['late'])
  expect(front.behind.signal).toBe(signal)
})

test('times stand in the order of the stages, whichever ended first', async () => {
  const heard: string[] = []
  const { timed, times } = timeStages(2, { onProgress: ({ stage, done }) => heard.push(`${done} ${stage}`) })
  let end = (): void => {}
  const slow = timed('long', async (work) => {
    await new Promise<void>((resolve) => {
      end = resolve
    })
    work.onProgress?.({ stage: 'last step', done: 1, total: 1 })
    return 1
  })
  expect(await timed('short', async () => 2)).toBe(2)
  end()
  expect(await slow).toBe(1)
  const stages = [{ name: 'long' }, { name: 'short', beside: ['long'] }]
  const ordered = inOrder(times, stages)
  expect(times.map(({ stage }) => stage)).toEqual(['short', 'long'])
  expect(ordered.map(({ stage, beside }) => [stage, beside])).toEqual([
    ['long', undefined],
    ['short', ['long']],
  ])
  expect(ordered[0]!.seconds).toBeGreaterThanOrEqual(ordered[1]!.seconds)
  expect(heard).toEqual(['0 long', '0 short', '1 long: last step'])
})
