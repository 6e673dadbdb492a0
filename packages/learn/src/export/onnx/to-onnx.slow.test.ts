import { matrixFromRows, RapportError } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitKMeans } from '../../clustering/index.ts'
import { fitLogistic, predictLogistic } from '../../linear/index.ts'
import {
  applyImputation,
  applyScaling,
  applyTargetEncoding,
  encodeCategories,
  fitCategories,
  fitImputation,
  fitQuantiles,
  fitScaling,
  fitTargetEncoding,
} from '../../preparation/index.ts'
import { applyPlatt, fitPlatt } from '../../selection/index.ts'
import { exportedModels } from '../exported-models.contract.ts'
import { toOnnx } from './index.ts'
import { runInOnnx, runWordsInOnnx, worstShare } from './to-onnx.contract.ts'

// Outputs are 32-bit floats, exact to 6e-8; trees are added up in floats, of which 15 lose a few units more.
const apartMax = 2e-6

test.each(Object.entries(exportedModels))(
  '%s: onnxruntime-web says of every row what the model says',
  async (_, make) => {
    const { model, rows, said } = await make()
    const bytes = toOnnx(model, { columns: rows.columns })
    expect(toOnnx(model)).toEqual(bytes)
    const columns = await runInOnnx(bytes, rows)
    expect(worstShare(columns, said)).toBeLessThan(apartMax)
  },
)

const known = [
  'it’s',
  "o'clock",
  'GOLD',
  'gold',
  'a\nb',
  '日本',
  '🛒',
  '__proto__',
  null,
  'seldom',
  'GOLD',
  'gold',
  '日本',
  null,
  'it’s',
]
const asked = ['gold', 'never seen', null, '日本', '', 'seldom', '__proto__', 'GOLD', '🛒', 'a\nb', "o'clock", 'it’s']

test('words as codes, as a column a code, and as means of a target', async () => {
  const texts = asked.map((word) => word ?? '(none)')
  const missingWord = '(none)'
  const asMatrix = (values: ArrayLike<number>) => ({
    ...{ rows: asked.length, columns: 1, values: Float64Array.from(values) },
  })
  for (const rowsMin of [1, 2]) {
    for (const words of [known, known.map((word) => word ?? 'GOLD')]) {
      const categories = fitCategories(words, { rowsMin })
      const codes = Array.from(encodeCategories(categories, asked))
      const said = asMatrix(codes.map((code) => (code < 0 ? Number.NaN : code)))
      const found = await runWordsInOnnx(toOnnx(categories, { columns: 1, missingWord }), texts)
      expect(worstShare(found, said)).toBe(0)
      const hot = await runWordsInOnnx(toOnnx(categories, { columns: 1, missingWord, oneHot: true }), texts)
      expect(hot.map((column) => column.map((one) => one === 1))).toEqual(
        hot.map((_, code) => codes.map((own) => own === code)),
      )
      expect(hot).toHaveLength(Math.max(...encodeCategories(categories, words)) + 1)
    }
  }
  const targets = known.map((_, row) => (row * 7) % 3)
  const encoding = fitTargetEncoding(known, targets)
  const found = await runWordsInOnnx(toOnnx(encoding, { columns: 1, missingWord }), texts)
  expect(worstShare(found, asMatrix(applyTargetEncoding(encoding, asked)))).toBeLessThan(apartMax)
  // What was fitted to encoded words goes after the encoder.
  const scaling = fitScaling(asMatrix(applyTargetEncoding(encoding, asked)))
  const scaled = await runWordsInOnnx(toOnnx([encoding, scaling], { columns: 1, missingWord }), texts)
  expect(worstShare(scaled, applyScaling(scaling, asMatrix(applyTargetEncoding(encoding, asked))))).toBeLessThan(
    apartMax,
  )
  expect(() => toOnnx(encoding, { columns: 1, missingWord: 'gold' })).toThrow('a text that is no category, got "gold"')
  expect(() => toOnnx([scaling, encoding], { columns: 1 })).toThrow('target-encoding must be the first model')
  expect(toOnnx(encoding, { missingWord })).toEqual(toOnnx(encoding, { columns: 1, missingWord }))
  expect(() => toOnnx(encoding, { columns: 2 })).toThrow('the 1 columns of its fit, got 2')
})

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
  expect(() => toOnnx({ kind: 'pca' } as never)).toThrow('no ONNX for a model of kind pca')
  expect(() => toOnnx([])).toThrow('at least one model, each with a kind, got none')
  for (const none of [undefined, null, 3, 'model', {}]) {
    expect(() => toOnnx(none as never)).toThrow(RapportError)
    expect(() => toOnnx([scaling, none] as never)).toThrow(RapportError)
  }
  expect(() => toOnnx({ kind: 'pca' } as never, { columns: 1 })).toThrow('no ONNX for a model of kind pca')
})
