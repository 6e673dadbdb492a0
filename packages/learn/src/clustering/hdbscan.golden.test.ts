import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
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

const { values: golden, agree } = readGolden<{ data: Record<string, number[][]>; fits: Fit[] }>(
  new URL('golden/hdbscan.json', import.meta.url),
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
    agree('HDBSCAN', strengths[row]!, fit.strengths[row]!, 1e-11)
  }
  agree('HDBSCAN', await neighbourDistances(data, neighboursMin), fit.cores, 1e-11)
})

test('most rows of the reference are settled', () => {
  const settled = golden.fits.flatMap((fit) => fit.settled)
  expect(settled.filter((one) => one === 1).length / settled.length).toBeGreaterThan(0.9)
})
