import { expect, test } from 'vitest'
import { z } from 'zod'
import { fit } from './index.ts'

const schema = z.strictObject({ 'a/b': z.array(z.strictObject({ n: z.number().default(1) })) })

test('gives the document with its defaults, or says where it does not fit', () => {
  expect(fit(schema, { 'a/b': [{}] }, 'x.y')).toEqual({ 'a/b': [{ n: 1 }] })
  const failing = (value: unknown) => () => fit(schema, value, 'x.y')
  expect(failing({ 'a/b': [{}, { n: '2' }] })).toThrow(
    expect.objectContaining({
      code: 'x.y',
      pointer: '/a~1b/1/n',
      message: expect.stringMatching(/^\/a~1b\/1\/n must fit: /),
    }),
  )
  expect(failing(7)).toThrow(
    expect.objectContaining({ pointer: '', message: expect.stringMatching(/^the document must/) }),
  )
})
