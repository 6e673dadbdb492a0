import { regularisedBeta, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { drawGammaRatio } from './gamma-ratio.ts'
import { drawNegativeBinomial, negativeBinomial } from './negative-binomial.ts'

// Kolmogorov's distance of 40,000 draws from the distribution: beyond 1.95 / √n one time in a thousand. Of two gammas,
// the first over their sum is beta distributed.
test.each([
  [0.05, 3],
  [0.4, 0.7],
  [1, 1],
  [2.5, 30],
  [30, 0.2],
  [4000, 6],
])('ratios of gammas with shapes %f and %f', (above, below) => {
  const random = seededRandom(17)
  const shares = Float64Array.from({ length: 40_000 }, () => 1 / (1 + 1 / drawGammaRatio(above, below, random))).sort()
  const apart = shares.reduce(
    (most, share, at) => Math.max(most, Math.abs(regularisedBeta(share, above, below) - (at + 0.5) / shares.length)),
    0,
  )
  expect(apart).toBeLessThan(1.95 / Math.sqrt(shares.length))
})

// The third row's chance of no purchase is e^−1386, which no number holds.
test.each([
  [0.6, 0.3],
  [2.5, 4],
  [2000, 1],
  [40, 0.01],
])('counts of shape %f and reach %f follow the negative binomial distribution', (shape, reach) => {
  const random = seededRandom(23)
  const draws = 40_000
  const mean = shape * reach
  const { atLeast } = negativeBinomial(shape, reach, Math.ceil(mean + 8 * Math.sqrt(mean * (1 + reach)) + 8))
  const seen = new Float64Array(atLeast.length + 1)
  for (let draw = 0; draw < draws; draw += 1) {
    seen[Math.min(drawNegativeBinomial(shape, reach, random), atLeast.length)]! += 1
  }
  let above = draws
  for (const [count, chance] of atLeast.entries()) {
    expect(Math.abs(above / draws - chance), `at least ${count}`).toBeLessThan(1.95 / Math.sqrt(draws))
    above -= seen[count]!
  }
})

test('no time and no customers give no purchases', () => {
  expect(drawNegativeBinomial(3, 0, seededRandom(1))).toBe(0)
})
