import { expect, test } from 'vitest'
import { overlapPart, trendOf, versionsPart } from './live-segment-parts.ts'
import { momentsIn } from './moments.ts'

const daysOf = (n: number) =>
  Array.from({ length: n }, (_, at) => ({
    ...{ day: `2026-03-${String(at + 1).padStart(2, '0')}`, size: at * 10 },
    ...{ entries: 10, exits: 0 },
  }))
const trend = (n: number): string => String(trendOf({ segment: 'rule.a', days: daysOf(n) }))

test('sizes by day are a line with its words, the latest days in numbers, and earlier ones to unfold', () => {
  expect(trend(9)).toContain('aria-label="From 0 customers on 2026-03-01 to 80 on 2026-03-09, at most 80"')
  expect(trend(9)).toContain('<summary>2 earlier days</summary>')
  expect(trend(7)).not.toContain('<details>')
  expect(trend(1)).not.toContain('<svg')
  expect(trend(1)).toContain('there is a line from the second on')
  expect(trend(0)).toContain('No sizes are known yet.')
})

test('customers in common are said with shares of both, or why there are none', () => {
  const b = { id: 'rule.b', name: 'B', size: 4, both: 3 }
  const shown = String(overlapPart([b, { ...b, id: 'rule.c', size: 3000 }, { ...b, both: 299 }], 300))
  expect(shown).toContain('href="/segments/live/rule.b"')
  expect([...shown.matchAll(/<span class="cell">([^<]*)<\/span>/g)].map(([, cell]) => cell)).toEqual([
    ...['3', '1\u00a0%', '75\u00a0%'],
    ...['3', '1\u00a0%', '&lt;1\u00a0%'],
    ...['299', '&gt;99\u00a0%', '7,475\u00a0%'],
  ])
  expect(String(overlapPart([], 3))).toContain('nobody in common with another live segment')
  expect(String(overlapPart([], 0))).toContain('Nobody is in it.')
  expect(String(overlapPart(null, 3))).toContain('It is being filled.')
  expect(String(overlapPart([b], null))).toContain('It is being filled.')
})

test('versions say what changed, the latest first', () => {
  const one = { id: 'rule.a', name: 'A', words: 'a', rule: { event: 'X' } }
  const definitions = [{ ...one, name: 'B', rule: { event: 'Y' } }, one, null, { ...one, words: 'b' }, one]
  const versions = definitions.map((definition, at) => ({ version: 5 - at, declaredAt: 1000, definition }))
  const shown = (some: typeof versions) => String(versionsPart({ id: 'rule.a', versions: some }, momentsIn('UTC')))
  const changes = [...shown(versions).matchAll(/What changed<\/span><span class="cell">([^<]*)</g)].map(([, it]) => it)
  expect(changes).toEqual(['name, rule', 'declared again', 'removed', 'words', 'declared'])
  expect(shown(versions)).not.toContain('there is one version')
  expect(shown(versions.slice(4))).toContain('there is one version')
  expect(shown(Array.from({ length: 23 }, () => versions[0]!))).toContain('3 earlier ones')
})
