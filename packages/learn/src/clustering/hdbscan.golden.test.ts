import { readFileSync } from 'node:fs'
import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { adjustedRand } from './adjusted-rand.ts'
import { fitHdbscan, type HdbscanOptions } from './hdbscan.ts'
import { neighbourDistances } from './neighbour-distances.ts'

interface Fit extends Required<HdbscanOptions> {
  data: string
  labels: number[]
  strengths: number[]
  /** 1 for rows whose cluster and strength did not depend on the order of the rows in thirty shuffles. */
  settled: number[]
  cores: number[]
}

const golden: { data: Record<string, number[][]>; fits: Fit[] } = JSON.parse(
  readFileSync(new URL('golden/hdbscan.json', import.meta.url), 'utf8'),
)

// Reference: scikit-learn 1.9.1 HDBSCAN; made by golden/make/density.py. It merges tied edges in the order of the rows,
// so where some of its rows change with that order only the others can be compared; here ties are taken at once.
// Strengths were rounded to 12 digits.
test.each(golden.fits)('$data: sizes from $sizeMin, $neighboursMin neighbours, $selection', async (fit) => {
  const data = matrixFromRows(golden.data[fit.data]!)
  const { sizeMin, neighboursMin, selection } = fit
  const { labels, strengths } = await fitHdbscan(data, { sizeMin, neighboursMin, selection })
  const rows = Array.from(labels.keys()).filter((row) => fit.settled[row] === 1)
  const ours = Int32Array.from(rows, (row) => labels[row]! + 1)
  const theirs = Int32Array.from(rows, (row) => fit.labels[row]! + 1)
  expect(adjustedRand(ours, theirs)).toBe(1)
  for (const row of rows) {
    expect(labels[row]! < 0).toBe(fit.labels[row]! < 0)
    expect(Math.abs(strengths[row]! - fit.strengths[row]!)).toBeLessThan(1e-11)
  }
  const cores = await neighbourDistances(data, neighboursMin)
  fit.cores.forEach((distance, row) => {
    expect(Math.abs(cores[row]! - distance)).toBeLessThan(1e-11)
  })
})

test('most rows of the reference are settled', () => {
  const settled = golden.fits.flatMap((fit) => fit.settled)
  expect(settled.filter((one) => one === 1).length / settled.length).toBeGreaterThan(0.9)
})
