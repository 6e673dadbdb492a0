import { type Matrix, matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'

/** A binary linear classifier as the contract sees it. */
export interface LinearClassifier<Model> {
  readonly fit: (data: Matrix, labels: ArrayLike<number>) => Model
  readonly predict: (model: Model, data: Matrix) => Float64Array
}

/** Laws that every linear classifier keeps; call it inside the method's own test file. */
export function linearClassifierContract<Model>(name: string, { fit, predict }: LinearClassifier<Model>): void {
  const random = seededRandom(8)
  const values = Float64Array.from({ length: 90 * 3 }, () => random.normal())
  const data = matrix(90, 3, values)
  const labels = Uint8Array.from({ length: 90 }, (_, row) => (values[row * 3]! + random.normal() > 0 ? 1 : 0))

  test(`${name}: the same data give the same model, and are left as they were`, () => {
    const before = values.slice()
    expect(fit(data, labels)).toEqual(fit(data, labels))
    expect(values).toEqual(before)
  })

  test(`${name}: a model that went through structuredClone predicts the same bytes`, () => {
    const model = fit(data, labels)
    expect(predict(structuredClone(model), data)).toEqual(predict(model, data))
  })

  test(`${name}: predictions are probabilities, and rows do not depend on each other`, () => {
    const model = fit(data, labels)
    const all = predict(model, data)
    expect(all.every((probability) => probability >= 0 && probability <= 1)).toBe(true)
    expect(predict(model, matrix(1, 3, values.slice(30, 33)))[0]).toBe(all[10])
    expect(predict(model, matrix(0, 3))).toHaveLength(0)
  })

  test(`${name}: single precision gives nearly the same`, () => {
    const single = fit({ rows: 90, columns: 3, values: Float32Array.from(values) }, labels)
    const twice = predict(single, data)
    predict(fit(data, labels), data).forEach((probability, row) => {
      expect(Math.abs(probability - twice[row]!)).toBeLessThan(1e-5)
    })
  })

  test(`${name}: what cannot be used is refused`, () => {
    const missing = matrixFromRows([[1], [Number.NaN], [2], [3]])
    expect(() => fit(missing, [0, 1, 0, 1])).toThrow('every value must be finite, got NaN at row 1, column 0')
    expect(() => fit(matrix(0, 1), [])).toThrow('at least one row')
    expect(() => fit(matrixFromRows([[1], [2]]), [0])).toThrow('labels must hold one number a row (2), got 1')
    expect(() => fit(matrixFromRows([[1], [2]]), [0, 2])).toThrow('every label must be 0 or 1, got 2 at row 1')
    expect(() => fit(matrixFromRows([[1], [2]]), [1, 1])).toThrow('both classes')
    expect(() => predict(fit(data, labels), matrix(1, 2))).toThrow('data must have the 3 columns of training, got 2')
    expect(() => predict(fit(data, labels), matrixFromRows([[0, Number.NaN, 0]]))).toThrow('must be finite')
  })
}
