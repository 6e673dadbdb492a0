import {
  type ForestOptions,
  fitBoosting,
  fitBoostingClasses,
  fitBoostingRanking,
  fitBoostingRegression,
  fitForest,
  fitForestRegression,
  fitTree,
  fitTreeRegression,
  predictBoosting,
  predictBoostingClasses,
  predictBoostingMargin,
  predictBoostingRegression,
  predictForest,
  predictForestRegression,
} from '../../trees/index.ts'
import { estimator } from '../estimator.contract.ts'
import { amountInputs, classInputs } from '../row-inputs.contract.ts'

const few = { rounds: 8, leavesMax: 6, rowsPerLeafMin: 4, seed: 3 }
const small = { rowsPerLeafMin: 4, seed: 3 }

const boosted = (kind: 'squared' | 'absolute' | 'poisson' | 'gamma') =>
  estimator({
    name: `fitBoostingRegression ${kind}`,
    inputs: amountInputs(),
    fit: ({ data, targets }, workers) => fitBoostingRegression(data, targets, { ...few, workers, loss: { kind } }),
    use: (model, { data }) => predictBoostingRegression(model, data),
    hasNoUnits: true,
  })

const forest = (name: 'fitForest' | 'fitForest extra trees', options: Partial<ForestOptions>) =>
  estimator({
    name,
    inputs: classInputs(3),
    fit: ({ data, targets }) => fitForest(data, targets, { ...small, trees: 6, ...options }),
    use: (model, { data }) => predictForest(model, data),
  })

export const treeEstimators = [
  estimator({
    name: 'fitBoosting',
    inputs: classInputs(2),
    fit: ({ data, targets }, workers) => fitBoosting(data, targets, { ...few, workers }),
    use: (model, { data }) => predictBoosting(model, data),
    hasNoUnits: true,
  }),
  estimator({
    name: 'fitBoostingClasses',
    inputs: classInputs(3),
    fit: ({ data, targets }, workers) => fitBoostingClasses(data, targets, { ...few, workers }),
    use: (model, { data }) => predictBoostingClasses(model, data),
    hasNoUnits: true,
  }),
  estimator({
    name: 'fitBoostingRanking',
    inputs: classInputs(3),
    fit: ({ data, targets }, workers) =>
      fitBoostingRanking(
        data,
        targets,
        Array.from({ length: targets.length }, (_, row) => Math.floor(row / 6)),
        { ...few, workers },
      ),
    use: (model, { data }) => predictBoostingMargin(model, data),
    hasNoUnits: true,
  }),
  boosted('squared'),
  boosted('absolute'),
  boosted('poisson'),
  boosted('gamma'),
  forest('fitForest', {}),
  forest('fitForest extra trees', { thresholds: 'random' }),
  estimator({
    name: 'fitForestRegression',
    inputs: amountInputs(),
    fit: ({ data, targets }) => fitForestRegression(data, targets, { ...small, trees: 6 }),
    use: (model, { data }) => predictForestRegression(model, data),
    hasNoUnits: true,
  }),
  estimator({
    name: 'fitTree',
    inputs: classInputs(2),
    fit: ({ data, targets }) => fitTree(data, targets, { ...small, penalty: 0.001 }),
    use: (model, { data }) => predictForest(model, data),
    hasNoUnits: true,
  }),
  estimator({
    name: 'fitTreeRegression',
    inputs: amountInputs(),
    fit: ({ data, targets }) => fitTreeRegression(data, targets, small),
    use: (model, { data }) => predictForestRegression(model, data),
    hasNoUnits: true,
  }),
]
