import { describe, expect, test } from 'vitest'
import { draftOf } from './draft.ts'

describe('arguments as Segment takes them', () => {
  test('page: a name, a category and a name, properties alone, nothing', () => {
    expect(draftOf('page', ['Home', { a: 1 }]).fields).toEqual({ name: 'Home', properties: { a: 1 } })
    expect(draftOf('page', ['Shop', 'Home', { a: 1 }]).fields).toEqual({
      category: 'Shop',
      name: 'Home',
      properties: { a: 1 },
    })
    expect(draftOf('page', [{ a: 1 }]).fields).toEqual({ properties: { a: 1 } })
    expect(draftOf('page', []).fields).toEqual({ properties: {} })
  })

  test('identify: an id, an id and traits, traits alone; a number counts as its text', () => {
    expect(draftOf('identify', ['u1']).fields).toEqual({ userId: 'u1', traits: {} })
    expect(draftOf('identify', [7, { name: 'A' }]).fields).toEqual({ userId: '7', traits: { name: 'A' } })
    expect(draftOf('identify', [{ name: 'A' }, { messageId: 'm' }])).toEqual({
      type: 'identify',
      fields: { userId: undefined, traits: { name: 'A' } },
      options: { messageId: 'm' },
    })
  })
})

test.each([
  ['track', [''], 'the name of an event must be text of 1 to 512 characters, got ""'],
  ['track', [undefined], 'the name of an event must be text of 1 to 512 characters, got undefined'],
  ['track', ['Seen', 'blue'], 'properties must be an object, got string'],
  ['track', ['Seen', [1]], 'properties must be an object, got object'],
  ['identify', [Number.NaN], 'userId must be text of 1 to 512 characters, got null'],
  ['identify', ['x'.repeat(513)], 'userId must be text of 1 to 512 characters'],
  ['group', [], 'groupId must be text of 1 to 512 characters, got undefined'],
  ['alias', [{}], 'userId must be text of 1 to 512 characters, got {}'],
  ['page', ['a', 'b', 'c'], 'properties must be an object, got string'],
] as const)('%s(%j) is refused', (type, given, message) => {
  expect(() => draftOf(type, given)).toThrow(message)
})
