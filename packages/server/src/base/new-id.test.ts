import { expect, test } from 'vitest'
import { newId } from './new-id.ts'

test('ids sort by the time they were made, and no two are the same, however many are drawn', () => {
  const ids = Array.from({ length: 5000 }, () => newId('job'))
  expect(new Set(ids.map((id) => id.slice(-16))).size).toBe(5000)
  for (const id of ids) expect(id).toMatch(/^job_[0-9a-f]{32}$/)
  expect(ids).toEqual([...ids].sort())
})
