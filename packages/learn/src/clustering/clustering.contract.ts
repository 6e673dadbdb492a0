import { type Matrix, matrix, seededRandom, type Work } from '@rapport/numerics'
import { expect, test } from 'vitest'

/** Rows of standard normal values, others for another seed. */
export function normalCloud(rows: number, columns: number, seed: number): Matrix {
  const random = seededRandom(seed)
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  )
}

/** Laws that every clustering of rows keeps; call it inside the method's own test file. */
export function clusteringContract<Model>(code: string, fit: (data: Matrix, work?: Work) => Promise<Model>): void {
  const data = normalCloud(400, 3, 15)

  test(`${code}: the same data give the same bytes, a fit between forgets, and the input stays as it was`, async () => {
    const before = data.values.slice()
    const first = await fit(data)
    await fit(normalCloud(60, 2, 16))
    expect(await fit(data)).toEqual(first)
    expect(data.values).toEqual(before)
  })

  test(`${code}: the model is plain data`, async () => {
    const model = await fit(data)
    expect(structuredClone(model)).toEqual(model)
  })

  test(`${code}: 32-bit data give what the same values in 64 bits give`, async () => {
    const narrow = { ...data, values: Float32Array.from(data.values) }
    const wide = { ...data, values: Float64Array.from(narrow.values) }
    expect(await fit(narrow)).toEqual(await fit(wide))
  })

  test(`${code}: no rows, missing and infinite values are refused`, async () => {
    await expect(fit(matrix(0, 3))).rejects.toMatchObject({ code: `${code}.data` })
    for (const value of [Number.NaN, Infinity]) {
      const holed = normalCloud(400, 3, 15)
      holed.values[31] = value
      await expect(fit(holed)).rejects.toThrow(`every value must be finite, got ${value} at row 10, column 1`)
    }
  })

  test(`${code}: an abort stops it`, async () => {
    const signal = AbortSignal.abort()
    await expect(fit(normalCloud(6000, 3, 17), { signal })).rejects.toMatchObject({ code: 'work.aborted' })
  })
}
