import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conditionalError } from './arma-conditional.ts'
import { armaDensity } from './arma-density.ts'
import { runArma } from './arma-likelihood.ts'
import { type ArmaBlocks, armaFromFree, multipliedOut } from './arma-polynomials.ts'

const models = fc.record({
  blocks: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(2), fc.nat(2)),
  period: fc.integer({ min: 4, max: 12 }),
  n: fc.integer({ min: 5, max: 150 }),
  hasMean: fc.boolean(),
  seed: fc.nat(10_000),
})

function drawn({ blocks, n, seed }: { blocks: ArmaBlocks; n: number; seed: number }) {
  const random = seededRandom(seed)
  const d = blocks.reduce((sum, size) => sum + size, 0)
  const free = Float64Array.from({ length: d }, () => 0.7 * random.normal())
  return { free, series: Float64Array.from({ length: n }, () => 1 + random.normal()) }
}

test('the likelihood by covariances is that of the Kalman filter', () => {
  fc.assert(
    fc.property(models, (model) => {
      const { free, series } = drawn(model)
      const out = multipliedOut(armaFromFree(free, model.blocks), model.period)
      const filtered = runArma(series, out.autoregressive, out.movingAverage, model.hasMean)!
      const found = armaDensity(series, out, model.hasMean)!
      expect(Math.abs(found.squares / filtered.squares - 1)).toBeLessThan(1e-8)
      expect(Math.abs(found.logVariances - filtered.logVariances)).toBeLessThan(1e-7)
    }),
  )
})

test('slopes of the conditional error are its central differences', () => {
  fc.assert(
    fc.property(models, (model) => {
      const { free, series } = drawn(model)
      const objective = conditionalError(series, model.blocks, model.period, model.hasMean)
      const slopes = new Float64Array(free.length)
      objective(free, slopes)
      const unused = new Float64Array(free.length)
      for (let axis = 0; axis < free.length; axis += 1) {
        const at = (step: number) => objective(free.with(axis, free[axis]! + step), unused)
        const difference = (at(1e-5) - at(-1e-5)) / 2e-5
        expect(Math.abs(slopes[axis]! - difference)).toBeLessThan(1e-5 * (1 + Math.abs(difference)))
      }
    }),
  )
})
