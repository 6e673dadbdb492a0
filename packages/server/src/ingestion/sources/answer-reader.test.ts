import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AnswerPlaces, AnswerReader } from './answer-reader.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-answers-'))
let reader: AnswerReader

beforeAll(async () => {
  reader = await AnswerReader.open(folder)
})
afterAll(() => {
  reader.close()
  rmSync(folder, { recursive: true, force: true })
})

const read = async (answer: string | Buffer, places: AnswerPlaces) => {
  const { file, ...rest } = await reader.read(Buffer.from(answer), places)
  return { ...rest, lines: file === undefined ? [] : readFileSync(file, 'utf8').trimEnd().split('\n') }
}

test('records, one a line, with where it goes on and the highest of a field', async () => {
  const answer = `{
    "data": {"it/ems": [{"id": 1, "at": "2026-01-02", "note": "two\\nlines"}, {"id": 12345678901234567, "at": "2026-01-03"}]},
    "next": {"after": "x='y'"}
  }`
  expect(await read(answer, { records: '/data/it~1ems', next: '/next/after', highest: '/at' })).toEqual({
    ...{ records: 2, next: "x='y'", highest: '2026-01-03' },
    lines: ['{"id":1,"at":"2026-01-02","note":"two\\nlines"}', '{"id":12345678901234567,"at":"2026-01-03"}'],
  })
})

test('the answer itself may be the array; a number goes on and is highest as one; null ends it', async () => {
  expect(await read('[{"n": 9}, {"n": 10}, {}]', { records: '', highest: '/n' })).toMatchObject({
    records: 3,
    highest: 10,
  })
  expect(await read('{"r": [], "next": 7}', { records: '/r', next: '/next' })).toMatchObject({
    records: 0,
    next: '7',
    lines: [],
  })
  expect((await read('{"r": [], "next": null}', { records: '/r', next: '/next' })).next).toBeUndefined()
})

test.each([
  ['<html>', '', 'must be JSON'],
  ['', '', 'must be JSON'],
  [Buffer.of(0xff, 0xfe, 0x7b), '', 'must be JSON'],
  ['{"r": {}}', '/r', 'an array at /r, got object'],
  ['{"r": []}', '/data', 'an array at /data, got nothing'],
  ['{"r": []}', '', 'an array at its top, got object'],
])('%j is no answer with records', async (answer, records, words) => {
  await expect(read(answer, { records })).rejects.toThrow(
    expect.objectContaining({ code: 'sources.answer', message: expect.stringContaining(words) }),
  )
})

test('what is nested without end is refused, and harms nobody', async () => {
  const refused = expect.objectContaining({ code: 'sources.answer', message: expect.stringContaining('100 deep') })
  await expect(read('['.repeat(1_000_000), { records: '' })).rejects.toThrow(refused)
  await expect(read(`[${'['.repeat(5000)}${']'.repeat(5000)}]`, { records: '' })).rejects.toThrow(refused)
  expect(await read('[{}]', { records: '' })).toMatchObject({ records: 1 })
})

test('half a surrogate pair spoils no answer, however many pieces it has', async () => {
  const records = [
    ...Array(30_000).fill('{"name":"ä"}'),
    String.raw`{"name":"\ud800"}`,
    String.raw`{"name":"\ud83d\ude00"}`,
  ]
  const { records: count, lines } = await read(`[${records.join(',')}]`, { records: '' })
  expect(count).toBe(30_002)
  expect(lines.slice(-3)).toEqual(['{"name":"ä"}', '{"name":"\ufffd"}', '{"name":"😀"}'])
})
