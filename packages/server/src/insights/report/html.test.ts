import { describe, expect, test } from 'vitest'
import { escapeHtml, html, jsonForScript, name, trusted } from './html.ts'

describe('html', () => {
  test('escapes text and keeps markup', () => {
    expect(String(html`<p title="${'"a"'}">${'<b>'} ${html`<i>${'&'}</i>`}</p>`)).toBe(
      '<p title="&quot;a&quot;">&lt;b&gt; <i>&amp;</i></p>',
    )
  })

  test('joins lists and leaves out nothing, but not zero', () => {
    expect(String(html`${[1, 2]}${null}${undefined}${false}${0}${[html`<br>`]}`)).toBe('120<br>')
  })

  test('takes no object for markup that merely looks like it', () => {
    const disguised = JSON.parse('{"toString":"<script>"}') as never
    expect(() => String(html`${disguised}`)).toThrow()
  })

  test('replaces halves of characters, which no file can hold', () => {
    expect(escapeHtml('a\ud83d b')).toBe('a\ufffd b')
    expect(escapeHtml('👩‍👧')).toBe('👩‍👧')
  })

  test('keeps a name from turning its surroundings around', () => {
    expect(String(name('\u202Eabc'))).toBe('<bdi class="name" title="\u202Eabc">\u202Eabc</bdi>')
  })

  test('leaves trusted markup as it is', () => {
    expect(String(html`${trusted('<hr>')}`)).toBe('<hr>')
  })
})

describe('jsonForScript', () => {
  test('cannot end the element it stands in', () => {
    const text = String(jsonForScript({ a: '</script><!--<script>\u2028' }))
    expect(text).not.toMatch(/[<>&\u2028]/)
    expect(JSON.parse(text)).toEqual({ a: '</script><!--<script>\u2028' })
  })
})
