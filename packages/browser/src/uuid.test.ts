import { expect, test } from 'vitest'
import { uuid } from './uuid.ts'

test('is a version 4 UUID, another one each time', () => {
  const many = Array.from({ length: 500 }, uuid)
  for (const id of many) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(many).size).toBe(500)
})
