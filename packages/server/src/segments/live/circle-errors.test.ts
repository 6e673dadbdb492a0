import { expect, test } from 'vitest'
import { circleErrors } from './circle-errors.ts'

const naming = (id: string, ...names: string[]) => {
  return { id, named: names.map((name, at) => ({ id: name, pointer: `/rule/all/${at}/segment` })) }
}

test('each circle is said once, also one through what is there already', () => {
  const others = new Map([['list.held', naming('list.held', 'rule.a').named]])
  const found = circleErrors(
    [naming('rule.a', 'rule.b', 'list.held'), naming('rule.b', 'rule.a'), naming('rule.c', 'rule.a')],
    others,
  )
  expect(found.map((errors) => errors.map(({ message }) => message))).toEqual([
    [
      'rule.a/rule/all/0/segment must not lead back to itself, got rule.a → rule.b → rule.a',
      'rule.a/rule/all/1/segment must not lead back to itself, got rule.a → list.held → rule.a',
    ],
    [],
    [],
  ])
})

test('what names itself is a circle, and what two name is none', () => {
  expect(circleErrors([naming('rule.a', 'rule.c'), naming('rule.b', 'rule.c'), naming('rule.c')], new Map())).toEqual([
    [],
    [],
    [],
  ])
  expect(circleErrors([naming('rule.a', 'rule.a')], new Map())[0]).toHaveLength(1)
})
