import { expect, test } from 'vitest'
import * as learn from '../index.ts'
import { estimators, partsOfOthers } from './estimators.contract.ts'

test('every function that fits stands in the table of estimators, and the table holds no other', () => {
  const exported = Object.keys(learn).filter((name) => /^fit[A-Z]/.test(name))
  const held = new Set(estimators.map(({ name }) => name.split(' ')[0]!))
  const missing = exported.filter((name) => !held.has(name) && !(name in partsOfOthers))
  expect(missing, 'add a row to packages/learn/src/contract/estimators, as CONTRIBUTING.md says').toEqual([])
  expect([...held].filter((name) => !exported.includes(name))).toEqual([])
})

test('no two rows of the table have one name', () => {
  const names = estimators.map(({ name }) => name)
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})
