// Reference: scipy's ks_1samp and kstwo, versions in the file; made by golden/make/kolmogorov-smirnov.py.
import { expect, test } from 'vitest'
import { readGolden } from '../../../../../tooling/golden.ts'
import { type Distribution, distributionCdf, kolmogorovSmirnovFit } from '../index.ts'
import { chanceOfDistance } from './one-sample-distance.ts'

interface Chance {
  readonly n: number
  readonly distance: number
  readonly chance: number
}
const { values: golden, agree } = readGolden<{
  tests: (Record<'distance' | 'at' | 'exact' | 'asymptotic', number> & {
    readonly values: number[]
    readonly distribution: Distribution
  })[]
  chances: Chance[]
  larger: Chance[]
}>(new URL('golden/kolmogorov-smirnov.json', import.meta.url))
const name = 'one-sample Kolmogorov-Smirnov test'

test.each(golden.tests)('distance $distance of a $distribution.kind curve', (expected) => {
  const cumulative = (value: number): number => distributionCdf(expected.distribution, value)
  for (const method of ['exact', 'asymptotic'] as const) {
    const found = kolmogorovSmirnovFit(expected.values, cumulative, { method })
    if (!found.defined) throw new Error('no result')
    expect(found).toMatchObject({ at: expected.at, exact: method === 'exact' })
    agree(name, found.distance, expected.distance, 1e-12)
    agree(name, found.pValue, expected[method], 1e-9, 0)
  }
})

// Relative, also of 1e-30. scipy's own exact chances are good to some ten digits; the Pelz-Good series to some seven.
test.each(golden.chances)('$n values at least $distance away', ({ n, distance, chance }) => {
  agree(name, chanceOfDistance(n, distance), chance, 1e-9, 0)
})
test.each(golden.larger)('$n values at least $distance away, by a series', ({ n, distance, chance }) => {
  expect(Math.abs(chanceOfDistance(n, distance) / chance - 1)).toBeLessThan(1e-5)
})
