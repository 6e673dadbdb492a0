import { expect, test } from 'vitest'
import { cartEvents, orderEvents, productEvents } from '../../protocol/src/index.ts'
import { commerceEvents } from './commerce.ts'

test('every e-commerce event that rapport understands has its call', () => {
  const names = Object.values(commerceEvents)
  expect(names).toEqual(expect.arrayContaining([...orderEvents, ...cartEvents, ...productEvents, 'Product Reviewed']))
})

test('a call is named after its event', () => {
  for (const [call, event] of Object.entries(commerceEvents)) {
    expect(call.toLowerCase()).toBe(event.replaceAll(' ', '').toLowerCase())
  }
})
