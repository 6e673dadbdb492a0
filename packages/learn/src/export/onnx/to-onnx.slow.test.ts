import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitKMeans } from '../../clustering/index.ts'
import { fitLogistic, predictLogistic } from '../../linear/index.ts'
import { applyImputation, applyScaling, fitImputation, fitQuantiles, fitScaling } from '../../preparation/index.ts'
import { applyPlatt, fitPlatt } from '../../selection/index.ts'
import { exportedModels } from '../exported-models.contract.ts'
import { toOnnx } from './index.ts'
import { runInOnnx, worstShare } from './to-onnx.contract.ts'

// Outputs are 32-bit floats, exact to 6e-8; trees are added up in floats, of which 15 lose a few units more.
const apartMax = 2e-6

test.each(Object.entries(exportedModels))(
  '%s: onnxruntime-web says of every row what the model says',
  async (_, make) => {
    const { model, rows, said } = await make()
    const columns = await runInOnnx(toOnnx(model, { columns: rows.columns }), rows)
    expect(worstShare(columns, said)).toBeLessThan(apartMax)
  },
)

test('models go one after the other', async () => {
  const data = matrixFromRows(
    Array.from({ length: 60 }, (_, row) => [row % 7, row % 4 === 0 ? Number.NaN : (row * row) % 11]),
  )
  const labels = Float64Array.from({ length: 60 }, (_, row) => Number((row * 11) % 17 > 8))
  const imputation = fitImputation(data, { indicators: true })
  const filled = applyImputation(imputation, data)
  const scaling = fitScaling(filled)
  const model = fitLogistic(applyScaling(scaling, filled), labels)
  const scores = predictLogistic(model, applyScaling(scaling, filled))
  const calibration = fitPlatt(scores, labels)
  const found = await runInOnnx(toOnnx([imputation, scaling, model, calibration], { columns: 2 }), data)
  expect(worstShare(found, { rows: 60, columns: 1, values: applyPlatt(calibration, scores) })).toBeLessThan(apartMax)
})

test('no rows are no error', async () => {
  const scaling = fitScaling(matrixFromRows([[1], [2]]))
  expect(await runInOnnx(toOnnx(scaling, { columns: 1 }), matrixFromRows([[1]]))).toEqual([[-1]])
  expect(
    await runInOnnx(toOnnx(scaling, { columns: 1 }), { rows: 0, columns: 1, values: new Float64Array(0) }),
  ).toEqual([[]])
})

test('what cannot be written is refused', async () => {
  const data = matrixFromRows([[1], [2], [4]])
  const scaling = fitScaling(data)
  const clusters = await fitKMeans(data, { clusters: 2, seed: 1 })
  expect(() => toOnnx([], { columns: 1 })).toThrow('at least one model')
  expect(() => toOnnx(scaling, { columns: 0 })).toThrow('columns must be a whole number ≥ 1, got 0')
  expect(() => toOnnx(scaling, { columns: 2 })).toThrow('the 1 columns of its fit, got 2')
  expect(() => toOnnx([clusters, scaling], { columns: 1 })).toThrow('k-means must be the last model')
  expect(() => toOnnx(fitQuantiles(data, { output: 'normal' }), { columns: 1 })).toThrow('got normal scores')
  expect(() => toOnnx({ kind: 'pca' } as never, { columns: 1 })).toThrow('no ONNX for a model of kind pca')
})
