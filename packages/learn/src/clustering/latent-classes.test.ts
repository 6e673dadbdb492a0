import { type Matrix, matrix, matrixFromRows, type Random, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { adjustedRand } from './adjusted-rand.ts'
import { fitClassCounts, logChances } from './class-counts.ts'
import { fitClassLevel, logDensity } from './class-level.ts'
import { assignLatentClasses, fitLatentClasses, type Observed } from './latent-classes.ts'

const sharesDrawn = (random: Random, shares: readonly number[], concentration: number): number[] => {
  const drawn = shares.map((share) => random.gamma(concentration * share, 1))
  const total = drawn.reduce((sum, value) => sum + value, 0)
  return drawn.map((value) => value / total)
}

const picked = (random: Random, shares: readonly number[]): number => {
  let left = random.uniform()
  const level = shares.findIndex((share) => {
    left -= share
    return left < 0
  })
  return level < 0 ? shares.length - 1 : level
}

/** Two kinds of rows, seen 1 to 12 times, of which every second is placed to begin with, a tenth of them wrongly. */
function twoKinds(rows: number): { observed: readonly Observed[]; kinds: Int32Array; start: Int32Array } {
  const random = seededRandom(3)
  const kinds = Int32Array.from({ length: rows }, () => random.integer(2))
  const counts = matrix(rows, 3)
  const level = { times: new Float64Array(rows), totals: new Float64Array(rows) }
  kinds.forEach((kind, row) => {
    const shares = sharesDrawn(random, kind === 0 ? [0.7, 0.2, 0.1] : [0.1, 0.3, 0.6], 12)
    const own = (kind === 0 ? -0.5 : 0.5) + 0.3 * random.normal()
    level.times[row] = 1 + random.integer(12)
    for (let seen = 0; seen < level.times[row]!; seen += 1) {
      counts.values[row * 3 + picked(random, shares)]! += 1
      level.totals[row]! += own + 0.8 * random.normal()
    }
  })
  const start = kinds.map((kind, row) => (row % 2 === 1 ? -1 : row % 20 === 0 ? 1 - kind : kind))
  return {
    kinds,
    start,
    observed: [
      { kind: 'counts', counts },
      { kind: 'level', ...level, within: 0.64 },
    ],
  }
}

test('finds planted classes and their parameters, from a start that is partly wrong and partly missing', async () => {
  const { observed, kinds, start } = twoKinds(3000)
  const model = await fitLatentClasses(observed, { classes: 2, labels: start })
  const { labels, probabilities } = await assignLatentClasses(model, observed)
  // Rows seen once cannot be told apart well; what is known to be true of all rows sets the mark.
  const told = await fitLatentClasses(observed, { classes: 2, labels: kinds, roundsMax: 1 })
  const possible = adjustedRand((await assignLatentClasses(told, observed)).labels, kinds)
  expect(possible).toBeGreaterThan(0.6)
  expect(adjustedRand(labels, kinds)).toBeGreaterThan(possible - 0.03)
  const [counts, level] = model.variables as [{ shares: number[]; concentration: number }[], { mean: number }[]]
  expect(counts[0]!.shares[0]).toBeCloseTo(0.7, 1)
  expect(counts[1]!.shares[2]).toBeCloseTo(0.6, 1)
  expect(counts[0]!.concentration).toBeGreaterThan(7)
  expect(counts[0]!.concentration).toBeLessThan(20)
  expect(level[0]!.mean).toBeCloseTo(-0.5, 1)
  expect(level[1]!.mean).toBeCloseTo(0.5, 1)
  // Calibrated: rows are of the likeliest class as often as their probabilities say.
  const sure = labels.reduce((sum, label, row) => sum + probabilities[2 * row + label]!, 0) / 3000
  const right = labels.filter((label, row) => label === kinds[row]).length / 3000
  expect(Math.abs(sure - right)).toBeLessThan(0.02)
  expect(await fitLatentClasses(observed, { classes: 2, labels: start })).toEqual(model)
})

// With shares 1/2 and 1/2 and concentration 2, every split of n is equally likely: (n choose k) orders of 1 / (n + 1).
test('Dirichlet-multinomial chances: a flat one, and counts beyond the table', () => {
  const logs = new Float64Array(3)
  logChances(
    { shares: [0.5, 0.5], concentration: 2 },
    matrixFromRows([
      [1, 2],
      [0, 0],
      [100, 1],
    ]),
    logs,
    0,
    1,
  )
  expect(3 * Math.exp(logs[0]!)).toBeCloseTo(1 / 4, 12)
  expect(logs[1]).toBe(0)
  expect(101 * Math.exp(logs[2]!)).toBeCloseTo(1 / 102, 10)
})

// Reference: scipy 1.17.1, stats.dirichlet_multinomial.logpmf less the log of the multinomial coefficient.
test('Dirichlet-multinomial chances as scipy gives them', () => {
  const logs = new Float64Array(2)
  const few = { shares: [0.7, 0.2, 0.1], concentration: 3 }
  logChances(few, matrixFromRows([[3, 0, 2]]), logs, 0, 1)
  expect(logs[0]).toBeCloseTo(-5.489296290433176, 10)
  const many = { shares: [0.5, 0.2, 0.3], concentration: 15 }
  logChances(many, matrixFromRows([[120, 1, 30]]), logs, 1, 1)
  expect(logs[1]).toBeCloseTo(-88.70734547740793, 10)
})

test('concentration by agreeing pairs: rows all alike are bounded, rows of one level each as well', () => {
  const every = Float64Array.of(1, 1)
  expect(
    fitClassCounts(
      matrixFromRows([
        [5, 5],
        [5, 5],
      ]),
      every,
    ).concentration,
  ).toBe(1e4)
  expect(
    fitClassCounts(
      matrixFromRows([
        [9, 0],
        [0, 9],
      ]),
      every,
    ),
  ).toMatchObject({ shares: [0.5, 0.5], concentration: 0.1 })
  // Agreement (3·2 + 3·2) / (4·3 + 4·3) = 1/2 with even shares is chance: no correlation.
  expect(
    fitClassCounts(
      matrixFromRows([
        [3, 1],
        [1, 3],
      ]),
      every,
    ).concentration,
  ).toBe(1e4)
  // (5·4 + 1·0) · 2 / (6·5 · 2) = 2/3, correlation (2/3 − 1/2) / (1/2) = 1/3, concentration 2.
  expect(
    fitClassCounts(
      matrixFromRows([
        [5, 1],
        [1, 5],
      ]),
      every,
    ).concentration,
  ).toBeCloseTo(2, 12)
})

test('a level: mean of the measurements, variance between rows beyond their own error', () => {
  // Means −1 and 1 of four measurements each; squares 8, less 2 · within, over 8 measurements.
  const level = fitClassLevel(Float64Array.of(4, 4, 0), Float64Array.of(-4, 4, 0), 1, [1, 1, 1])
  expect(level).toEqual({ mean: 0, between: 0.75 })
  expect(logDensity(level, 1, 0.25)).toBeCloseTo(-0.5, 12)
  expect(fitClassLevel(Float64Array.of(0), Float64Array.of(0), 2, [1])).toEqual({ mean: 0, between: 2 })
})

test('a row never seen has the classes’ shares; a class that loses its rows stays possible', async () => {
  const counts: Matrix = matrixFromRows([
    [9, 1],
    [8, 2],
    [9, 0],
    [0, 0],
  ])
  const model = await fitLatentClasses([{ kind: 'counts', counts }], { classes: 2, labels: Int32Array.of(0, 0, 1, -1) })
  const { probabilities } = await assignLatentClasses(model, [{ kind: 'counts', counts }])
  expect(Array.from(probabilities.subarray(6))).toEqual(model.shares.map((share) => expect.closeTo(share, 12)))
  expect(probabilities.every(Number.isFinite)).toBe(true)
})

test('refuses labels that miss a class, variables of other lengths, and stops when told to', async () => {
  const observed: Observed[] = [{ kind: 'counts', counts: matrix(3, 2) }]
  await expect(fitLatentClasses(observed, { classes: 2, labels: Int32Array.of(0, 0, -1) })).rejects.toThrow(
    /every class from 0 to 1/,
  )
  await expect(fitLatentClasses(observed, { classes: 1, labels: Int32Array.of(0) })).rejects.toThrow(/as many rows/)
  await expect(fitLatentClasses([], { classes: 1, labels: Int32Array.of(0) })).rejects.toThrow(/got none/)
  const signal = AbortSignal.abort()
  await expect(fitLatentClasses(observed, { classes: 1, labels: Int32Array.of(0, 0, 0) }, { signal })).rejects.toThrow()
})
