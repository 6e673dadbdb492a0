import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { type PurchaseModel, processOf } from './purchase-process.ts'

const draws = 40_000

// Two independent ways: drawn futures, and the exact distribution and expectation of the same process.
test.each([
  ['bg-nbd', [0.8, 6, 0.9, 2.5]],
  ['mbg-nbd', [0.8, 6, 0.9, 2.5]],
  ['mbg-nbd', [0.9, 2, 3e5, 3e8]],
  ['pareto-nbd', [0.8, 6, 0.9, 12]],
] as const)('what %s draws at %j is what it expects', (kind: PurchaseModel['kind'], parameters) => {
  const process = processOf(kind, Float64Array.from(parameters))
  const horizon = 20
  for (const history of [
    { frequency: 0, recency: 0, age: 10 },
    { frequency: 12, recency: 15, age: 18 },
  ]) {
    const random = seededRandom(31)
    const seen = new Float64Array(200)
    const early = [0, 0]
    for (let draw = 0; draw < draws; draw += 1) {
      let count = 0
      process.drawIfAlive(history, horizon, random, (moment) => {
        count += 1
        if (!(moment >= 0 && moment <= horizon)) throw new Error(`a moment outside of the horizon: ${moment}`)
        if (moment <= horizon / 10) early[0]! += 1
        if (moment <= horizon / 2) early[1]! += 1
      })
      seen[count]! += 1
    }
    let [found, expected] = [0, 0]
    for (const [count, chance] of process.countsIfAlive(history, horizon, 199).entries()) {
      found += seen[count]! / draws
      expected += chance
      expect(Math.abs(found - expected), `at most ${count}`).toBeLessThan(1.95 / Math.sqrt(draws))
    }
    for (const [at, part] of [horizon / 10, horizon / 2].entries()) {
      // Counts vary by less than twice their square root here.
      const mean = process.expectedIfAlive(history, part)
      expect(Math.abs(early[at]! / draws - mean), `within ${part}`).toBeLessThan(
        4 * Math.sqrt((4 * mean + mean * mean) / draws),
      )
    }
  }
})
