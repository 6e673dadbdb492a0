import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readDefinition } from './definition.ts'

const page = readFileSync(new URL('../../../../../../docs/methods/predictions.md', import.meta.url), 'utf8')

test('what the page of declared predictions shows can be declared', () => {
  const shown = [...page.matchAll(/^```json\n([^`]*)^```/gm)].map(([, json]) => readDefinition(JSON.parse(json!)))
  expect(shown.map(({ score }) => score)).toEqual(['asks_for_help', 'buys_sneakers', 'next_upgrade'])
  expect(shown[1]!.definition).toMatchObject({ population: 'everybody', purpose: 'profiling', as: 'probability' })
  const targets = [...page.matchAll(/^\| `(\{ "kind"[^`]*)`/gm)].map(([, json]) =>
    JSON.parse(json!.replace('OCCURRENCE', '{ "purchase": true }')),
  )
  const kinds = targets.map(
    (target) => readDefinition({ name: 'x', label: 'x', horizonDays: 7, target }).definition.target.kind,
  )
  expect(kinds).toEqual(['happens', 'when', 'amount', 'amount', 'trait', 'series'])
})
