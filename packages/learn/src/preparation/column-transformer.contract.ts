import { type Matrix, matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'

/** A transformer of matrix columns as the contract sees it. */
export interface ColumnTransformer<Model> {
  readonly fit: (data: Matrix) => Model
  readonly apply: (model: Model, data: Matrix) => Matrix
  /** Whether a missing value is still missing afterwards. */
  readonly keepsMissing: boolean
}

/** Laws that every transformer of columns keeps; call it inside the method's own test file. */
export function columnTransformerContract<Model>(
  name: string,
  { fit, apply, keepsMissing }: ColumnTransformer<Model>,
): void {
  const random = seededRandom(21)
  const values = Float64Array.from({ length: 40 * 3 }, (_, at) => {
    if (at % 3 === 2) return 5
    return at % 11 === 0 ? Number.NaN : random.gamma(2, 3)
  })
  const data = matrix(40, 3, values)

  test(`${name}: the same data give the same model, and are left as they were`, () => {
    const before = values.slice()
    const model = fit(data)
    apply(model, data)
    expect(fit(data)).toEqual(model)
    expect(values).toEqual(before)
  })

  test(`${name}: a model that went through structuredClone gives the same bytes`, () => {
    const model = fit(data)
    expect(apply(structuredClone(model), data)).toEqual(apply(model, data))
  })

  test(`${name}: a row's result does not depend on the other rows, and no rows are no error`, () => {
    const model = fit(data)
    const all = apply(model, data)
    const one = apply(model, matrix(1, 3, values.slice(12, 15)))
    expect(one.values).toEqual(all.values.slice(4 * all.columns, 5 * all.columns))
    expect(apply(model, matrix(0, 3)).rows).toBe(0)
  })

  test(`${name}: missing values are ${keepsMissing ? 'kept' : 'filled'}, and a constant column stays finite`, () => {
    const { values: found, columns } = apply(fit(data), data)
    for (let row = 0; row < 40; row += 1) {
      for (let column = 0; column < 3; column += 1) {
        const wasMissing = Number.isNaN(values[row * 3 + column])
        expect(Number.isFinite(found[row * columns + column])).toBe(!(wasMissing && keepsMissing))
      }
    }
  })

  test(`${name}: one row is enough; none, infinite values and other columns are refused`, () => {
    const one = apply(fit(matrixFromRows([[2, 3]])), matrixFromRows([[2, 3]]))
    expect(Array.from(one.values).every(Number.isFinite)).toBe(true)
    expect(() => fit(matrix(0, 2))).toThrow('data must have at least one row and one column, got 0 × 2')
    expect(() => fit(matrixFromRows([[1, Infinity]]))).toThrow('finite or NaN, got Infinity at row 0, column 1')
    expect(() => apply(fit(data), matrix(1, 2))).toThrow('data must have the 3 columns of the fit, got 2')
  })
}
