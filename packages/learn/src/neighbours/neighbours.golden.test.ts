import { readFileSync } from 'node:fs'
import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitNeighbourAmounts, fitNeighbourClasses, predictNeighbourAmounts, predictNeighbourClasses } from './index.ts'

// Reference: scikit-learn 1.9.1 KNeighborsClassifier and KNeighborsRegressor (brute force); made by
// golden/make/bayes-neighbours.py. No two distances are equal, so that only the rounding of distances differs.
const golden = JSON.parse(readFileSync(new URL('./golden/neighbours.json', import.meta.url), 'utf8')) as {
  x: number[][]
  later: number[][]
  label: number[]
  amounts: number[]
  fits: { neighbours: number; voice: 'equal' | 'distance'; classes: number[][]; amounts: number[] }[]
}
const scaled = (rows: number[][]) =>
  matrixFromRows(rows.map(([one, two, three, four]) => [one!, two!, three!, four! / 100]))
const x = scaled(golden.x)
const later = scaled(golden.later)

test.each(golden.fits)('as scikit-learn: $neighbours neighbours, $voice', ({ neighbours, voice, classes, amounts }) => {
  const shares = predictNeighbourClasses(fitNeighbourClasses(x, golden.label, { neighbours, voice }), later)
  classes.flat().forEach((share, at) => {
    expect(shares.values[at]).toBeCloseTo(share, 12)
  })
  const means = predictNeighbourAmounts(fitNeighbourAmounts(x, golden.amounts, { neighbours, voice }), later)
  amounts.forEach((mean, at) => {
    expect(means[at]).toBeCloseTo(mean, 12)
  })
})
