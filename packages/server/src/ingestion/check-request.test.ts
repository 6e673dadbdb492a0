import { expect, test } from 'vitest'
import { checkMoneyAndZone } from './check-request.ts'

test('codes and zones that there are pass, in any case of letters', () => {
  expect(() => checkMoneyAndZone({ currency: 'eur', timezone: 'America/New_York' })).not.toThrow()
  expect(() => checkMoneyAndZone({})).not.toThrow()
})

test.each(['EURO', 'ZZZ', '€', ''])('%s is no currency', (currency) => {
  expect(() => checkMoneyAndZone({ currency })).toThrow(`must be a code of ISO 4217 like EUR, got ${currency}`)
})

test('a zone that there is not is refused', () => {
  expect(() => checkMoneyAndZone({ timezone: 'Mars/Base' })).toThrow(
    "must be a zone's name like Europe/Berlin, got Mars/Base",
  )
})
