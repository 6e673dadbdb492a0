import { matrix, matrixFromRows, seededRandom, takeRows } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { permutationImportance } from '../explain/index.ts'
import { fitLogistic, predictLogistic } from '../linear/index.ts'
import { metricValue, rocAuc } from '../metrics/index.ts'
import type { Column } from '../preparation/index.ts'
import {
  applySelection,
  columnVariances,
  informationValue,
  lassoScores,
  mutualInformation,
  netInformationValue,
  selectColumns,
} from './index.ts'

const numbers = (values: readonly number[]): Column => ({
  name: 'x',
  kind: 'number',
  values: Float64Array.from(values),
})
const texts = (values: readonly (string | null)[]): Column => ({ name: 'x', kind: 'text', values })
const random = seededRandom(3)

test('two normal columns share −½ ln(1 − ρ²), whichever comes first and however each is stretched', () => {
  const one = Array.from({ length: 4000 }, () => random.normal())
  const other = one.map((value) => 0.8 * value + 0.6 * random.normal())
  const truth = -0.5 * Math.log(1 - 0.64)
  const found = mutualInformation(numbers(one), numbers(other), { seed: 1 })
  expect(Math.abs(found - truth)).toBeLessThan(0.05)
  expect(mutualInformation(numbers(other), numbers(one), { seed: 1 })).toBeCloseTo(found, 6)
  const stretched = mutualInformation(numbers(one.map((value) => 1e6 * value)), numbers(other), { seed: 1 })
  expect(stretched).toBeCloseTo(found, 6)
})

test('a column of many zeros and a class: near the truth by its parts, and 0 for a constant one', () => {
  // Spend is 0 for most; its being above 0 decides the class for nine of ten.
  const spend = Array.from({ length: 3000 }, (_, row) => (row % 4 === 0 ? random.gamma(2, 10) : 0))
  const labels = spend.map((value) => (value > 0 === random.uniform() < 0.9 ? 1 : 0))
  const flags = mutualInformation(numbers(spend.map((value) => (value > 0 ? 1 : 0))), numbers(labels), { seed: 1 })
  expect(Math.abs(mutualInformation(numbers(spend), numbers(labels), { seed: 1 }) - flags)).toBeLessThan(0.04)
  const constant = numbers(labels.map(() => 5))
  expect(mutualInformation(constant, numbers(spend), { seed: 1 })).toBeLessThan(0.02)
  expect(mutualInformation(constant, numbers(labels), { seed: 1 })).toBe(0)
})

test('rows of a missing amount are left out; a missing class is a class', () => {
  const amounts = [1, 2.5, Number.NaN, 3.1, 4.4, 9, 7.2]
  const labels = ['a', 'a', 'b', 'a', 'b', 'b', 'b']
  const without = mutualInformation(
    numbers(amounts.filter((value) => !Number.isNaN(value))),
    texts(labels.filter((_, row) => row !== 2)),
    { seed: 1, classesMax: 2 },
  )
  expect(mutualInformation(numbers(amounts), texts(labels), { seed: 1, classesMax: 2 })).toBe(without)
  expect(mutualInformation(texts(['a', null, 'a', null]), texts(['u', 'v', 'u', 'v']), { seed: 1 })).toBeCloseTo(
    Math.LN2,
  )
})

test('mutual information: a weight counts as the row so many times, of classes', () => {
  const [one, other, weights] = [[...'aabbcab'], [...'uvuvuuv'], [2, 1, 0, 3, 1, 1, 2]]
  const repeated = (values: readonly string[]): string[] =>
    values.flatMap((value, row) => Array.from({ length: weights[row]! }, () => value))
  expect(mutualInformation(texts(one), texts(other), { weights, seed: 1 })).toBeCloseTo(
    mutualInformation(texts(repeated(one)), texts(repeated(other)), { seed: 1 }),
    12,
  )
  const amounts = numbers([1, 2, 3, 4, 5, 6, 7])
  expect(() => mutualInformation(amounts, texts(one), { weights, classesMax: 3, seed: 1 })).toThrow(
    'both columns must be classes for weights, got amounts in x',
  )
  expect(() => mutualInformation(texts(one), texts(other), { weights: [1], seed: 1 })).toThrow(
    'one number a row (7), got 1',
  )
})

