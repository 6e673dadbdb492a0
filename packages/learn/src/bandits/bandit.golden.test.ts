import { matrixFromRows } from '@rapport/numerics'
import { test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { leastSquaresBase } from '../base-learners/index.ts'
import { bestChances, betaBelief, normalBelief } from './best-chances.ts'
import { scoreOf } from './coefficient-belief.ts'
import { fitFittedQ, predictFittedQ, startLinUcb, startLogisticThompson, updateBandit } from './index.ts'

// Reference: Open Bandit Pipeline's LinUCB, scipy's quadrature and optimiser, scikit-learn's Ridge in a loop, and dynamic
// programming in numpy; made by golden/make/bandits.py.
const { values: golden, agree } = readGolden<{
  contexts: number[][]
  actions: number[]
  rewards: number[]
  clicks: number[]
  asked: number[][]
  linear: Record<'means' | 'spreads', number[][]>
  logistic: Record<'coefficients' | 'precision', number[]>
  normals: { beliefs: [number, number][]; chances: number[] }[]
  betas: { beliefs: [number, number][]; chances: number[] }[]
  contacts: { earns: number[][]; leads: number[][]; discount: number; worth: number[][] }
  sequence: Record<'now' | 'after' | 'worth', number[][]> &
    Record<'actions' | 'rewards' | 'ended', number[]> & { discount: number; rounds: number }
}>(new URL('golden/bandits.json', import.meta.url))

test('what LinUCB knows after forty decisions', () => {
  const outcomes = golden.contexts.map((context, at) => ({
    context,
    action: golden.actions[at]!,
    reward: golden.rewards[at]!,
  }))
  const { beliefs } = updateBandit(startLinUcb({ actions: 3, columns: 3 }), outcomes)
  golden.asked.forEach((context, at) => {
    const scores = beliefs.map((belief) => scoreOf(belief, context))
    // The reference updates an inverse row by row, which costs it a digit or two.
    agree(
      'linear beliefs',
      scores.map(({ mean }) => mean),
      golden.linear.means[at]!,
      1e-12,
    )
    agree(
      'linear beliefs',
      scores.map(({ spread }) => spread),
      golden.linear.spreads[at]!,
      1e-12,
    )
  })
})

test('what is believed after forty clicks or none', () => {
  const outcomes = golden.contexts.map((context, at) => ({ context, action: 0, reward: golden.clicks[at]! }))
  const { beliefs } = updateBandit(startLogisticThompson({ actions: 1, columns: 3 }), outcomes)
  agree('logistic beliefs', beliefs[0]!.coefficients, golden.logistic.coefficients, 1e-12)
  agree('logistic beliefs', beliefs[0]!.precision, golden.logistic.precision, 1e-12)
})

// The panels are made for propensities, which need no more than six digits.
test('chances to be the best, by one adaptive integral an action', () => {
  for (const { beliefs, chances } of golden.normals) {
    agree(
      'chances to be the best',
      bestChances(beliefs.map(([mean, spread]) => normalBelief(mean, spread))),
      chances,
      1e-7,
    )
  }
  for (const { beliefs, chances } of golden.betas) {
    agree('chances to be the best', bestChances(beliefs.map(([a, b]) => betaBelief(a, b))), chances, 1e-7)
  }
})

test('fitted Q iteration on states that are told apart is dynamic programming', async () => {
  const { earns, leads, discount, worth } = golden.contacts
  const steps = worth.flatMap((_, state) => [0, 1].map((action) => ({ state, action })))
  const oneHot = (state: number): number[] => worth.map((_, other) => Number(other === state))
  const transitions = {
    states: matrixFromRows(steps.map(({ state }) => oneHot(state))),
    actions: steps.map(({ action }) => action),
    rewards: steps.map(({ state, action }) => earns[state]![action]!),
    nextStates: matrixFromRows(steps.map(({ state, action }) => oneHot(leads[state]![action]!))),
    ended: steps.map(() => 0),
  }
  // One row a state and action, and next to no penalty: the regression remembers the table.
  const options = {
    actions: 2,
    discount,
    learner: leastSquaresBase({ penalty: 1e-12 }),
    roundsMax: 1000,
    tolerance: 1e-13,
  } as const
  const model = await fitFittedQ(transitions, options)
  const states = matrixFromRows(worth.map((_, state) => oneHot(state)))
  // A penalty of 1e-12 and a thousand rounds leave ten digits.
  agree('fitted Q iteration', predictFittedQ(model, states).values, worth.flat(), 1e-9)
})

test('four rounds of fitted Q iteration with ridge regression', async () => {
  const { now, after, actions, rewards, ended, discount, rounds, worth } = golden.sequence
  const states = matrixFromRows(now)
  const transitions = { states, actions, rewards, ended, nextStates: matrixFromRows(after) }
  const model = await fitFittedQ(transitions, { actions: 2, discount, roundsMax: rounds, tolerance: 0 })
  agree('fitted Q iteration', predictFittedQ(model, states).values, worth.flat(), 1e-11)
})
