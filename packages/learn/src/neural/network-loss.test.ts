import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type NetworkShape, startingParameters } from './network.ts'
import { type Batch, networkLoss } from './network-loss.ts'

const settings = fc.record({
  hidden: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  activation: fc.constantFrom('relu' as const, 'tanh' as const),
  classes: fc.integer({ min: 1, max: 4 }),
  dropout: fc.constantFrom(0, 0.4),
  seed: fc.nat(1000),
})

// Central differences of the loss itself: 1e-6 is what their own error allows.
test('the gradient is the slope of the loss, with and without dropout', () => {
  fc.assert(
    fc.property(settings, ({ hidden, activation, classes, dropout, seed }) => {
      const random = seededRandom(seed)
      const shape: NetworkShape = { sizes: [3, ...hidden, classes], activation }
      const count = 6
      const batch: Batch = {
        count,
        inputs: Float64Array.from({ length: count * 3 }, () => random.normal()),
        targets: Float64Array.from({ length: count }, () =>
          classes === 1 ? random.normal() : random.integer(classes),
        ),
        weights: Float64Array.from({ length: count }, () => 0.1 + random.uniform()),
      }
      const loss = networkLoss(shape, classes === 1 ? 'amounts' : 'classes', 0.3, count)
      const parameters = startingParameters(shape, random)
      // The same units are left out in every evaluation.
      const factorsOf = () => {
        const drawn = seededRandom(seed)
        return dropout === 0 ? undefined : () => (drawn.uniform() < dropout ? 0 : 1 / (1 - dropout))
      }
      const gradient = new Float64Array(parameters.length)
      loss(parameters, batch, gradient, factorsOf())
      const at = random.integer(parameters.length)
      const moved = (by: number): number => {
        const near = parameters.slice()
        near[at]! += by
        return loss(near, batch, undefined, factorsOf())
      }
      const [ahead, here, behind] = [moved(1e-5), moved(0), moved(-1e-5)]
      // A rectifier's kink between the three has no slope to compare with.
      fc.pre(activation === 'tanh' || Math.abs(ahead - 2 * here + behind) < 1e-8)
      expect(gradient[at]).toBeCloseTo((ahead - behind) / 2e-5, 6)
    }),
  )
})