test('information value: an empty bin gives a finite weight, and a column of noise is told so', () => {
  const pure = informationValue(texts([...'aaabbb']), [1, 1, 1, 0, 0, 0], { rowsMin: 1 })
  expect(pure.bins[0]!.evidence).toBeCloseTo(Math.log(7), 12)
  expect(pure.bins[1]!.evidence).toBeCloseTo(-Math.log(7), 12)
  expect(pure.value).toBeCloseTo(1.5 * Math.log(7), 12)

  const labels = Array.from({ length: 2000 }, () => (random.uniform() < 0.3 ? 1 : 0))
  let byChance = 0
  for (let column = 0; column < 100; column += 1) {
    const noise = numbers(labels.map(() => random.normal()))
    if (informationValue(noise, labels).verdict !== 'none') byChance += 1
  }
  // Five are expected, give or take three times 2.2.
  expect(byChance).toBeLessThanOrEqual(12)
  const telling = numbers(labels.map((label) => label + 2 * random.normal()))
  expect(informationValue(telling, labels).verdict).toBe('medium')
  expect(informationValue(numbers(labels.map((label) => label + 0.5 * random.normal())), labels).verdict).toBe(
    'suspicious',
  )
})

test('information value: missing is a bin, rare categories share one, a single bin tells nothing', () => {
  const labels = [1, 0, 1, 0, 1, 0]
  const { bins } = informationValue(numbers([1, 2, 3, 4, Number.NaN, Number.NaN]), labels, { bins: 2 })
  expect(bins.map(({ name }) => name)).toEqual(['x < 2.5', 'x ≥ 2.5', 'x is missing'])
  const rare = informationValue(texts(['a', 'a', 'b', 'c', 'a', 'a']), labels, { rowsMin: 2 })
  expect(rare.bins.map(({ name }) => name)).toEqual(['x = a', 'x = (rare)'])
  expect(informationValue(numbers([7, 7, 7, 7, 7, 7]), labels)).toMatchObject({
    value: 0,
    byChance: 0,
    verdict: 'none',
  })
})

test('whole weights are rows given several times, in information value and net information value', () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8]
  const labels = [0, 1, 0, 0, 1, 1, 0, 1]
  const treated = [0, 0, 1, 1, 0, 1, 0, 1]
  const weights = [1, 2, 3, 1, 1, 2, 1, 4]
  const repeat = (of: readonly number[]) =>
    of.flatMap((value, row) => Array.from({ length: weights[row]! }, () => value))
  const weighted = informationValue(numbers(values), labels, { bins: 3, weights })
  const repeated = informationValue(numbers(repeat(values)), repeat(labels), { bins: 3 })
  expect(weighted.bins).toEqual(repeated.bins)
  expect(weighted.value).toBeCloseTo(repeated.value, 12)
  // Fifteen copies tell less than fifteen rows.
  expect(weighted.byChance).toBeGreaterThan(repeated.byChance)
  const net = netInformationValue(numbers(values), labels, treated, { bins: 3, weights })
  expect(net).toEqual(netInformationValue(numbers(repeat(values)), repeat(labels), repeat(treated), { bins: 3 }))
})

test('net information value finds the column that the effect depends on, not the one the outcome does', () => {
  const rows = Array.from({ length: 8000 }, () => ({
    moves: random.normal(),
    buys: random.normal(),
    mailed: random.integer(2),
  }))
  const outcomes = rows.map(({ moves, buys, mailed }) =>
    random.uniform() < 1 / (1 + Math.exp(1 - buys - mailed * moves)) ? 1 : 0,
  )
  const treated = rows.map(({ mailed }) => mailed)
  const moving = netInformationValue(numbers(rows.map(({ moves }) => moves)), outcomes, treated)
  const buying = netInformationValue(numbers(rows.map(({ buys }) => buys)), outcomes, treated)
  expect(moving.value).toBeGreaterThan(5 * buying.value)
  expect(moving.bins.at(-1)!.evidence).toBeGreaterThan(0.5)
  expect(moving.bins[0]!.evidence).toBeLessThan(-0.5)
})

