import { matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adjustedRand } from './adjusted-rand.ts'
import { clusteringContract, normalCloud } from './clustering.contract.ts'
import { assignDbscan, fitDbscan } from './dbscan.ts'

const random = seededRandom(14)

clusteringContract('dbscan', (data, work) => fitDbscan(data, { radius: 0.3, neighboursMin: 6 }, work))

describe('on a cloud', () => {
  const data = normalCloud(600, 2, 14)
  const options = { radius: 0.15, neighboursMin: 6 }

  test('training rows are assigned to the clusters that they have, also by a model that was saved', async () => {
    const model = await fitDbscan(data, options)
    expect(await assignDbscan(structuredClone(model), data)).toEqual(model.labels)
    expect(model.clusters).toBeGreaterThan(2)
    expect(Array.from(await assignDbscan(model, matrixFromRows([[50, 50]])))).toEqual([-1])
    const none = await fitDbscan(data, { radius: 1e-9 })
    expect(none.clusters).toBe(0)
    expect(await assignDbscan(none, data)).toEqual(none.labels)
  })

  test('huge and tiny scales change nothing', async () => {
    const { labels, coreRows } = await fitDbscan(data, options)
    for (const scale of [2 ** 1000, 2 ** -1000]) {
      const scaled = { ...data, values: data.values.map((value) => value * scale) }
      expect(await fitDbscan(scaled, { ...options, radius: options.radius * scale })).toMatchObject({
        labels,
        coreRows,
      })
    }
  })

  test('one row, one column, a constant column, equal rows', async () => {
    expect(Array.from((await fitDbscan(matrixFromRows([[3]]), { radius: 1 })).labels)).toEqual([-1])
    expect(Array.from((await fitDbscan(matrixFromRows([[3]]), { radius: 1, neighboursMin: 1 })).labels)).toEqual([0])
    const column = [[0], [1], [2], [9], [20], [21], [22], [23]]
    const lone = { radius: 1, neighboursMin: 3 }
    expect(Array.from((await fitDbscan(matrixFromRows(column), lone)).labels)).toEqual([1, 1, 1, -1, 0, 0, 0, 0])
    const constant = await fitDbscan(matrixFromRows(column.map((row) => [7, ...row])), lone)
    expect(Array.from(constant.labels)).toEqual([1, 1, 1, -1, 0, 0, 0, 0])
    expect((await fitDbscan(matrix(80, 2), { radius: 1 })).labels).toEqual(new Int32Array(80))
  })
})

test('a weight counts as that many equal rows', async () => {
  const rows = Array.from({ length: 120 }, () => [random.normal(), random.normal()])
  const weights = Float64Array.from(rows, () => 1 + random.integer(3))
  const repeated = rows.flatMap((row, at) => Array.from({ length: weights[at]! }, () => row))
  const owner = rows.flatMap((_, at) => Array.from({ length: weights[at]! }, () => at))
  const weighted = await fitDbscan(matrixFromRows(rows), { radius: 0.2, neighboursMin: 7, weights })
  const plain = await fitDbscan(matrixFromRows(repeated), { radius: 0.2, neighboursMin: 7 })
  expect(plain.clusters).toBe(weighted.clusters)
  const spread = Int32Array.from(owner, (at) => weighted.labels[at]! + 1)
  expect(
    adjustedRand(
      spread,
      plain.labels.map((label) => label + 1),
    ),
  ).toBe(1)
})

test('cores, chains of them and borders are those of the definition', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 80 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(),
      fc.double({ min: 0.05, max: 1.5, noNaN: true }),
      fc.integer({ min: 1, max: 8 }),
      async (rows, columns, seed, radius, neighboursMin) => {
        const source = seededRandom(seed)
        const data = matrix(
          rows,
          columns,
          Float64Array.from({ length: rows * columns }, () => source.normal()),
        )
        const isNear = (a: number, b: number): boolean => {
          let square = 0
          for (let column = 0; column < columns; column += 1) {
            square += (data.values[a * columns + column]! - data.values[b * columns + column]!) ** 2
          }
          return square <= radius * radius
        }
        const all = Array.from({ length: rows }, (_, row) => row)
        const cores = all.filter((row) => all.filter((other) => isNear(row, other)).length >= neighboursMin)
        const { labels, coreRows } = await fitDbscan(data, { radius, neighboursMin })
        expect(Array.from(coreRows)).toEqual(cores)
        // From any core, all that chains of cores reach, and no other core.
        for (const core of cores.slice(0, 5)) {
          const reached = new Set([core])
          for (const from of reached) for (const to of cores) if (isNear(from, to)) reached.add(to)
          for (const other of cores) expect(labels[other] === labels[core]).toBe(reached.has(other))
        }
        for (const row of all) {
          const near = cores.filter((core) => isNear(row, core))
          expect(near.length === 0 ? labels[row] === -1 : near.some((core) => labels[core] === labels[row])).toBe(true)
        }
      },
    ),
    { numRuns: 60 },
  ))

test.each([
  [{ radius: 0 }, 'dbscan.options', 'radius must be finite and above 0, got 0'],
  [{ radius: Number.NaN }, 'dbscan.options', 'radius must be finite and above 0, got NaN'],
  [{ radius: 1, neighboursMin: 0 }, 'dbscan.options', 'neighboursMin must be above 0, got 0'],
  [{ radius: 1, weights: Float64Array.of(1) }, 'dbscan.weights', 'weights must hold one number a row (2), got 1'],
])('refuses %o', async (options, code, message) => {
  await expect(fitDbscan(matrixFromRows([[1], [2]]), options)).rejects.toMatchObject({ code, message })
})

test('refuses other columns than the model has', async () => {
  const model = await fitDbscan(matrixFromRows([[1], [2]]), { radius: 1 })
  await expect(assignDbscan(model, matrix(1, 2))).rejects.toThrow('data must have 1 columns, got 2')
})
