import { expect, test } from 'vitest'
import { hashPassword, isPassword } from './passwords.ts'

test('a digest holds its parameters and knows its password, however that was typed', async () => {
  const digest = await hashPassword('Zürich ist schön')
  expect(digest).toMatch(/^scrypt\$65536\$8\$2\$[\w+/=]+\$[\w+/=]+$/)
  expect(await hashPassword('Zürich ist schön')).not.toBe(digest)
  // As a keyboard that composes letters from two writes it.
  expect(await isPassword('Zürich ist schön'.normalize('NFD'), digest)).toBe(true)
  expect(await isPassword('Zürich ist schon', digest)).toBe(false)
  expect(await isPassword('Zürich ist schön', null)).toBe(false)
})

test.each(['short', 'aaaaaaaaaaaaaaaa', 'x'.repeat(257)])('%s is no password', async (password) => {
  await expect(hashPassword(password)).rejects.toMatchObject({ code: 'access.password' })
})

test('more logins at once than may wait are turned away', async () => {
  const tries = Array.from({ length: 10 }, () => isPassword('x', null).catch((error) => error.code as string))
  const answers = await Promise.all(tries)
  expect(answers.filter((answer) => answer === 'access.busy')).toHaveLength(2)
  expect(await isPassword('x', null)).toBe(false)
})
