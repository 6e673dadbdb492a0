import { expect, test } from 'vitest'
import { RapportError } from './index.ts'
import { loggable } from './loggable.ts'

test.each([
  ["Could not convert string 'ann@a.example' to INT32", 'Could not convert string … to INT32'],
  ['duplicate key (email)=(ann@a.example) exists', 'duplicate key … exists'],
  ['the customer must be named by an order, got ann 42', 'the customer must be named by an order, got …'],
  ['a key such as rk_abc-DEF was there', 'a key such as … was there'],
  ['SQL: "select 1"', 'SQL: …'],
])('%s is logged without the value', (message, logged) => {
  expect(loggable(new Error(message)).message).toBe(logged)
})

test('the code and where it happened are kept', () => {
  const { code, at } = loggable(new RapportError('state.unreachable', 'PostgreSQL must answer'))
  expect(code).toBe('state.unreachable')
  expect(at[0]).toContain('loggable.test.ts')
  expect(loggable('text')).toEqual({ name: 'string', message: '', at: [] })
})
