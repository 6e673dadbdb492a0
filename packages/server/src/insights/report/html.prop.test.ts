import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html, jsonForScript } from './html.ts'

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('<', '>', '"', "'", '&', '`', '</script', '<!--', '-->', ']]>', 'a', ' ', '=', '/'))
    .map((parts) => parts.join('')),
)

test('no text opens a tag or leaves its attribute', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const markup = String(html`<p title="${text}">${text}</p>`)
      expect(markup.match(/[<>]/g)).toHaveLength(4)
      expect(markup.match(/"/g)).toHaveLength(2)
      expect(markup).not.toMatch(/['`]/)
    }),
  )
})

test('escaped text reads as it was written', () => {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' }
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const read = String(html`${text}`).replace(/&([a-z]+|#\d+);/g, (_, entity: string) => entities[entity]!)
      expect(read).toBe(text)
    }),
  )
})

test('JSON in a script parses to the same value and holds nothing that ends the script', () => {
  fc.assert(
    fc.property(fc.jsonValue(), nasty, (value, text) => {
      const written = String(jsonForScript({ value, text }))
      expect(written).not.toMatch(/[<>&\u2028\u2029]/)
      expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify({ value, text })))
    }),
  )
})
