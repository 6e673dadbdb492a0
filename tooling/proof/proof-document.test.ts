import { expect, test } from 'vitest'
import { nextDocument } from './proof-document.ts'
import type { ProofRow } from './rows-file.ts'

const surroundings = { date: '2030-01-02', node: 'v20', processors: 2, memoryGigabytes: 8 }
const cdnow = { name: 'cdnow-a', claim: 'a as published' }
const mall = { name: 'mall-b', claim: 'b | c as published' }
const row = (name: string, outcome: ProofRow['outcome'], figure: string): ProofRow => ({
  name,
  outcome,
  figure,
  commit: outcome === 'not run' ? '' : 'abc1234',
})
const figuresOf = (document: string): string[] =>
  document
    .split('\n')
    .flatMap((line) => (line.includes('npm run') && line.startsWith('| ') ? [line.split('|')[3]!.trim()] : []))

const first = nextDocument(
  '',
  [mall, cdnow],
  [row('cdnow-a', 'met', '1.5'), row('mall-b', 'missed', '3 | 4\n5')],
  surroundings,
)

test('parts have an order and tables cannot be broken by figures', () => {
  expect(figuresOf(first)).toEqual(['1.5', '**Missed:** 3 ¦ 4<br>5'])
  expect(first).toContain('| a as published | `npm run proof -- -t "cdnow-a:"` | 1.5 | abc1234, 2030-01-02 |')
  expect(first).toContain('2030-01-02, Node v20, 2 processors, 8 GB')
})

test('a run of one part leaves the other rows as they were', () => {
  const later = { ...surroundings, date: '2031-01-01' }
  const next = nextDocument(first, [cdnow], [row('cdnow-a', 'met', '1.6')], later)
  expect(figuresOf(next)).toEqual(['1.6', '**Missed:** 3 ¦ 4<br>5'])
  expect(next).toContain('abc1234, 2030-01-02')
  expect(next).toContain('abc1234, 2031-01-01')
})

test('rows that were not selected or could not be tried keep their figure, or say why there is none', () => {
  expect(figuresOf(nextDocument(first, [cdnow, mall], [], surroundings))).toEqual(figuresOf(first))
  const unable = [row('cdnow-a', 'not run', 'no data')]
  expect(figuresOf(nextDocument(first, [cdnow], unable, surroundings))[0]).toBe('1.5')
  expect(figuresOf(nextDocument('', [cdnow, mall], unable, surroundings))).toEqual([
    'could not run: no data',
    'not run yet',
  ])
})

test('a claim that is declared no longer is dropped with its figure', () => {
  expect(nextDocument(first, [{ name: 'mall-d', claim: 'd' }], [], surroundings)).not.toContain('mall-b')
})
