import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readJsonFile, textOf } from './read-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-read-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

test('text is read as it is, without the mark of its bytes', () => {
  expect(textOf(fileOf('utf8.csv', Buffer.from('\uFEFFid,größer “x”\n')), 'utf8.csv')).toBe('id,größer “x”\n')
})

test('JSON is read with the mark of its bytes and without', () => {
  expect(readJsonFile(fileOf('marked.json', Buffer.from('\uFEFF{"a":"ö"}')), 'marked.json', 'letters')).toEqual({
    a: 'ö',
  })
  expect(() => readJsonFile(fileOf('two.json', Buffer.from('\uFEFF\uFEFF{}')), 'two.json', 'letters')).toThrow(
    'must be JSON',
  )
})

test.each([
  ['latin1.csv', Buffer.from('größer', 'latin1')],
  ['utf16.csv', Buffer.from('\uFEFFid,label', 'utf16le')],
  ['parquet.csv', Uint8Array.of(80, 65, 82, 49, 0, 255, 254)],
])('%s is refused: its bytes would become other words', (name, bytes) => {
  expect(() => textOf(fileOf(name, bytes), name)).toThrow(`${name} must be text in UTF-8, got bytes that are not`)
})

test('what cannot be read says why', () => {
  expect(() => textOf(folder, 'labels')).toThrow('labels must be a file that can be read, got a folder')
  expect(() => textOf(join(folder, 'gone'), 'gone')).toThrow('gone must be a file that can be read, got no such file')
})
