import { readFileSync } from 'node:fs'
import { featureExpression } from '@rapport/protocol'
import { expect, test } from 'vitest'

const page = readFileSync(new URL('../../../../docs/methods/feature-definitions.md', import.meta.url), 'utf8')
const values = page.slice(page.indexOf('## Values'), page.indexOf('## Windows'))
const examples = values
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .flatMap((line) => [...line.matchAll(/`(\{ .*?\})`/g)].map(([, json]) => json!))

test('every example of a value is one', () => {
  expect(examples.length).toBeGreaterThan(20)
  for (const json of examples)
    expect([json, featureExpression.safeParse(JSON.parse(json)).error?.issues]).toEqual([json, undefined])
})
