import { expect, test } from 'vitest'
import { overlapsWith } from './overlap.ts'
import type { Standing } from './standing.ts'

const held: Readonly<Record<string, readonly string[]>> = {
  'rule.a': ['ann', 'bob', 'eve'],
  'rule.b': ['eve', 'zoe'],
  'rule.c': ['ann', 'bob'],
  'rule.d': ['bob'],
  'rule.none': ['zoe'],
}
const of = (id: string): readonly string[] => held[id]!
const standing = (isKnown = true) =>
  ({
    compiled: { segments: Object.keys(held).map((id) => ({ definition: { id, name: `Name of ${id}` } })) },
    members: isKnown
      ? {
          size: (id: string) => of(id).length,
          overlap: (one: string, other: string) => of(one).filter((customer) => of(other).includes(customer)).length,
        }
      : null,
  }) as unknown as Standing

test('those with the most in common come first, of equal ones the smaller, without itself and without strangers', () => {
  expect(overlapsWith(standing(), 'rule.a', 10)).toEqual([
    { id: 'rule.c', name: 'Name of rule.c', size: 2, both: 2 },
    { id: 'rule.d', name: 'Name of rule.d', size: 1, both: 1 },
    { id: 'rule.b', name: 'Name of rule.b', size: 2, both: 1 },
  ])
  expect(overlapsWith(standing(), 'rule.a', 1)).toHaveLength(1)
})

test('where it is not known who is in it, neither is the overlap', () => {
  expect(overlapsWith(standing(false), 'rule.a', 10)).toBeNull()
  expect(overlapsWith(standing(), 'rule.new', 10)).toBeNull()
})
