import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Bandit,
  banditChances,
  chooseAction,
  type Outcome,
  startBernoulliThompson,
  startEpsilonGreedy,
  startGaussianThompson,
  startLinearThompson,
  startLinUcb,
  startLogisticThompson,
  startUcb1,
  updateBandit,
} from './index.ts'

const actions = 4
const columns = 2
const starts: readonly Bandit[] = [
  startEpsilonGreedy({ actions }),
  startUcb1({ actions }),
  startBernoulliThompson({ actions }),
  startGaussianThompson({ actions }),
  startLinUcb({ actions, columns }),
  startLinearThompson({ actions, columns }),
  startLogisticThompson({ actions, columns }),
]

const number = fc.double({ min: -3, max: 3, noNaN: true })
const context = fc.array(number, { minLength: columns, maxLength: columns })
const outcome: fc.Arbitrary<Outcome> = fc.record({
  action: fc.integer({ min: 0, max: actions - 1 }),
  reward: fc.constantFrom(0, 1),
  context,
  weight: fc.constantFrom(0, 0.5, 1, 2),
})
const outcomes = fc.array(outcome, { maxLength: 20 })
const eligible = fc.subarray([0, 1, 2, 3], { minLength: 1 })

test.each(starts)('$kind: chances add up to 1 over what is eligible, and what is picked had one', (start) => {
  fc.assert(
    fc.property(outcomes, context, eligible, fc.nat(), (seen, now, allowed, seed) => {
      const bandit = updateBandit(start, seen)
      const chances = banditChances(bandit, { context: now, eligible: allowed })
      expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12)
      chances.forEach((chance, action) => {
        expect(chance).toBeGreaterThanOrEqual(0)
        if (!allowed.includes(action)) expect(chance).toBe(0)
      })
      const { action, propensity } = chooseAction(bandit, seededRandom(seed), { context: now, eligible: allowed })
      expect(propensity).toBe(chances[action])
      expect(propensity).toBeGreaterThan(0)
    }),
    { numRuns: 40 },
  )
})

test.each(starts)('$kind: a shared part of decisions goes to everything', (start) => {
  fc.assert(
    fc.property(outcomes, context, (seen, now) => {
      const bandit = { ...updateBandit(start, seen), exploration: 0.2 }
      for (const chance of banditChances(bandit, { context: now })) expect(chance).toBeGreaterThanOrEqual(0.05 - 1e-12)
    }),
    { numRuns: 30 },
  )
})

test.each(starts.filter(({ kind }) => kind !== 'logistic-thompson'))(
  '$kind: outcomes one by one, in another order or at once, teach the same',
  (start) => {
    fc.assert(
      fc.property(outcomes, context, (seen, now) => {
        const before = structuredClone(start)
        const atOnce = banditChances(updateBandit(start, seen), { context: now })
        const oneByOne = [...seen].reverse().reduce<Bandit>((bandit, one) => updateBandit(bandit, [one]), start)
        const chances = banditChances(oneByOne, { context: now })
        // Upper bounds that are equal but for rounding may be broken either way.
        if (start.kind.endsWith('thompson')) {
          for (const [action, chance] of chances.entries()) expect(chance).toBeCloseTo(atOnce[action]!, 8)
        }
        expect(start).toEqual(before)
      }),
      { numRuns: 30 },
    )
  },
)

test.each(starts)('$kind: weight 2 is twice, weight 0 is never', (start) => {
  fc.assert(
    fc.property(outcome, context, (one, now) => {
      const twice = updateBandit(start, [
        { ...one, weight: 1 },
        { ...one, weight: 1 },
      ])
      const heavy = updateBandit(start, [{ ...one, weight: 2 }])
      const near = (left: Bandit, right: Bandit): void => {
        const expected = banditChances(right, { context: now })
        banditChances(left, { context: now }).forEach((chance, action) => {
          expect(chance).toBeCloseTo(expected[action]!, 8)
        })
      }
      near(heavy, twice)
      near(updateBandit(start, [{ ...one, weight: 0 }]), start)
    }),
    { numRuns: 30 },
  )
})

test.each(starts)('$kind: a bandit that was written and read decides the same', (start) => {
  const bandit = updateBandit(start, [{ action: 2, reward: 1, context: [1, -1] }])
  const situation = { context: [0.5, 2] }
  expect(chooseAction(structuredClone(bandit), seededRandom(5), situation)).toEqual(
    chooseAction(bandit, seededRandom(5), situation),
  )
})
