import { describe, expect, test } from 'vitest'
import { counted, formatFor, orWhy } from './format.ts'

const format = formatFor('GBP', 'Europe/London')

describe('formatFor', () => {
  test('writes money with its currency, pence only where they matter', () => {
    expect(format.money(184_230.4)).toBe('£184,230')
    expect(format.money(59.05)).toBe('£59.05')
    expect(format.money(0)).toBe('£0')
    expect(format.money(-12.5)).toBe('-£12.50')
    expect(format.moneyShort(1_250_000)).toMatch(/^£1\.3m$/i)
  })

  test('writes an amount in a currency that is none behind plain numbers', () => {
    expect(formatFor('<b>', 'UTC').money(1_200)).toBe('1,200 <b>')
  })

  test('writes shares as percentages', () => {
    expect(format.percent(0.1234)).toBe('12.3\u00a0%')
    expect(format.percent(1)).toBe('100\u00a0%')
  })

  test('writes dates in the store’s time zone', () => {
    expect(formatFor('GBP', 'Pacific/Auckland').date(Date.UTC(2025, 0, 1, 12))).toBe('2 Jan 2025')
    expect(formatFor('GBP', 'no/zone').timezone).toBe('UTC')
  })

  test('counts one and many', () => {
    expect(counted(format, 1, 'customer')).toBe('1 customer')
    expect(counted(format, 1_200, 'customer')).toBe('1,200 customers')
  })
})

describe('orWhy', () => {
  test.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])('says why for %s', (value) => {
    expect(String(orWhy(value, String, 'no <order>'))).toBe('<span class="unknown">no &lt;order&gt;</span>')
  })

  test('writes zero, which is known', () => {
    expect(orWhy(0, format.count, 'never')).toBe('0')
  })
})
