import { matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { boostingRegressionBase, forestRegressionBase, leastSquaresBase } from '../base-learners/index.ts'
import { fitFittedQ, predictFittedQ } from './index.ts'

/**
 * Contacts of customers: interest grows by a tenth while one waits (action 0) and is used up by sending (1), which earns the
 * square of it. Sending at once earns little; waiting for ever earns nothing.
 */
function contacts(sequences: number, seed: number) {
  const random = seededRandom(seed)
  const rows: { interest: number; next: number; action: number; reward: number; ended: number }[] = []
  for (let sequence = 0; sequence < sequences; sequence += 1) {
    let interest = random.uniform()
    for (let step = 0; step < 10; step += 1) {
      const action = random.integer(2)
      const reward = action === 1 ? interest ** 2 : 0
      const next = action === 1 ? 0 : Math.min(1, interest + 0.1)
      rows.push({ interest, next, action, reward, ended: Number(step === 9) })
      interest = next
    }
  }
  return {
    states: matrixFromRows(rows.map(({ interest }) => [interest])),
    nextStates: matrixFromRows(rows.map(({ next }) => [next])),
    actions: rows.map(({ action }) => action),
    rewards: rows.map(({ reward }) => reward),
    ended: rows.map(({ ended }) => ended),
  }
}

const transitions = contacts(200, 1)
const asked = matrixFromRows([[0.05], [0.95]])
const forest = forestRegressionBase({ trees: 30 })

test.each([
  ['a forest', forest],
  ['boosting', boostingRegressionBase({ rounds: 30 })],
])('%s learns to wait until interest has grown', async (_, learner) => {
  const options = { actions: 2, learner, roundsMax: 10, seed: 1 }
  const model = await fitFittedQ(transitions, options)
  const worth = predictFittedQ(model, asked).values
  expect(worth[0]).toBeGreaterThan(worth[1]!)
  expect(worth[3]).toBeGreaterThan(worth[2]!)
  expect(await fitFittedQ(transitions, options)).toEqual(model)
})

test('one round counts the present only, and so sends at once', async () => {
  const model = await fitFittedQ(transitions, { actions: 2, learner: forest, roundsMax: 1 })
  const worth = predictFittedQ(model, asked).values
  expect(worth[0]).toBe(0)
  expect(worth[1]).toBeGreaterThan(0)
  expect(model).toMatchObject({ rounds: 1, converged: false })
})

test('what ended counts nothing later, and a weight of 0 is a row less', async () => {
  const states = matrixFromRows([[0], [1], [0], [1], [5]])
  const all = {
    states,
    nextStates: states,
    actions: [0, 0, 1, 1, 1],
    rewards: [1, 2, 3, 4, 99],
    ended: [1, 1, 1, 1, 1],
  }
  const model = await fitFittedQ(
    { ...all, weights: [1, 1, 1, 1, 0] },
    { actions: 2, learner: leastSquaresBase({ penalty: 1e-12 }) },
  )
  expect(model).toMatchObject({ rounds: 1, converged: true })
  const worth = predictFittedQ(model, matrixFromRows([[0], [1]])).values
  expect([...worth].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([1, 3, 2, 4])
})

test('a learner of the caller’s own predicts by itself', async () => {
  // The mean of the action, whatever the state.
  const mean = {
    fit: ({ targets }: { readonly targets: Float64Array }) =>
      targets.reduce((sum, one) => sum + one, 0) / targets.length,
    predict: (model: number, { rows }: { readonly rows: number }) => new Float64Array(rows).fill(model),
  }
  const model = await fitFittedQ(transitions, { actions: 2, learner: mean, roundsMax: 1 })
  expect(model.models[0]).toEqual({ kind: 'constant', value: 0 })
  expect(predictFittedQ(model, asked, mean).values).toEqual(
    Float64Array.of(0, Number(model.models[1]), 0, Number(model.models[1])),
  )
})

test('what means nothing is refused, work is told of and stops', async () => {
  const options = { actions: 2 }
  const refused = (changes: object): Promise<unknown> => fitFittedQ({ ...transitions, ...changes }, options)
  await expect(refused({ states: matrix(0, 1), nextStates: matrix(0, 1) })).rejects.toThrow('with a row or more')
  await expect(refused({ nextStates: matrix(3, 1) })).rejects.toThrow('must be of one shape')
  await expect(refused({ rewards: [1] })).rejects.toThrow('rewards must be finite, one a row (2000), got 1 of them')
  const wrong = transitions.rewards.map((reward, row) => (row === 4 ? Number.NaN : reward))
  await expect(refused({ rewards: wrong })).rejects.toThrow('got NaN at row 4')
  await expect(refused({ actions: transitions.actions.map(() => 1) })).rejects.toThrow('got none of action 0')
  await expect(refused({ actions: transitions.actions.map(() => 2) })).rejects.toThrow('actions must be 0 … 1')
  await expect(refused({ ended: transitions.ended.map(() => 2) })).rejects.toThrow('ended must be 0 or 1')
  await expect(fitFittedQ(transitions, { actions: 2, discount: 2 })).rejects.toThrow('discount must be 0 … 1, got 2')
  await expect(fitFittedQ(transitions, { actions: 0 })).rejects.toThrow('actions must be a whole number ≥ 1, got 0')
  await expect(fitFittedQ(transitions, { actions: 2, roundsMax: 0 })).rejects.toThrow('roundsMax must be')
  const done: number[] = []
  await fitFittedQ(
    transitions,
    { actions: 2, roundsMax: 3, tolerance: 0 },
    { onProgress: (progress) => done.push(progress.done) },
  )
  expect(done).toEqual([1, 2, 3])
  await expect(fitFittedQ(transitions, options, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'work.aborted',
  })
})
