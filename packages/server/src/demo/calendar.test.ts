import { expect, test } from 'vitest'
import { calendarOf, dayAt } from './calendar.ts'
import { withoutEffects } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'

const until = Date.UTC(2026, 0, 1)

test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
  '%s: local midnights agree with the zone database, daylight saving included',
  (_name, scenario) => {
    const { midnight, weekday } = calendarOf(scenario, until)
    const local = new Intl.DateTimeFormat('en-GB', {
      timeZone: scenario.timezone,
      weekday: 'short',
      hour: '2-digit',
      hourCycle: 'h23',
    })
    const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
    const wrong = Array.from(midnight, (seconds, day) => [local.format(seconds * 1000), names[weekday[day]!]]).filter(
      ([text, name]) => text !== `${name} 00` && text !== `${name}, 00`,
    )
    expect(wrong).toEqual([])
  },
)

test('the clock advances by 365 over the last year, and every day holds the reading at its beginning', () => {
  for (const scenario of scenarios) {
    for (const { clock, intensity } of calendarOf(scenario, until).habits) {
      expect(clock.at(-1)! - clock.at(-366)!).toBeCloseTo(365, 8)
      for (const day of [0, 1, 400, 729]) {
        expect(dayAt(clock, clock[day]! + 1e-9)).toBe(day)
        expect(dayAt(clock, clock[day]! + intensity[day]! - 1e-9)).toBe(day)
      }
      expect(dayAt(clock, clock.at(-1)! + 1)).toBe(intensity.length)
    }
  }
})

test('chances of the hours of a day add up to 1; without effects all hours and days are alike', () => {
  for (const scenario of scenarios) {
    for (const { hours } of calendarOf(scenario, until).habits) {
      for (let weekday = 0; weekday < 7; weekday += 1) {
        const day = hours.subarray(weekday * 24, weekday * 24 + 24)
        expect(day.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12)
      }
    }
    const [plain] = calendarOf(withoutEffects(scenario), until).habits
    expect(new Set(plain!.hours).size).toBe(1)
    expect(new Set(plain!.intensity).size).toBe(1)
  }
})
