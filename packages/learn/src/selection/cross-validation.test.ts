import { expect, test } from 'vitest'
import { crossValidate, moduloFolds, timeSplit } from './index.ts'

const mean = {
  fit: (train: Int32Array) => train.reduce((sum, row) => sum + row, 0) / train.length,
  predict: (model: number, test: Int32Array) => Array.from(test, () => model),
}

test('each row is predicted by the model of the other folds', async () => {
  const { outOfFold, fold, models } = await crossValidate(5, moduloFolds(5, 2), mean)
  expect(models).toEqual([2, 2])
  expect([...fold]).toEqual([0, 1, 0, 1, 0])
  expect([...outOfFold]).toEqual([2, 2, 2, 2, 2])
})

test('rows that no fold tests stay missing', async () => {
  const { outOfFold, fold } = await crossValidate(4, timeSplit([1, 2, 3, 4], { folds: 1 }), mean)
  expect([...fold]).toEqual([-1, -1, 0, 0])
  expect([...outOfFold]).toEqual([Number.NaN, Number.NaN, 0.5, 0.5])
})

test('progress is told and an aborted signal stops before the first fold', async () => {
  const done: number[] = []
  await crossValidate(4, moduloFolds(4, 2), mean, { onProgress: (progress) => done.push(progress.done) })
  expect(done).toEqual([1, 2])
  await expect(crossValidate(4, moduloFolds(4, 2), mean, { signal: AbortSignal.abort() })).rejects.toThrow('stopped')
})

test('folds that leak or overlap are refused, and so are predictions of another length', async () => {
  const leaking = [{ train: Int32Array.of(0, 1), test: Int32Array.of(1) }]
  await expect(crossValidate(2, leaking, mean)).rejects.toThrow('row 1 of fold 0 does not')
  const twice = [
    { train: Int32Array.of(1), test: Int32Array.of(0) },
    { train: Int32Array.of(1), test: Int32Array.of(0) },
  ]
  await expect(crossValidate(2, twice, mean)).rejects.toThrow('row 0 of fold 1 does not')
  await expect(crossValidate(4, moduloFolds(4, 2), { ...mean, predict: () => [1] })).rejects.toThrow(
    'fold 0 must give 2 predictions, got 1',
  )
})
