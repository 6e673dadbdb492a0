import { readFileSync } from 'node:fs'
import { aggregateNames } from '@rapport/protocol'
import { expect, test } from 'vitest'
import { readDefinition } from './read-definition.ts'

const document = readFileSync(new URL('../../../../../docs/methods/feature-definitions.md', import.meta.url), 'utf8')
const from = { lines: 'sale' }

/** What the part of an example stands for in a definition. */
function definitionOf(part: Record<string, unknown>): object {
  if ('name' in part) return part
  const value =
    'last' in part || 'calendar' in part || 'session' in part
      ? { aggregate: 'count', from, window: part }
      : 'events' in part || 'lines' in part
        ? { aggregate: 'count', from: part }
        : 'aggregate' in part
          ? { from, ...part }
          : part
  return { name: 'it', label: 'It', value }
}

const examples = [
  ...[...document.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => json!),
  ...[...document.matchAll(/`(\{ .*?\})`/g)].map(([, json]) => json!),
]

test.each(examples)('reads the example %s', (json) => {
  expect(readDefinition(definitionOf(JSON.parse(json)))).toBeDefined()
})

test('says every aggregate, and has an example of every kind', () => {
  expect(aggregateNames.filter((name) => !document.includes(`\`${name}\``))).toEqual([])
  const kinds = [
    'aggregate',
    'sequence',
    'trend',
    'trait',
    'score',
    'feature',
    'ratio',
    'difference',
    'sum',
    'given',
    'model',
  ]
  expect(kinds.filter((kind) => !examples.some((json) => json.startsWith(`{ "${kind}"`)))).toEqual([])
  expect(examples.length).toBeGreaterThan(30)
})
