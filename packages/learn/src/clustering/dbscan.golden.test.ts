import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { adjustedRand } from './adjusted-rand.ts'
import { fitDbscan } from './dbscan.ts'

interface Fit {
  data: string
  radius: number
  neighboursMin: number
  weights: number[] | null
  labels: number[]
  cores: number[]
}

const { values: golden, agree } = readGolden<{ data: Record<string, number[][]>; fits: Fit[] }>(
  new URL('golden/dbscan.json', import.meta.url),
)

// Reference: scikit-learn 1.9.1 DBSCAN; made by golden/make/density.py. Cores, their clusters and rows in none are the
// same; a border row goes to its nearest core here and to the first cluster that reaches it there, so that it is
// compared with the definition.
test.each(golden.fits)('$data, radius $radius, at least $neighboursMin', async (fit) => {
  const rows = golden.data[fit.data]!
  const { labels, coreRows, clusters } = await fitDbscan(matrixFromRows(rows), {
    radius: fit.radius,
    neighboursMin: fit.neighboursMin,
    ...(fit.weights && { weights: Float64Array.from(fit.weights) }),
  })
  agree('DBSCAN', coreRows, fit.cores, 0)
  expect(clusters).toBe(Math.max(...fit.labels) + 1)
  const ofCores = (all: ArrayLike<number>): Int32Array => Int32Array.from(fit.cores, (row) => all[row]!)
  agree('DBSCAN', adjustedRand(ofCores(labels), ofCores(fit.labels)), 1, 0)
  const isCore = new Set(fit.cores)
  rows.forEach((row, at) => {
    expect(labels[at]! < 0).toBe(fit.labels[at]! < 0)
    if (isCore.has(at) || labels[at]! < 0) return
    const distances = fit.cores.map((core) => Math.hypot(...row.map((value, column) => value - rows[core]![column]!)))
    expect(labels[at]).toBe(labels[fit.cores[distances.indexOf(Math.min(...distances))]!])
  })
})
