import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountOf, decimalOf, microsOf, microsOfSmallest } from './exact-money.ts'

test.each([
  ['10.005', 10_005_000n],
  ['0.1', 100_000n],
  [0.1, 100_000n],
  [1.005, 1_005_000n],
  ['-8.00', -8_000_000n],
  [' 7 ', 7_000_000n],
  ['1.0000010000', 1_000_001n],
  ['999999999999999999', 999_999_999_999_999_999_000_000n],
] as const)('%j is exact', (amount, micros) => {
  expect(microsOf(amount)).toBe(micros)
})

test.each(['', '1.0000001', '1,50', '$5', 'NaN', '1e3', 1e21, Number.NaN, null, undefined, {}, '0x10', '1.', '.5'])(
  '%j is no amount',
  (amount) => {
    expect(microsOf(amount)).toBeUndefined()
  },
)

test('writing an amount and reading it again gives it', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (micros) => {
      expect(microsOf(decimalOf(micros))).toBe(micros)
      expect(microsOf(amountOf(micros))).toBe(micros)
    }),
  )
})

test('an amount is a number, and text only where no number says it to the last decimal', () => {
  expect([41_000_000n, 10_005_000n, -1n, 0n].map(amountOf)).toEqual([41, 10.005, -0.000001, 0])
  expect(amountOf(999_999_999_999_999_999_000_001n)).toBe('999999999999999999.000001')
})

test('the smallest unit is the currency’s own', () => {
  expect(microsOfSmallest(1099, 'usd')).toBe(10_990_000n)
  expect(microsOfSmallest(500, 'jpy')).toBe(500_000_000n)
  expect(microsOfSmallest(1230, 'KWD')).toBe(1_230_000n)
  expect(microsOfSmallest(500, 'ISK')).toBe(5_000_000n)
  expect(microsOfSmallest(1.5, 'usd')).toBeUndefined()
  expect(microsOfSmallest('100', 'usd')).toBeUndefined()
})
