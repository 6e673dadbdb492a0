import { type Matrix, matrix, seededRandom, takeRows } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitBoosting } from './fit-boosting.ts'
import { predictBoosting } from './predict-boosting.ts'

interface Case {
  readonly data: Matrix
  readonly labels: number[]
}

/** Small tables of whole numbers with gaps and labels that depend on them; both classes are there. */
const tables = fc
  .record({ rows: fc.integer({ min: 60, max: 160 }), columns: fc.integer({ min: 1, max: 4 }), seed: fc.nat(1e6) })
  .map(({ rows, columns, seed }): Case => {
    const random = seededRandom(seed)
    const values = new Float64Array(rows * columns).map(() => (random.uniform() < 0.1 ? NaN : random.integer(40)))
    const labels = Array.from({ length: rows }, (_, row) =>
      random.uniform() < ((values[row * columns]! || 0) + 5) / 50 ? 1 : 0,
    )
    labels[0] = 0
    labels[1] = 1
    return { data: matrix(rows, columns, values), labels }
  })

const options = { rounds: 6, rowsPerLeafMin: 5, learningRate: 0.3, seed: 1 }
const predictOwn = async (data: Matrix, labels: readonly number[]): Promise<Float64Array> =>
  predictBoosting(await fitBoosting(data, labels, options), data)
const runs = { numRuns: 25 }

test('a rising transformation of a column leaves predictions as they are', async () => {
  await fc.assert(
    fc.asyncProperty(tables, async ({ data, labels }) => {
      const moved = matrix(
        data.rows,
        data.columns,
        data.values.map((value, at) => (at % data.columns === 0 ? value ** 3 + 7 : value)),
      )
      expect(await predictOwn(moved, labels)).toEqual(await predictOwn(data, labels))
    }),
    runs,
  )
})

test('one more column that is constant changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(tables, async ({ data, labels }) => {
      const wider = matrix(data.rows, data.columns + 1)
      wider.values.fill(3)
      for (let row = 0; row < data.rows; row += 1) {
        wider.values.set(data.values.subarray(row * data.columns, (row + 1) * data.columns), row * wider.columns)
      }
      expect(await predictOwn(wider, labels)).toEqual(await predictOwn(data, labels))
    }),
    runs,
  )
})

// Gradients have 24 bits and are summed with 53, so over this many rows their sums are exact and order does not matter.
test('rows in another order get the same predictions', async () => {
  await fc.assert(
    fc.asyncProperty(tables, fc.nat(1e6), async ({ data, labels }, seed) => {
      const order = Array.from(labels, (_, row) => row)
      seededRandom(seed).shuffle(order)
      const expected = await predictOwn(data, labels)
      const got = await predictOwn(
        takeRows(data, order),
        order.map((row) => labels[row]!),
      )
      order.forEach((row, at) => {
        expect(Math.abs(got[at]! - expected[row]!)).toBeLessThan(1e-9)
      })
    }),
    runs,
  )
})

test('a row of weight 2 is the same as the row twice', async () => {
  await fc.assert(
    fc.asyncProperty(tables, async ({ data, labels }) => {
      const twice = takeRows(
        data,
        labels.flatMap((_, row) => [row, row]),
      )
      const loose = { ...options, rowsPerLeafMin: 1 }
      const repeated = await fitBoosting(
        twice,
        labels.flatMap((label) => [label, label]),
        { ...loose, rowsPerLeafMin: 2 },
      )
      const weights = labels.map(() => 2)
      const weighted = await fitBoosting(data, labels, { ...loose, weights })
      const [one, other] = [predictBoosting(weighted, data), predictBoosting(repeated, data)]
      one.forEach((p, row) => {
        expect(Math.abs(p - other[row]!)).toBeLessThan(1e-9)
      })
    }),
    runs,
  )
})
