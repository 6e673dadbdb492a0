import { matrixFromRows } from '@rapport/numerics'
import { test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { fitNeighbourAmounts, fitNeighbourClasses, predictNeighbourAmounts, predictNeighbourClasses } from './index.ts'

// Reference: scikit-learn 1.9.1 KNeighborsClassifier and KNeighborsRegressor (brute force); made by
// golden/make/bayes-neighbours.py. No two distances are equal, so that only the rounding of distances differs.
const { values: golden, agree } = readGolden<{
  x: number[][]
  later: number[][]
  label: number[]
  amounts: number[]
  fits: { neighbours: number; voice: 'equal' | 'distance'; classes: number[][]; amounts: number[] }[]
}>(new URL('golden/neighbours.json', import.meta.url))
const scaled = (rows: number[][]) =>
  matrixFromRows(rows.map(([one, two, three, four]) => [one!, two!, three!, four! / 100]))
const x = scaled(golden.x)
const later = scaled(golden.later)

test.each(golden.fits)('as scikit-learn: $neighbours neighbours, $voice', ({ neighbours, voice, classes, amounts }) => {
  const shares = predictNeighbourClasses(fitNeighbourClasses(x, golden.label, { neighbours, voice }), later)
  agree('nearest neighbours', shares.values, classes.flat(), 1e-12)
  const means = predictNeighbourAmounts(fitNeighbourAmounts(x, golden.amounts, { neighbours, voice }), later)
  agree('nearest neighbours', means, amounts, 1e-12)
})
