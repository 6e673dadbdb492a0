import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasAddressInHash, pageOf } from './circumstances.ts'

const at = (url: string) => ({ at: 0, url, title: 'Shop', referrer: '' })

describe('the page of a moment', () => {
  test('has its address without the place on it', () => {
    expect(pageOf(at('https://shop.example/shoes?size=40#reviews'), true)).toEqual({
      url: 'https://shop.example/shoes?size=40',
      path: '/shoes',
      search: '?size=40',
      title: 'Shop',
      referrer: '',
    })
  })

  test('keeps a hash that is an address', () => {
    expect(pageOf(at('https://shop.example/#/cart'), true)['url']).toBe('https://shop.example/#/cart')
    expect(['#/cart', '#!cart', '#cart', '', '#'].map(hasAddressInHash)).toEqual([true, true, false, false, false])
  })

  test('shows click ids only where ads are allowed', () => {
    const page = at('https://shop.example/?a=1&gclid=x&fbclid=y&gclid=z')
    expect(pageOf(page, true)['search']).toBe('?a=1&gclid=x&fbclid=y&gclid=z')
    expect(pageOf(page, false)).toMatchObject({ url: 'https://shop.example/?a=1', search: '?a=1' })
  })

  test('without click ids is spelled as it was', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
        expect(pageOf(at(url), false)).toEqual(pageOf(at(url), true))
      }),
    )
  })
})
