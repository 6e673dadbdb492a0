import { matrix, type Random, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { featureCatalogue } from '../features/index.ts'
import type { LabelledRows } from './customer-rows.ts'
import { chanceOfDifference, differingFeatures, falseDriverRate } from './differences.ts'

const wanted = ['orders', 'monday_share', 'night_share', 'tickets', 'age', 'gender', 'average_order_value']
const features = wanted.map((name) => featureCatalogue().find((feature) => feature.name === name)!)

/** Customers of whom only the number of orders decides who lapses: all else is as chance has it. */
function shop(random: Random, customers: number, lapsed: (orders: number) => number): LabelledRows {
  const values: number[] = []
  const labels = Uint8Array.from({ length: customers }, () => {
    const orders = 1 + random.poisson(random.gamma(0.7, 3))
    const shareOf = (chance: number): number => {
      let of = 0
      for (let order = 0; order < orders; order += 1) if (random.uniform() < chance) of += 1
      return of / orders
    }
    let spend = 0
    for (let order = 0; order < orders; order += 1) spend += Math.exp(random.normal())
    const age = random.uniform() < 0.1 ? Number.NaN : 18 + 60 * random.uniform()
    const gender = Math.floor(3 * random.uniform())
    const tickets = random.uniform() < 0.02 ? 1 + random.poisson(1) : 0
    values.push(orders, shareOf(1 / 7), shareOf(0.02), tickets, age, gender, spend / orders)
    return random.uniform() < lapsed(orders) ? 1 : 0
  })
  return {
    customerIds: Array.from(labels, (_, at) => `c${at}`),
    features,
    matrix: matrix(customers, features.length, Float64Array.from(values)),
    categories: new Map([['gender', ['a', 'b', 'c']]]),
    labels,
  }
}

const namesIn = (rows: LabelledRows): readonly string[] =>
  [...differingFeatures(rows)].map((position) => rows.features[position]!.name)

test.each([
  ['few of many customers lapse', 1500, (orders: number) => 0.1 / orders],
  ['most of few customers lapse', 250, (orders: number) => 0.95 - 0.15 * Math.log(orders)],
  ['half lapse', 600, (orders: number) => 1 / (1 + orders ** 0.7)],
] as const)('where %s, idle features are named no more often than said', (_, customers, lapsed) => {
  const random = seededRandom(11)
  const shops = 400
  let wrong = 0
  for (let at = 0; at < shops; at += 1) {
    if (namesIn(shop(random, customers, lapsed)).some((name) => name !== 'orders')) wrong += 1
  }
  // Within three standard errors above the rate.
  expect(wrong / shops).toBeLessThan(falseDriverRate + 3 * Math.sqrt((falseDriverRate * 0.95) / shops))
})

test('what does differ is named: a number, a category, a missing value', () => {
  const rows = shop(seededRandom(5), 1500, (orders) => 1 / (1 + orders ** 0.7))
  const { matrix: data, labels } = rows
  const at = (name: string): number => wanted.indexOf(name)
  labels.forEach((label, row) => {
    if (label === 0 || row % 2 === 0) return
    data.values[row * data.columns + at('age')] = Number.NaN
    data.values[row * data.columns + at('gender')] = 2
  })
  const named = namesIn(rows)
  for (const name of ['orders', 'age', 'gender']) expect(named).toContain(name)
  expect(named).not.toContain('monday_share')
})

test('without the number of orders, what is of each order is not named, and the rest is as before', () => {
  const rows = shop(seededRandom(5), 1500, (orders) => 1 / (1 + orders ** 0.7))
  const { matrix: data, labels } = rows
  labels.forEach((label, row) => {
    if (label === 1) for (const column of [1, 3, 6]) data.values[row * data.columns + column]! += 1
  })
  const named = namesIn(rows)
  expect(named).toEqual(['orders', 'monday_share', 'tickets', 'average_order_value'])
  const [, ...others] = features
  const rest = matrix(data.rows, others.length)
  rest.values.forEach((_, at) => {
    rest.values[at] = data.values[Math.floor(at / others.length) * data.columns + 1 + (at % others.length)]!
  })
  expect(namesIn({ ...rows, features: others, matrix: rest })).toEqual(['tickets'])
})

test('the chance of a difference is that of all deals of the outcomes', () => {
  const random = seededRandom(8)
  const values = Array.from({ length: 120 }, () => Math.log1p(random.gamma(0.5, 2)))
  const strata = values.map((_, row) => row % 3)
  const labels = Uint8Array.from(values, (value, row) => (row % 4 === 0 || (value > 1 && row % 2 === 0) ? 1 : 0))
  const centred = values.map((value, row) => {
    const own = values.filter((_, other) => strata[other] === strata[row])
    return value - own.reduce((sum, one) => sum + one, 0) / own.length
  })
  const sumOf = (dealt: ArrayLike<number>): number =>
    centred.reduce((sum, distance, row) => sum + distance * dealt[row]!, 0)
  const seen = sumOf(labels)
  const deals = 20_000
  let [above, below] = [0, 0]
  for (let deal = 0; deal < deals; deal += 1) {
    const dealt = labels.slice()
    for (const stratum of [0, 1, 2]) {
      const rows = strata.flatMap((own, row) => (own === stratum ? [row] : []))
      const order = Int32Array.from(rows)
      random.shuffle(order)
      rows.forEach((row, place) => {
        dealt[row] = labels[order[place]!]!
      })
    }
    if (sumOf(dealt) >= seen) above += 1
    if (sumOf(dealt) <= seen) below += 1
  }
  const dealtChance = Math.min(1, (2 * Math.min(above, below)) / deals)
  expect(dealtChance).toBeGreaterThan(0.001)
  expect(chanceOfDifference(values, labels, strata)! / dealtChance).toBeGreaterThan(0.85)
  expect(chanceOfDifference(values, labels, strata)! / dealtChance).toBeLessThan(1.15)
  // Turning outcomes or values round changes nothing.
  const turned = labels.map((label) => 1 - label)
  expect(chanceOfDifference(values, turned, strata)).toBeCloseTo(chanceOfDifference(values, labels, strata)!, 10)
})

test('where no deal differs there is no chance to speak of', () => {
  expect(chanceOfDifference([1, 1, 1], [0, 1, 0], [0, 0, 0])).toBeUndefined()
  expect(chanceOfDifference([1, 2, 3], [1, 1, 1], [0, 0, 0])).toBeUndefined()
  expect(chanceOfDifference([1, 2, 3], [0, 1, 0], [0, 1, 2])).toBeUndefined()
  expect(chanceOfDifference([Number.NaN, Number.NaN], [0, 1], [0, 0])).toBeUndefined()
  expect(chanceOfDifference([1, 2, 3, 4], [0, 0, 1, 1], [0, 0, 0, 0])).toBeCloseTo(0.121, 2)
})
