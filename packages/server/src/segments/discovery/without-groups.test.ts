import { type Column, table } from '@rapport/learn'
import { columnOf, matrix, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import type { PartedPoints } from './partition.ts'
import { oneCloud, pointsOf, threeClouds } from './points.contract.ts'
import { withoutGroups } from './without-groups.ts'

/** Two numbers, of which one is missing at times, and three words in columns of 0 and 1. */
function mixed(rows: number): PartedPoints {
  const random = seededRandom(4)
  const cities = ['Oslo', 'Rome', null]
  const city = Array.from({ length: rows }, () => cities[Math.min(2, random.poisson(0.8))]!)
  const orders = Float64Array.from(city, (one) => random.normal() + (one === 'Oslo' ? 2 : 0))
  const price = orders.map((value) => (random.uniform() < 0.2 ? Number.NaN : value + random.normal()))
  const data = matrix(rows, 5)
  for (let row = 0; row < rows; row += 1) {
    const filled = Number.isNaN(price[row]!) ? 0 : price[row]!
    data.values.set([orders[row]!, filled, ...cities.map((one) => (one === city[row] ? 1 : 0))], row * 5)
  }
  const columns: Column[] = [
    { name: 'orders', kind: 'number', values: orders },
    { name: 'price', kind: 'number', values: price },
    { name: 'city', kind: 'text', values: city },
  ]
  return { data, table: table(columns), columnsOf: [Int32Array.of(0), Int32Array.of(1), Int32Array.of(2, 3, 4)] }
}

const sorted = (words: readonly (string | null)[]): readonly string[] => words.map(String).sort()

test('words stay as frequent as they are, one for each customer, and what is missing stays missing', () => {
  const points = mixed(300)
  const others = withoutGroups(points)(seededRandom(1))
  const [, price, city] = others.table.columns
  const [, realPrice, realCity] = points.table.columns
  expect(sorted(city!.values as string[])).toEqual(sorted(realCity!.values as string[]))
  expect(city!.values).not.toEqual(realCity!.values)
  for (let row = 0; row < 300; row += 1) {
    const at = ['Oslo', 'Rome', null].indexOf(city!.values[row] as string | null)
    expect(Array.from(others.data.values.slice(row * 5 + 2, row * 5 + 5))).toEqual(
      [0, 1, 2].map((one) => (one === at ? 1 : 0)),
    )
    expect(Number.isNaN(price!.values[row] as number)).toBe(Number.isNaN(realPrice!.values[row] as number))
  }
})

test('a word that goes with a number goes with it still', () => {
  const points = mixed(600)
  const meanOf = ({ data, table: of }: PartedPoints, word: string): number => {
    const rows = [...columnOf(data, 0)].filter((_, row) => of.columns[2]!.values[row] === word)
    return rows.reduce((sum, value) => sum + value, 0) / rows.length
  }
  const others = withoutGroups(points)(seededRandom(2))
  expect(meanOf(points, 'Oslo') - meanOf(points, 'Rome')).toBeGreaterThan(1.5)
  expect(meanOf(others, 'Oslo') - meanOf(others, 'Rome')).toBeGreaterThan(0.7)
})

test('numbers keep their correlation and lose their peaks; the points stay as they were', () => {
  const points = pointsOf(threeClouds(600, seededRandom(5)))
  const before = points.data.values.slice()
  const draw = withoutGroups(points)
  const others = draw(seededRandom(1))
  const near = (column: Float64Array): number => column.filter((value) => value > 2 && value < 4).length
  // Between the peaks at 0 and 6 there is hardly anybody, and without groups there are many.
  expect(near(columnOf(others.data, 0))).toBeGreaterThan(3 * near(columnOf(points.data, 0)))
  expect(points.data.values).toEqual(before)
  expect(draw(seededRandom(1))).toEqual(others)
})

test('directions are drawn with their lengths', () => {
  const { data } = pointsOf(oneCloud(100, seededRandom(6)))
  const lengths = Float64Array.from({ length: 100 }, (_, row) => 1 + row)
  const others = withoutGroups({ ...pointsOf(data), lengths })(seededRandom(1))
  expect(Math.max(...others.data.values)).toBeGreaterThan(10 * Math.max(...data.values))
  expect(others.lengths).toBeUndefined()
})
