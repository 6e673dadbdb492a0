import { matrixFromRows, type Random, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import {
  applyConformalInterval,
  applyConformalQuantiles,
  conformalClassSets,
  fitConformalClasses,
  fitConformalInterval,
  fitConformalQuantiles,
} from './index.ts'

/** Mean coverage over many calibration sets, each tried on a few new rows. */
function meanCovered(draws: number, covered: (random: Random) => number): number {
  const random = seededRandom(21)
  let sum = 0
  for (let draw = 0; draw < draws; draw += 1) sum += covered(random)
  return sum / draws
}

const shareOf = (hits: readonly boolean[]): number => hits.filter(Boolean).length / hits.length

// A predictor that is biased and whose errors grow: the promise does not need it to be right. With n = 39 rows and 90 % the chance is
// ⌈40 × 0.9⌉ / 40 = 0.9 exactly for values without ties. 400 draws of 20 rows: a standard error below 0.5 points.
const drawn = (random: Random, rows: number) => {
  const predicted = Float64Array.from({ length: rows }, () => random.normal())
  const spreads = predicted.map((value) => 0.2 + Math.abs(value))
  const actual = predicted.map((value, row) => 1 + value + spreads[row]! * random.normal())
  return { predicted, actual, spreads }
}

test('intervals hold the promised share, whatever the predictor, with and without spreads', () => {
  for (const withSpreads of [false, true]) {
    const share = meanCovered(400, (random) => {
      const [known, later] = [drawn(random, 39), drawn(random, 20)]
      const given = (of: typeof known) => (withSpreads ? { spreads: of.spreads } : {})
      const model = fitConformalInterval(known.predicted, known.actual, { confidence: 0.9, ...given(known) })
      if (model.kind === 'too-few-rows') throw new Error('too few rows')
      const { low, high } = applyConformalInterval(model, later.predicted, given(later))
      return shareOf(Array.from(later.actual, (value, row) => low[row]! <= value && value <= high[row]!))
    })
    expect(Math.abs(share - 0.9)).toBeLessThan(0.02)
  }
})

test('moved quantiles hold the promised share, also where they were far too wide', () => {
  for (const width of [0.1, 6]) {
    const share = meanCovered(400, (random) => {
      const [known, later] = [drawn(random, 39), drawn(random, 20)]
      const ends = ({ predicted, spreads }: typeof known) =>
        [-1, 1].map((side) => predicted.map((value, row) => value + side * width * spreads[row]!)) as [
          Float64Array,
          Float64Array,
        ]
      const model = fitConformalQuantiles(...ends(known), known.actual, { confidence: 0.9 })
      if (model.kind === 'too-few-rows') throw new Error('too few rows')
      const { low, high } = applyConformalQuantiles(model, ...ends(later))
      return shareOf(Array.from(later.actual, (value, row) => low[row]! <= value && value <= high[row]!))
    })
    // Ends that would cross hold fewer; so few that they do not show here.
    expect(Math.abs(share - 0.9)).toBeLessThan(0.02)
  }
})

test('sets of classes hold the promised share, and within each class where that is asked', () => {
  const cases = [
    { method: 'lac', withinClasses: false },
    { method: 'aps', withinClasses: false },
    { method: 'lac', withinClasses: true },
  ] as const
  for (const options of cases) {
    let [rare, rareHeld] = [0, 0]
    const share = meanCovered(300, (random) => {
      const make = (rows: number) => {
        const actual = Array.from({ length: rows }, (_, row) => (row % 4 === 0 ? 1 : 0))
        const chances = actual.map((own) => 1 / (1 + Math.exp(1.2 - 1.5 * own + random.normal())))
        return { actual, probabilities: matrixFromRows(chances.map((chance) => [1 - chance, chance])) }
      }
      const [known, later] = [make(156), make(20)]
      const model = fitConformalClasses(known.probabilities, known.actual, { confidence: 0.9, ...options })
      if (model.kind === 'too-few-rows') throw new Error('too few rows')
      const hits = conformalClassSets(model, later.probabilities).map((set, row) => set.includes(later.actual[row]!))
      later.actual.forEach((own, row) => {
        rare += own
        rareHeld += own === 1 && hits[row] ? 1 : 0
      })
      return shareOf(hits)
    })
    // At least the promise; adaptive sets hold more, as they are never empty and not cut by lot.
    expect(share).toBeGreaterThan(0.88)
    if (options.method === 'lac') expect(share).toBeLessThan(0.93)
    if (options.withinClasses) expect(Math.abs(rareHeld / rare - 0.9)).toBeLessThan(0.03)
  }
})

test('too few rows say how many it takes', () => {
  const message = 'a promise of 0.9 takes at least 9 rows, got 3'
  expect(fitConformalInterval([1, 2, 3], [1, 2, 3])).toEqual({ kind: 'too-few-rows', rowsMin: 9, message })
  expect(fitConformalInterval(new Float64Array(9), new Float64Array(9))).toMatchObject({ margin: 0, n: 9 })
  expect(fitConformalInterval([], [], { confidence: 0.99 })).toMatchObject({ kind: 'too-few-rows', rowsMin: 99 })
  const rare = matrixFromRows(Array.from({ length: 20 }, () => [0.5, 0.5]))
  const actual = Array.from({ length: 20 }, (_, row) => (row < 3 ? 1 : 0))
  expect(fitConformalClasses(rare, actual, { withinClasses: true })).toEqual({
    kind: 'too-few-rows',
    rowsMin: 9,
    message,
  })
})

test('quantiles that would cross meet in their middle; adaptive sets are never empty', () => {
  const model = { kind: 'conformal-quantiles', margin: -3, confidence: 0.9, n: 99 } as const
  expect(applyConformalQuantiles(model, [0], [4])).toEqual({ low: Float64Array.of(2), high: Float64Array.of(2) })
  const classes = { margins: Float64Array.of(0.4, 0.4), confidence: 0.5, n: 9 }
  const sure = matrixFromRows([[0.1, 0.9]])
  expect(conformalClassSets({ ...classes, kind: 'conformal-classes', method: 'aps' }, sure)).toEqual([[1]])
  const unsure = matrixFromRows([[0.5, 0.5]])
  expect(conformalClassSets({ ...classes, kind: 'conformal-classes', method: 'lac' }, unsure)).toEqual([[]])
})

test('what means nothing is refused', () => {
  expect(() => fitConformalInterval([1], [Number.NaN])).toThrow('actual must be finite, got NaN at row 0')
  expect(() => fitConformalInterval([1], [1], { confidence: 1 })).toThrow('confidence must be between 0 and 1, got 1')
  expect(() => fitConformalInterval([1], [1], { spreads: [0] })).toThrow('every spread must be above 0, got 0 at row 0')
  expect(() => fitConformalQuantiles([1], [1, 2], [1])).toThrow('high must hold one number a row (1), got 2')
  const probabilities = matrixFromRows([[0.5, 0.5]])
  expect(() => fitConformalClasses(probabilities, [2])).toThrow('whole numbers 0 … 1, got 2 at row 0')
  expect(() => fitConformalClasses(matrixFromRows([[1.5, 0]]), [0])).toThrow('every probability must be 0 … 1, got 1.5')
  expect(() => fitConformalClasses(probabilities, [0], { method: 'aps', withinClasses: true })).toThrow('got aps')
})
