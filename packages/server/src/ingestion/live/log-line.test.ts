import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LiveEvent } from './live-event.ts'
import { eventLine } from './log-line.ts'
import { readCall } from './read-call.ts'

const lineOf = (more: Partial<LiveEvent>): string => {
  const event = readCall({ event: 'Seen', userId: 'ann', properties: { price: 1 } }, 'track', 1000)
  return eventLine(7, { ...event, ...more }, { isSuspect: false, repeatsIds: true })
}

test('a line is JSON of what is there', () => {
  expect(JSON.parse(lineOf({ name: 'Looked at' }))).toEqual({
    p: 7,
    e: {
      ...{ call: 'track', name: 'Looked at', at: 1000, received: 1000, suspect: false, repeats: true },
      ...{ user: 'ann', price: 1_000_000, properties: { price: 1 } },
    },
  })
})

test('texts are written as JSON writes them', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '"', '\\', '\\u0000', 'a/b', '\x7f', '\x1f', '\n', 'ä', '\u2028', '\ud83d', '~ !#[]'),
  )
  fc.assert(
    fc.property(texts, texts, (name, messageId) => {
      const line = lineOf({ name, messageId })
      expect(line).toContain(`,"name":${JSON.stringify(name)},"at"`)
      expect(line).toContain(`,"id":${JSON.stringify(messageId)},"user"`)
    }),
  )
})
