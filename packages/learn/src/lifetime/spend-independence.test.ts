import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { withoutData } from '../../../../tooling/test-data.ts'
import { readCdnow } from './cdnow.contract.ts'
import { type SpendIndependence, spendIndependence } from './index.ts'

// Reference: the correlation over the 946 repeat buyers is 0.11 in Fader, Hardie & Lee 2005; ranks from scipy 1.17.1's
// spearmanr and pearsonr on the same rows.
test.skipIf(withoutData)('CDNOW', () => {
  const found = spendIndependence(readCdnow()) as SpendIndependence
  expect(found.n).toBe(946)
  expect(found.linear.value).toBeCloseTo(0.11388391048600449, 10)
  expect(found.linear.p / 0.0004488947787570935).toBeCloseTo(1, 6)
  expect(found.rank.value).toBeCloseTo(0.2063939548174887, 10)
  expect(found.rank.p / 1.4665555585782534e-10).toBeCloseTo(1, 6)
  expect(found.verdict).toBe('undecided')
})

test('the verdict follows the truth', () => {
  const random = seededRandom(3)
  const frequency = Float64Array.from({ length: 3000 }, () => 1 + random.poisson(3))
  const free = frequency.map(() => random.gamma(4, 10))
  expect(spendIndependence({ frequency, meanSpend: free })).toMatchObject({ verdict: 'holds' })
  const bound = frequency.map((x) => x * random.gamma(4, 10))
  expect(spendIndependence({ frequency, meanSpend: bound })).toMatchObject({ verdict: 'broken' })
  const few = { frequency: frequency.slice(0, 30), meanSpend: free.slice(0, 30) }
  expect(spendIndependence(few)).toMatchObject({ verdict: 'undecided' })
})
