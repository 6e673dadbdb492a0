import { expect, test } from 'vitest'
import { nearestName, similarNames } from './nearest-name.ts'

test('the nearest name is the one with the fewest edits', () => {
  expect(nearestName('publicURL', ['port', 'publicUrl'])).toEqual({ name: 'publicUrl', edits: 0 })
  expect(nearestName('hosst', ['port', 'host'])).toEqual({ name: 'host', edits: 1 })
})

test('similar are names with few letters changed and those that hold it, the likeliest first', () => {
  const names = ['Product Added', 'product Viewed', 'Products Viewed', 'Order Completed']
  expect(similarNames('Product Veiwed', names)).toEqual(['product Viewed', 'Products Viewed'])
  expect(similarNames('Sunglasses', ['Hats', 'Women > Sunglasses'])).toEqual(['Women > Sunglasses'])
  expect(similarNames('DE', ['DK', 'FR', 'de', 'CDEF'])).toEqual(['de', 'DK'])
  expect(similarNames('emial', ['mail', 'paid-social', 'email'])).toEqual(['email'])
  expect(similarNames('', ['a', 'Paris'])).toEqual(['a'])
  expect(similarNames('Germany', ['DE', 'AT'])).toEqual([])
})
