import { type Matrix, matrix, matrixFromRows, type Progress, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { type BaseLearner, forestBase, forestRegressionBase, leastSquaresBase } from '../../base-learners/index.ts'
import type { TrialRows } from '../trial-rows.ts'
import { fitClassTransformation } from './class-transformation.ts'
import { fitDrLearner } from './dr-learner.ts'
import type { EffectOptions } from './learner-options.ts'
import { predictUplift } from './predict-uplift.ts'
import { fitRLearner } from './r-learner.ts'
import { fitSLearner } from './s-learner.ts'
import { fitTLearner } from './t-learner.ts'
import type { UpliftModel } from './uplift-model.ts'
import { fitXLearner } from './x-learner.ts'

type Fit = (rows: TrialRows, options: EffectOptions, work?: Parameters<typeof fitTLearner>[2]) => Promise<UpliftModel>

const learners: readonly (readonly [string, Fit])[] = [
  ['S', fitSLearner],
  ['T', fitTLearner],
  ['X', fitXLearner],
  ['R', fitRLearner],
  ['DR', fitDrLearner],
  ['class transformation', fitClassTransformation],
]

/** Effects of 0 … 0.4 by the first column; the second says how likely anyone is to respond, and has gaps. */
function makeTrial(rows: number, seed: number): TrialRows & { readonly data: Matrix; readonly effects: Float64Array } {
  const random = seededRandom(seed)
  const data = matrix(rows, 2)
  const effects = new Float64Array(rows)
  const treated = new Uint8Array(rows)
  const outcomes = new Float64Array(rows)
  for (let row = 0; row < rows; row += 1) {
    const [own, other] = [random.uniform(), random.uniform()]
    effects[row] = 0.4 * Number(own > 0.5)
    treated[row] = random.uniform() < 0.5 ? 1 : 0
    outcomes[row] = random.uniform() < 0.1 + 0.4 * other + treated[row]! * effects[row]! ? 1 : 0
    data.values.set([own, random.uniform() < 0.1 ? NaN : other], 2 * row)
  }
  return { data, treated, outcomes, effects }
}

const train = makeTrial(3000, 1)
const fresh = makeTrial(500, 2)

test.each(learners)('%s: with its defaults finds whom treating moves, gaps and all', async (_, fit) => {
  const model = await fit(train, { seed: 1 })
  const found = predictUplift(model, fresh.data)
  const meanWhere = (effect: number): number => {
    const own = found.filter((_, row) => fresh.effects[row] === effect)
    return own.reduce((sum, value) => sum + value, 0) / own.length
  }
  expect(Math.abs(meanWhere(0))).toBeLessThan(0.08)
  expect(Math.abs(meanWhere(0.4) - 0.4)).toBeLessThan(0.08)
})

test.each(learners)('%s: the same seed gives the same model, plain and whole after a clone', async (_, fit) => {
  const small = makeTrial(400, 3)
  const before = small.data.values.slice()
  const options = {
    outcome: forestBase({ trees: 5 }),
    effect: forestRegressionBase({ trees: 5 }),
    assignment: 'passed',
    seed: 4,
  } as const
  const model = await fit(small, options)
  expect(await fit(small, options)).toEqual(model)
  expect(small.data.values).toEqual(before)
  expect(predictUplift(structuredClone(model), fresh.data)).toEqual(predictUplift(model, fresh.data))
  expect(predictUplift(model, matrix(0, 2))).toHaveLength(0)
})

test.each(learners)('%s: a base learner of one’s own, weights, and an abort', async (name, fit) => {
  const small = makeTrial(300, 5)
  // What a row weighs, and nothing else, decides: everything is predicted by its weighted mean.
  const mean = {
    fit: ({ targets, weights }) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      return targets.reduce((sum, target, row) => sum + target * weights[row]!, 0) / total
    },
    predict: (model, data) => new Float64Array(data.rows).fill(model),
  } satisfies BaseLearner<number>
  const weights = Float64Array.from({ length: 300 }, (_, row) => (row % 3 === 0 ? 0 : 1))
  const options = { outcome: mean, effect: mean, seed: 1 } as unknown as EffectOptions
  const model = await fit({ ...small, weights }, options)
  const [found] = predictUplift(model, fresh.data, { predict: mean.predict as unknown as BaseLearner['predict'] })
  const armMean = (arm: number): number => {
    const own = small.outcomes as Float64Array
    const rows = [...own.keys()].filter((row) => weights[row] === 1 && small.treated[row] === arm)
    return rows.reduce((sum, row) => sum + own[row]!, 0) / rows.length
  }
  // A constant cannot tell arms apart in the S-learner; means of means shift a little by folds.
  expect(found).toBeCloseTo(name === 'S' ? 0 : armMean(1) - armMean(0), name === 'R' || name === 'DR' ? 1.5 : 9)
  const stop = new AbortController()
  stop.abort()
  await expect(fit(small, { seed: 1 }, { signal: stop.signal })).rejects.toMatchObject({ code: 'work.aborted' })
})

