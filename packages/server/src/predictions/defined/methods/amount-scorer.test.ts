import { matrix, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import type { Feature } from '../../../features/index.ts'
import type { OutcomeRows } from '../asking/cuts.ts'
import { amountFloor, amountsOf, deviances, fitAmounts } from './amount-scorer.ts'

/** Customers who spent as `before` says, and as `came` after. */
function rowsOf(before: Float64Array, came: Float64Array): OutcomeRows {
  return {
    customerIds: Array.from(before, (_, row) => `c${row}`),
    features: [{ name: 'spend_90d', label: 'spent', type: 'number' } as Feature],
    categories: new Map(),
    matrix: matrix(before.length, 1, before),
    outcomes: came,
  }
}

function loss(said: Float64Array, came: Float64Array): number {
  const floor = amountFloor(came)
  const raised = said.map((own) => Math.max(floor, own))
  return deviances(raised, came).reduce((sum, own) => sum + own, 0)
}

/** Half of them spend something, by chance. */
function drawn(seed: number): Float64Array {
  const random = seededRandom(seed)
  return Float64Array.from({ length: 1000 }, () => (random.uniform() < 0.5 ? 0 : -20 * Math.log(1 - random.uniform())))
}

test('what says nothing of what comes is drawn to the mean, what says all is left as it is', async () => {
  const [before, other] = [drawn(1), drawn(2)]
  const chance = await fitAmounts('before', rowsOf(before, other), { seed: 1 })
  const same = await fitAmounts('before', rowsOf(before, before), { seed: 1 })
  if (chance.kind !== 'before' || same.kind !== 'before') throw new Error('both must be of what was before')
  expect(chance.share).toBeLessThan(0.1)
  expect(same.share).toBe(1)
  expect(amountsOf(same, rowsOf(before, before))).toEqual(before)
})

test('it loses no more than the amounts as they stand, nor than the mean for all', async () => {
  const [before, noise] = [drawn(3), drawn(4)]
  const came = before.map((own, row) => 0.5 * own + 0.5 * noise[row]!)
  const rows = rowsOf(before, came)
  const scorer = await fitAmounts('before', rows, { seed: 1 })
  if (scorer.kind !== 'before') throw new Error('it must be of what was before')
  expect(scorer.share).toBeGreaterThan(0.1)
  expect(scorer.share).toBeLessThan(0.9)
  const mean = (values: Float64Array): number => values.reduce((sum, own) => sum + own, 0) / values.length
  const factor = mean(came) / mean(before)
  const own = loss(
    amountsOf(scorer, rows).map((said) => factor * said),
    came,
  )
  expect(own).toBeLessThan(
    loss(
      before.map((said) => factor * said),
      came,
    ),
  )
  expect(own).toBeLessThan(loss(new Float64Array(1000).fill(mean(came)), came))
})
