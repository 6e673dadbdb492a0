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
