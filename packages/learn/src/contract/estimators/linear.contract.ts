import {
  fitElasticNet,
  fitElasticNetPath,
  fitGeneralisedLinear,
  fitLeastSquares,
  fitLogistic,
  fitMultinomial,
  fitOnlineLinear,
  predictElasticNet,
  predictGeneralisedLinear,
  predictLeastSquares,
  predictLogistic,
  predictMultinomial,
  predictOnline,
} from '../../linear/index.ts'
import { estimator } from '../estimator.contract.ts'
import { amountInputs, classInputs } from '../row-inputs.contract.ts'

const generalised = (family: 'poisson' | 'gamma' | 'tweedie') =>
  estimator({
    name: `fitGeneralisedLinear ${family}`,
    inputs: amountInputs(),
    fit: ({ data, targets }) => fitGeneralisedLinear(data, targets, { family }),
    use: (model, { data }) => predictGeneralisedLinear(model, data),
  })

export const linearEstimators = [
  estimator({
    name: 'fitLeastSquares',
    inputs: amountInputs(),
    fit: ({ data, targets }) => fitLeastSquares(data, targets),
    use: (model, { data }) => predictLeastSquares(model, data),
  }),
  estimator({
    name: 'fitLeastSquares without a penalty',
    inputs: amountInputs(),
    fit: ({ data, targets }) => fitLeastSquares(data, targets, { penalty: 0 }),
    use: (model, { data }) => predictLeastSquares(model, data),
    hasNoUnits: true,
  }),
  estimator({
    name: 'fitElasticNet',
    inputs: amountInputs(),
    fit: ({ data, targets }) => fitElasticNet(data, targets, { penalty: 0.1, l1Share: 0.5 }),
    use: (model, { data }) => predictElasticNet(model, data),
  }),
  estimator({
    name: 'fitElasticNetPath',
    inputs: amountInputs(),
    fit: ({ data, targets }) => fitElasticNetPath(data, targets, { penaltyCount: 5 }),
    use: ({ models }, { data }) => models.map((model) => predictElasticNet(model, data)),
  }),
  estimator({
    name: 'fitLogistic',
    inputs: classInputs(2),
    fit: ({ data, targets }) => fitLogistic(data, targets),
    use: (model, { data }) => predictLogistic(model, data),
  }),
  estimator({
    name: 'fitLogistic with an absolute penalty',
    inputs: classInputs(2),
    fit: ({ data, targets }) => fitLogistic(data, targets, { penalty: 0.5, l1Share: 0.5 }),
    use: (model, { data }) => predictLogistic(model, data),
  }),
  estimator({
    name: 'fitMultinomial',
    inputs: classInputs(3),
    fit: ({ data, targets }) => fitMultinomial(data, targets),
    use: (model, { data }) => predictMultinomial(model, data),
  }),
  estimator({
    name: 'fitOnlineLinear',
    inputs: classInputs(2),
    fit: ({ data, targets }) => fitOnlineLinear(data, targets, { loss: 'logistic' }),
    use: (model, { data }) => predictOnline(model, data),
  }),
  estimator({
    name: 'fitOnlineLinear descent',
    inputs: amountInputs(),
    fit: ({ data, targets }) =>
      fitOnlineLinear(data, targets, { loss: 'squared', method: { kind: 'sgd' }, batch: 3, passes: 2, seed: 1 }),
    use: (model, { data }) => predictOnline(model, data),
  }),
  generalised('poisson'),
  generalised('gamma'),
  generalised('tweedie'),
]
