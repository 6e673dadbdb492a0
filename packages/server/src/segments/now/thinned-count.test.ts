import { seededRandom } from '@rapport/numerics'
import { expect, it } from 'vitest'
import { thinnedCount } from './thinned-count.ts'

// Exact limits of a Poisson count of 10: 4.795 and 18.39 (Garwood 1936); of none 0 and 3.689.
it('limits are near the exact ones of a Poisson count', () => {
  expect(thinnedCount(10, 1)).toEqual([10, 19])
  expect(thinnedCount(10, 100)[0] / 100).toBeCloseTo(4.795, 1)
  expect(thinnedCount(10, 100)[1] / 100).toBeCloseTo(18.39, 1)
  expect(thinnedCount(0, 1000)[1] / 1000).toBeCloseTo(3.689, 1)
})

it('they hold the number in 95 of 100 draws and more', () => {
  const random = seededRandom(5)
  const inAll = 900
  let held = 0
  for (let draw = 0; draw < 1000; draw += 1) {
    let found = 0
    for (let at = 0; at < inAll; at += 1) if (random.integer(32) === 0) found += 1
    const [low, high] = thinnedCount(found, 32)
    if (low <= inAll && inAll <= high) held += 1
  }
  expect(held).toBeGreaterThanOrEqual(940)
})