test('selection keeps the highest scores, in the order of the columns', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 12 }),
      (scores, most) => {
        const { kept } = selectColumns(scores, { most })
        expect(kept).toHaveLength(Math.min(most, scores.length))
        const least = Math.min(...Array.from(kept, (column) => scores[column]!))
        scores.forEach((score, column) => {
          if (score > least) expect(kept).toContain(column)
        })
        expect([...kept]).toEqual([...kept].sort((left, right) => left - right))
      },
    ),
  )
  const data = matrixFromRows([
    [1, 5, 3],
    [2, 5, 9],
  ])
  const selection = selectColumns(columnVariances(data), { above: 0 })
  expect([...applySelection(structuredClone(selection), data).values]).toEqual([1, 3, 2, 9])
})

test('the lasso chooses its penalty and keeps the columns that matter', () => {
  const data = matrix(
    600,
    8,
    Float64Array.from({ length: 600 * 8 }, () => random.normal()),
  )
  const signal = Array.from({ length: 600 }, (_, row) => 1.5 * data.values[8 * row + 1]! - data.values[8 * row + 6]!)
  const labels = signal.map((value) => (value + random.normal() > 0 ? 1 : 0))
  for (const [task, targets] of [
    ['classes', labels],
    ['amounts', signal.map((value) => value + random.normal())],
  ] as const) {
    const scores = lassoScores(data, targets, { task, seed: 1 })
    expect([...selectColumns(scores, { most: 2 }).kept]).toEqual([1, 6])
    expect(scores.filter((score) => score < 0.05).length).toBeGreaterThanOrEqual(4)
  }
})

test('what a model does without, by permutation on rows that it did not learn from, is left out', () => {
  const data = matrix(
    800,
    4,
    Float64Array.from({ length: 3200 }, () => random.normal()),
  )
  const labels = Array.from({ length: 800 }, (_, row) => (2 * data.values[4 * row + 2]! + random.normal() > 0 ? 1 : 0))
  const half = (from: number) => Array.from({ length: 400 }, (_, at) => from + at)
  const model = fitLogistic(
    takeRows(data, half(0)),
    half(0).map((row) => labels[row]!),
  )
  const heldLabels = half(400).map((row) => labels[row]!)
  const { features } = permutationImportance(
    (rows) => predictLogistic(model, rows),
    takeRows(data, half(400)),
    (predicted, weights) => metricValue(rocAuc(predicted, heldLabels, { weights })),
    { seed: 1 },
  )
  const lows = features.map(({ low }) => low)
  expect([...selectColumns(lows, { above: 0.01 }).kept]).toEqual([2])
})

test('what means nothing is refused', () => {
  const labels = [0, 1, 0]
  expect(() => mutualInformation(numbers([1, 2]), numbers(labels), { seed: 1 })).toThrow('one length, got 2 and 3')
  const few = numbers([1.5, Number.NaN, 2.5])
  expect(() => mutualInformation(few, texts(['a', 'b', 'c']), { seed: 1, classesMax: 0 })).toThrow('more than 3 rows')
  expect(() => mutualInformation(numbers([1, Infinity]), numbers([1, 2]), { seed: 1, classesMax: 0 })).toThrow(
    'got Infinity at row 1',
  )
  expect(() => mutualInformation(few, few, { seed: 1, neighbours: 0 })).toThrow('≥ 1, got 0')
  expect(() => informationValue(few, labels, { weights: [1, 1] })).toThrow(
    'weights must hold one number a row (3), got 2',
  )
  expect(() => informationValue(few, [0, 0, 0])).toThrow('labels must hold both 0 and 1, got 0 of 1 in 3')
  expect(() => informationValue(numbers([1, Infinity, 2]), labels)).toThrow(
    'column x must be finite or NaN, got Infinity',
  )
  expect(() => netInformationValue(few, labels, [0, 1, 2])).toThrow('treated must be 0 or 1, got 2 at row 2')
  expect(() => selectColumns([0, 0], { above: 0 })).toThrow('at least one of 2 columns must score above 0')
  expect(() => selectColumns([Number.NaN])).toThrow('got NaN of column 0')
  expect(() => selectColumns([1], { most: 0 })).toThrow('≥ 1, got 0')
  expect(() => applySelection(selectColumns([1]), matrix(1, 2))).toThrow('data must have 1 columns, got 2')
  expect(() => lassoScores(matrix(3, 1), labels, { task: 'classes', seed: 1 })).toThrow('at least 5 rows')
})
