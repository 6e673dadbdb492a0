import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkDeclared, readDefinition } from './definition.ts'

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

const declared = (change: object): void =>
  checkDeclared(
    readDefinition({
      ...{ name: 'x', label: 'a ticket', horizonDays: 7 },
      target: { kind: 'happens', of: { purchase: true } },
      ...change,
    }),
  )

test('only a chance is told in points: of days and money they would be a hundred times as many', () => {
  const points = (target: object): void => declared({ as: 'points', target })
  expect(() => points({ kind: 'happens', of: { purchase: true } })).not.toThrow()
  expect(() => points({ kind: 'trait', trait: 'city' })).not.toThrow()
  expect(() => points({ kind: 'amount', of: 'spend' })).toThrow('/as must be left out for amount')
  expect(() => points({ kind: 'when', of: { purchase: true } })).toThrow('/as must be left out for when')
})

test('a label is words on one line that no terminal obeys', () => {
  for (const label of [' ', 'a\nb', 'a\u001b[31mb', 'a\u0085b', 'a\u2028b', '\0']) {
    expect(() => declared({ label })).toThrow('/label must be words on one line')
  }
  expect(() => declared({ label: 'größer, “x” 😀' })).not.toThrow()
})
