import { expect, test } from 'vitest'
import { featureCatalogue } from '../features/index.ts'
import { parseRule } from '../rules/index.ts'
import { shippedRules } from './shipped-rules.ts'

test('every shipped rule reads back as it is, with an id of its own and words', () => {
  const shipped = shippedRules(featureCatalogue({ categories: ['Shoes'] }))
  for (const { rule, words } of shipped) {
    expect(parseRule(JSON.parse(JSON.stringify(rule)))).toEqual(rule)
    expect(words.length).toBeGreaterThan(10)
  }
  expect(new Set(shipped.map(({ id }) => id)).size).toBe(8)
  expect(shippedRules(featureCatalogue()).map(({ id }) => id)).not.toContain('rule.one-category-loyalists')
})
