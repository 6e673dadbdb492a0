import { type Matrix, matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import {
  fitPerceptronAmounts,
  fitPerceptronClasses,
  type PerceptronOptions,
  predictPerceptronAmounts,
  predictPerceptronClasses,
} from './index.ts'

/** Class 1 where the signs differ: no weighted sum of the columns tells them apart. */
function crossed(rows: number, seed: number): { data: Matrix; labels: number[] } {
  const random = seededRandom(seed)
  const data = matrix(
    rows,
    2,
    Float64Array.from({ length: rows * 2 }, () => random.normal()),
  )
  const labels = Array.from({ length: rows }, (_, row) =>
    data.values[2 * row]! * data.values[2 * row + 1]! < 0 ? 1 : 0,
  )
  return { data, labels }
}

const { data, labels } = crossed(400, 1)
const quick: PerceptronOptions = { hidden: [16], learningRate: 0.02, batch: 50, epochsMax: 60, seed: 2 }

test('what no linear model can tell is learned, with and without dropout', async () => {
  const later = crossed(300, 9)
  for (const dropout of [0, 0.2]) {
    const model = await fitPerceptronClasses(data, labels, { ...quick, dropout })
    const found = predictPerceptronClasses(structuredClone(model), later.data)
    const right = later.labels.filter((label, row) => found.values[2 * row + label]! > 0.5).length
    expect(right / 300).toBeGreaterThan(0.93)
    expect(found.values[0]! + found.values[1]!).toBeCloseTo(1, 12)
  }
})

test('an amount that bends is learned in its own units', async () => {
  const bent = labels.map((_, row) => 1e6 + 1e5 * data.values[2 * row]! ** 2)
  const model = await fitPerceptronAmounts(data, bent, { ...quick, activation: 'tanh', epochsMax: 150 })
  const found = predictPerceptronAmounts(model, data)
  const mean = bent.reduce((sum, value) => sum + value, 0) / bent.length
  const squares = (of: (row: number) => number): number =>
    bent.reduce((sum, value, row) => sum + (value - of(row)) ** 2, 0)
  expect(1 - squares((row) => found[row]!) / squares(() => mean)).toBeGreaterThan(0.9)
})

test('the same seed gives the same network, rows do not depend on each other, the input stays', async () => {
  const before = data.values.slice()
  const options = { ...quick, epochsMax: 3, dropout: 0.3 }
  const model = await fitPerceptronClasses(data, labels, options)
  expect(await fitPerceptronClasses(data, labels, options)).toEqual(model)
  expect((await fitPerceptronClasses(data, labels, { ...options, seed: 3 })).parameters).not.toEqual(model.parameters)
  expect(data.values).toEqual(before)
  const all = predictPerceptronClasses(model, data)
  const one = predictPerceptronClasses(model, matrix(1, 2, data.values.slice(600, 602)))
  expect(one.values).toEqual(all.values.slice(600, 602))
  expect(predictPerceptronClasses(model, matrix(0, 2)).rows).toBe(0)
})

test('labels without meaning: training stops early, and the best epoch is kept', async () => {
  const random = seededRandom(4)
  const noise = labels.map(() => random.integer(2))
  const model = await fitPerceptronClasses(data, noise, { ...quick, hidden: [64], epochsMax: 300, patience: 5 })
  expect(model.stoppedEarly).toBe(true)
  expect(model.trainingLosses.length).toBeLessThan(300)
  const held = model.holdoutLosses!
  expect(held[model.bestEpoch - 1]).toBe(Math.min(...held))
  const watched = await fitPerceptronClasses(data, labels, { ...quick, holdoutShare: 0, epochsMax: 4 })
  expect(watched).toMatchObject({ holdoutLosses: null, stoppedEarly: false })
})

test('rows without weight teach nothing', async () => {
  const weights = labels.map((_, row) => (row < 200 ? 1 : 0))
  const flipped = labels.map((label, row) => (row < 200 ? label : 1 - label))
  const options = { ...quick, epochsMax: 3, weights }
  const model = await fitPerceptronClasses(data, labels, options)
  expect((await fitPerceptronClasses(data, flipped, options)).parameters).toEqual(model.parameters)
})

test('what means nothing is refused, and work that was stopped stops', async () => {
  const refused = (options: Partial<PerceptronOptions>) => {
    return expect(fitPerceptronClasses(data, labels, { ...quick, ...options })).rejects
  }
  await refused({ hidden: [] }).toThrow('hidden must hold whole numbers ≥ 1, got []')
  await refused({ hidden: [4, 0.5] }).toThrow('got [4,0.5]')
  await refused({ activation: 'sigmoid' as 'relu' }).toThrow('activation must be relu or tanh, got sigmoid')
  await refused({ penalty: -1 }).toThrow('penalty must be finite and at least 0')
  await refused({ dropout: 1 }).toThrow('dropout must be at least 0 and below 1, got 1')
  await refused({ learningRate: 0 }).toThrow('learningRate must be above 0, got 0')
  await refused({ batch: 0 }).toThrow('batch must be a whole number')
  await refused({ epochsMax: 0 }).toThrow('epochsMax must be a whole number')
  await refused({ patience: 0 }).toThrow('patience must be a whole number')
  await refused({ tolerance: -1 }).toThrow('tolerance must be at least 0')
  await refused({ holdoutShare: 1e-4 }).toThrow('must keep out at least one of the rows with weight (400)')
  await refused({ seed: 0.5 }).toThrow('seed must be')
  await refused({ learningRate: 1e200 }).toThrow('the loss must stay finite')
  const one = matrixFromRows([[1], [2]])
  await expect(fitPerceptronClasses(one, [0, 0], quick)).rejects.toThrow('got class 0 only')
  await expect(fitPerceptronAmounts(one, [0, Number.NaN], quick)).rejects.toThrow('targets must be finite')
  await expect(fitPerceptronAmounts(matrix(0, 1), [], quick)).rejects.toThrow('at least one row')
  await expect(fitPerceptronClasses(data, labels, quick, { signal: AbortSignal.abort() })).rejects.toThrow('stopped')
  const same = await fitPerceptronAmounts(one, [5, 5], { ...quick, holdoutShare: 0, epochsMax: 2 })
  expect(same).toMatchObject({ centre: 5, spread: 1 })
  expect(() => predictPerceptronClasses(same, one)).toThrow('must be fitted to classes, got one of amounts')
  expect(() => predictPerceptronAmounts(same, matrix(1, 2))).toThrow('data must have the 1 columns of training, got 2')
})
