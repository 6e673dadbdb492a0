import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { chanceWords } from './chance-words.ts'

test('a chance has three digits', () => {
  expect([0.025, 0.05, 0.425, 1].map(chanceWords)).toEqual(['p = 0.025', 'p = 0.050', 'p = 0.425', 'p = 1.000'])
})

test('no verdict writes it in its own way', () => {
  const here = new URL('.', import.meta.url)
  const sources = readdirSync(here).filter((name) => name.endsWith('.ts') && !/^chance-words|\.test\.ts$/.test(name))
  expect(sources.length).toBeGreaterThan(20)
  expect(sources.filter((name) => /p = \$\{/.test(readFileSync(new URL(name, here), 'utf8')))).toEqual([])
})
