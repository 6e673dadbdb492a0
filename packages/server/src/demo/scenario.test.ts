import { expect, test } from 'vitest'
import { catalogueOf } from './catalogue.ts'
import { withoutEffects } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'
import { textsOf } from './texts.ts'

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s adds up', (_name, scenario) => {
  expect(sum(scenario.types.map((type) => type.share))).toBeCloseTo(1, 12)
  for (const type of scenario.types) {
    expect(type.categories.length).toBe(scenario.categories.length)
    expect([type.tiers.length, type.months.length, type.weekdays.length, type.sources.length]).toEqual([3, 12, 7, 4])
    expect(type.discounted.promotion).toBeLessThan(1)
  }
})

test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
  '%s: 150 to 600 products, each cell with one that is always sold, some costs unknown, none above the price',
  (_name, scenario) => {
    const { products, cells, meanCents } = catalogueOf(scenario)
    expect(products.length).toBeGreaterThanOrEqual(150)
    expect(products.length).toBeLessThanOrEqual(600)
    for (const cell of cells) {
      const first = products[cell[0]!]!
      expect([first.firstDay, first.lastDay]).toEqual([0, Infinity])
    }
    const unknown = products.filter((product) => product.costCents === undefined).length / products.length
    expect(unknown).toBeGreaterThan(0.03)
    expect(unknown).toBeLessThan(0.25)
    expect(products.every((product) => (product.costCents ?? 0) < product.cents)).toBe(true)
    expect(meanCents.every((cents) => cents > 0)).toBe(true)
  },
)

test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
  '%s: customers say many different things',
  (_name, scenario) => {
    const texts = textsOf(scenario)
    expect(texts.length).toBe(4500)
    expect(texts.every((text) => text.length > 10)).toBe(true)
    expect(new Set(texts).size).toBeGreaterThan(400)
  },
)

test('without effects there is one type, no lift and no habit, and shares that add up to 1', () => {
  for (const scenario of scenarios) {
    const [everyone, ...others] = withoutEffects(scenario).types
    expect(others).toEqual([])
    expect(everyone!.emailLift).toEqual({ visit: 0, order: 0 })
    expect(everyone!.hours).toEqual([])
    expect(sum(everyone!.categories)).toBeCloseTo(1, 12)
  }
})
