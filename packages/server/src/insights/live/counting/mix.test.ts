import { expect, test } from 'vitest'
import { Mix, valuesMax } from './mix.ts'

test('what came most of late is first, with its share of all', () => {
  const mix = new Mix(100, 3)
  for (const value of ['a', 'b', 'b', null]) mix.add(value, 1000)
  mix.add('a', 1250, 3)
  expect(mix.top(2, 1299)).toEqual({
    shares: [
      { value: 'a', count: 4, share: 4 / 7 },
      { value: 'b', count: 2, share: 2 / 7 },
    ],
    other: 1,
    all: 7,
  })
  expect(mix.top(2, 1300)).toEqual({ shares: [{ value: 'a', count: 3, share: 1 }], other: 0, all: 3 })
})

test('what is older than all buckets counts nowhere, and takes nothing from a younger one', () => {
  const mix = new Mix(100, 3)
  mix.add('new', 1000)
  mix.add('old', 700)
  expect(mix.top(9, 1000).shares.map(({ value }) => value)).toEqual(['new'])
})

test('more values than are told apart are counted together', () => {
  const mix = new Mix(100, 3)
  for (let value = 0; value < valuesMax + 10; value += 1) mix.add(String(value), 1000)
  const { other, all, shares } = mix.top(valuesMax, 1000)
  expect([other, all, shares.length]).toEqual([10, valuesMax + 10, valuesMax])
})
