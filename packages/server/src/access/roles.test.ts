import { role } from '@rapport/protocol'
import { expect, test } from 'vitest'
import { isAllowed } from './roles.ts'

test('each role may what the one before it may', () => {
  role.options.forEach((held, rank) => {
    const may = role.options.map((needed) => isAllowed({ kind: 'operator', id: 'o', role: held }, { role: needed }))
    expect(may).toEqual(role.options.map((_, at) => at <= rank))
  })
})

test('a key may what its scopes say, admin everything, and none where no scope will do', () => {
  const need = { scope: 'consents.write', role: 'marketer' } as const
  const key = (...scopes: ('consents.write' | 'jobs.run' | 'admin')[]) => ({ kind: 'key', id: 'k', scopes }) as const
  expect(isAllowed(key('consents.write'), need)).toBe(true)
  expect(isAllowed(key('jobs.run'), need)).toBe(false)
  expect(isAllowed(key(), need)).toBe(false)
  expect(isAllowed(key('admin'), need)).toBe(true)
  expect(isAllowed(key('admin'), { role: 'viewer' })).toBe(false)
})
