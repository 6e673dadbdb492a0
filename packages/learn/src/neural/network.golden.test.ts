import { test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { adam } from './adam.ts'
import { type Batch, type NetworkTask, networkLoss } from './network-loss.ts'

interface Case {
  name: string
  sizes: number[]
  activation: 'relu' | 'tanh'
  task: NetworkTask
  penalty: number
  targets: number[]
  weighted: boolean
  parameters: number[]
  loss: number
  gradient: number[]
  later: number[]
}

// Reference: scikit-learn 1.9.1, the loss and gradient of MLPClassifier and MLPRegressor at given weights, and the weights after
// 25 steps of its Adam over all rows; made by golden/make/perceptron.py. Only rounding differs.
const { values: golden, agree } = readGolden<{
  x: number[][]
  weights: number[]
  learningRate: number
  steps: number
  cases: Case[]
}>(new URL('golden/perceptron.json', import.meta.url))

test.each(golden.cases)('$name: loss, gradient and Adam steps as scikit-learn', (expected) => {
  const count = golden.x.length
  const batch: Batch = {
    count,
    inputs: Float64Array.from(golden.x.flat()),
    targets: Float64Array.from(expected.targets),
    weights: expected.weighted ? Float64Array.from(golden.weights) : new Float64Array(count).fill(1),
  }
  const loss = networkLoss(expected, expected.task, expected.penalty, count)
  const parameters = Float64Array.from(expected.parameters)
  const gradient = new Float64Array(parameters.length)
  agree('multi-layer perceptron', loss(parameters, batch, gradient), expected.loss, 1e-12)
  agree('multi-layer perceptron', loss(parameters, batch), expected.loss, 1e-12)
  agree('multi-layer perceptron', gradient, expected.gradient, 1e-12)
  const step = adam(golden.learningRate, parameters.length)
  for (let taken = 0; taken < golden.steps; taken += 1) {
    loss(parameters, batch, gradient)
    step(parameters, gradient)
  }
  agree('multi-layer perceptron', parameters, expected.later, 1e-9)
})
