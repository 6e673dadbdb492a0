import { expect, test } from 'vitest'
import { Opened } from './opened.ts'

test('what was opened last is closed first, once, and a failure holds up nobody', async () => {
  const said: unknown[] = []
  const opened = new Opened((error, what) => said.push([what, (error as Error).message]))
  opened.add('first', () => said.push('first'))
  opened.add('second', async () => {
    throw new Error('stuck')
  })
  opened.add('third', async () => said.push('third'))
  await opened.close()
  await opened.close()
  expect(said).toEqual(['third', ['second', 'stuck'], 'first'])
})
