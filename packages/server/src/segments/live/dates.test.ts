import { expect, it } from 'vitest'
import { anniversaryChangesAt, daysToAnniversary, readDate, yearsChangeAt, yearsSince } from './dates.ts'

const at = Date.parse
const zone = 'Europe/Berlin'

it('reads dates that there are and nothing else', () => {
  expect(readDate('2000-02-29T10:00:00Z')).toEqual({ year: 2000, month: 2, day: 29 })
  for (const text of ['2001-02-29', '29.2.2000', '2000-02-291', '', null, 7]) expect(readDate(text)).toBe(null)
})

it('counts full years by the calendar of the zone', () => {
  const born = readDate('1990-04-02')
  // 22:00 UTC is midnight in Berlin.
  expect(yearsSince(born, zone, at('2024-04-01T21:59:59.999Z'))).toBe(33)
  expect(yearsSince(born, zone, at('2024-04-01T22:00:00Z'))).toBe(34)
  expect(yearsChangeAt(born, zone, at('2024-04-01T21:00:00Z'))).toBe(at('2024-04-01T22:00:00Z'))
  expect(yearsChangeAt(born, zone, at('2024-04-01T22:00:00Z'))).toBe(at('2025-04-01T22:00:00Z'))
  expect(yearsSince(readDate('2030-01-01'), zone, at('2024-04-01T22:00:00Z'))).toBe(null)
  expect(yearsChangeAt(readDate('2030-01-01'), zone, at('2024-04-01T22:00:00Z'))).toBe(at('2029-12-31T23:00:00Z'))
})

it('takes 29 February as 1 March in other years', () => {
  const born = readDate('2000-02-29')
  expect(yearsSince(born, zone, at('2023-02-28T22:59:59Z'))).toBe(22)
  expect(yearsSince(born, zone, at('2023-02-28T23:00:00Z'))).toBe(23)
  expect(daysToAnniversary(born, zone, at('2023-02-28T12:00:00Z'))).toBe(1)
  expect(daysToAnniversary(born, zone, at('2024-02-28T12:00:00Z'))).toBe(1)
  expect(daysToAnniversary(born, zone, at('2024-02-29T12:00:00Z'))).toBe(0)
})

it('says when an anniversary comes near and when it is over, over the turn of the year and of the clocks', () => {
  const born = readDate('1990-01-03')
  expect(daysToAnniversary(born, zone, at('2023-12-30T12:00:00Z'))).toBe(4)
  expect(anniversaryChangesAt(born, 7, zone, at('2023-12-20T12:00:00Z'))).toBe(at('2023-12-26T23:00:00Z'))
  expect(anniversaryChangesAt(born, 7, zone, at('2023-12-26T23:00:00Z'))).toBe(at('2024-01-03T23:00:00Z'))
  // Summer time began on 31 March 2024.
  expect(anniversaryChangesAt(readDate('1990-04-02'), 3, zone, at('2024-03-29T12:00:00Z'))).toBe(
    at('2024-03-29T23:00:00Z'),
  )
  expect(anniversaryChangesAt(null, 3, zone, 0)).toBe(Infinity)
})