test('effects of amounts, and chances that were logged', async () => {
  const random = seededRandom(6)
  const data = matrix(2000, 1)
  const propensities = new Float64Array(2000)
  const treated = new Uint8Array(2000)
  const outcomes = data.values.map((_, row) => {
    const own = random.normal()
    data.values[row] = own
    // Whom the shop expected to buy much was treated more often: a plain comparison is far off.
    propensities[row] = 0.2 + 0.6 / (1 + Math.exp(-2 * own))
    treated[row] = random.uniform() < propensities[row]! ? 1 : 0
    return 10 * own ** 2 + 5 * own + treated[row]! * (2 + own) + random.normal()
  })
  const lines = { effect: leastSquaresBase(), seed: 1 }
  for (const fit of [fitRLearner, fitDrLearner]) {
    const model = await fit({ data, treated, outcomes, propensities }, lines)
    const [low, high] = predictUplift(model, matrixFromRows([[-1], [1]]))
    expect(Math.abs(low! - 1)).toBeLessThan(1)
    expect(Math.abs(high! - 3)).toBeLessThan(1)
  }
})

test('folds are reported, and rows of one customer may share one', async () => {
  const small = makeTrial(400, 7)
  const seen: Progress[] = []
  const folds = Array.from({ length: 400 }, (_, row) => Math.floor(row / 2) % 3)
  await fitDrLearner(small, { folds, seed: 1 }, { onProgress: (progress) => seen.push(progress) })
  expect(seen.filter(({ stage }) => stage === 'outcome fold')).toEqual(
    [1, 2, 3].map((done) => ({ stage: 'outcome fold', done, total: 3 })),
  )
  await expect(fitRLearner(small, { folds: [0, 1], seed: 1 })).rejects.toThrow('one number a row (400)')
  await expect(fitRLearner(small, { folds: 1, seed: 1 })).rejects.toThrow('folds must be a whole number from 2')
})

test('what cannot be learned from is refused with what must hold', async () => {
  const small = makeTrial(300, 8)
  const refuse = (change: object, message: string) =>
    expect(fitTLearner({ ...small, ...change }, { seed: 1 })).rejects.toThrow(message)
  await refuse({ data: matrix(0, 2), treated: [], outcomes: [] }, 'at least one row and one column, got 0 × 2')
  await refuse({ treated: small.outcomes.length ? new Uint8Array(300) : [] }, 'got 0 treated and 300 not')
  await refuse({ outcomes: (small.outcomes as Float64Array).with(3, NaN) }, 'got NaN at row 3')
  await refuse({ propensities: 1.5 }, 'every propensity must be from 0 to 1, got 1.5 at row 0')
  await refuse({ propensities: [0.5] }, 'propensities must hold one number a row (300), got 1')
  await refuse({ outcomes: new Float64Array(300) }, 'outcomes of the control must differ, got 0 in all')
  const amounts = {
    ...small,
    outcomes: small.treated.length ? Float64Array.from({ length: 300 }, (_, row) => row) : [],
  }
  await expect(fitClassTransformation(amounts, { seed: 1 })).rejects.toThrow('needs outcomes of 0 and 1')
  const model = await fitXLearner(small, { seed: 1 })
  expect(() => predictUplift(model, fresh.data, { propensities: [0.5] })).toThrow('one number a row (500), got 1')
  expect(() => predictUplift(model, matrix(1, 3))).toThrow('data must have the 2 columns')
})
