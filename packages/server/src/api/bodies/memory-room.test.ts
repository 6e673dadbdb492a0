import { expect, test } from 'vitest'
import { MemoryRoom } from './memory-room.ts'

test('who waits is let in in order, who waits for a share lets others pass, and all is given back', async () => {
  const room = new MemoryRoom({ mostBytes: 100, mostWaiting: 100, what: 'may be here' })
  const order: string[] = []
  const take = (name: string, bytes: number, holder: string): void => {
    const turn = room.take(bytes, [holder])
    if (turn) void turn.then(() => order.push(name))
    else order.push(name)
  }
  take('first', 40, 'a')
  take('share', 20, 'a')
  take('other', 50, 'b')
  take('big', 40, 'c')
  take('small', 5, 'd')
  expect(() => take('none', 50, 'c')).toThrow('at most 100 bytes may be here, half of them by one sender')
  await undefined
  expect(order).toEqual(['first', 'other'])
  room.give(40, ['a'])
  await undefined
  expect(order).toEqual(['first', 'other', 'share'])
  room.give(50, ['b'])
  await undefined
  expect(order).toEqual(['first', 'other', 'share', 'big', 'small'])
  room.give(20, ['a'])
  room.give(40, ['c'])
  room.give(5, ['d'])
  expect(room.bytes).toBe(0)
})

test('who waits for a share lets others of it pass for a while only, and those of another share always', async () => {
  const room = new MemoryRoom({ mostBytes: 100, mostWaiting: 400, what: 'may be here' })
  const order: string[] = []
  const take = (name: string, bytes: number, holders: readonly string[]): void => {
    const turn = room.take(bytes, holders)
    if (turn) void turn.then(() => order.push(name))
    else order.push(name)
  }
  take('small', 10, ['key', 'one'])
  take('big', 45, ['key', 'two'])
  take('passing', 1, ['key', 'three'])
  for (let times = 0; times < 100; times += 1) {
    take('elsewhere', 1, ['other key'])
    room.give(1, ['other key'])
  }
  take('behind', 1, ['key', 'three'])
  take('other', 30, ['three', 'other key'])
  await undefined
  expect(order.filter((name) => name !== 'elsewhere')).toEqual(['small', 'passing', 'other'])
  room.give(30, ['three', 'other key'])
  room.give(10, ['key', 'one'])
  await undefined
  expect(order.slice(-2)).toEqual(['big', 'behind'])
})
