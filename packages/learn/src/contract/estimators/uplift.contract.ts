import { boostingBase, boostingRegressionBase, leastSquaresBase } from '../../base-learners/index.ts'
import {
  fitClassTransformation,
  fitDrLearner,
  fitRLearner,
  fitSLearner,
  fitTLearner,
  fitUpliftForest,
  fitUpliftTree,
  fitXLearner,
  predictUplift,
  predictUpliftForest,
  type TrialRows,
  type UpliftModel,
} from '../../uplift/index.ts'
import { type Estimator, estimator } from '../estimator.contract.ts'
import { amountInputs, classInputs, type TargetRows } from '../row-inputs.contract.ts'

/** Every second customer treated, in an order that no column follows. */
const trial = ({ data, targets }: TargetRows): TrialRows => ({
  data,
  treated: Uint8Array.from({ length: data.rows }, (_, row) => ((row * 7) % 11) % 2),
  outcomes: targets,
})

// Sixty customers are too few for the check of an experiment, which has tests of its own.
const trees = (workers: number) => {
  const few = { rounds: 5, leavesMax: 4, rowsPerLeafMin: 3, workers }
  return { outcome: boostingBase(few), effect: boostingRegressionBase(few), assignment: 'passed', seed: 3 } as const
}
const lines = {
  outcome: leastSquaresBase({ penalty: 0.1 }),
  effect: leastSquaresBase({ penalty: 0.1 }),
  assignment: 'passed',
  seed: 3,
} as const

type Options = ReturnType<typeof trees> | typeof lines
type Fit = (rows: TrialRows, options: Options) => Promise<UpliftModel>

const onTrees = (name: Estimator<TargetRows, UpliftModel>['name'], fit: Fit) =>
  estimator({
    name,
    inputs: classInputs(2),
    fit: (rows, workers) => fit(trial(rows), trees(workers)),
    use: (model, { data }) => predictUplift(model, data),
    hasNoUnits: true,
  })

const onLines = (name: Estimator<TargetRows, UpliftModel>['name'], fit: Fit) =>
  estimator({
    name,
    inputs: amountInputs(),
    fit: (rows) => fit(trial(rows), lines),
    use: (model, { data }) => predictUplift(model, data),
  })

const leaves = { rowsPerLeafMin: 6, rowsPerArmMin: 2, pull: 2, assignment: 'passed', seed: 3 } as const

const armed = (rows: TargetRows) => {
  const { treated, ...rest } = trial(rows)
  return { ...rest, arms: treated }
}

export const upliftEstimators = [
  onTrees('fitClassTransformation', fitClassTransformation),
  onTrees('fitDrLearner', fitDrLearner),
  onTrees('fitRLearner', fitRLearner),
  onTrees('fitSLearner', fitSLearner),
  onTrees('fitTLearner', fitTLearner),
  onTrees('fitXLearner', fitXLearner),
  onLines('fitDrLearner lines', fitDrLearner),
  onLines('fitRLearner lines', fitRLearner),
  onLines('fitSLearner lines', (rows, options) => fitSLearner(rows, { ...options, interactions: true })),
  onLines('fitXLearner lines', fitXLearner),
  estimator({
    name: 'fitUpliftForest',
    inputs: classInputs(2),
    fit: (rows) => fitUpliftForest(armed(rows), { ...leaves, trees: 4, honest: true }),
    use: (model, { data }) => predictUpliftForest(model, data),
    hasNoUnits: true,
  }),
  estimator({
    name: 'fitUpliftTree',
    inputs: classInputs(2),
    fit: (rows) => fitUpliftTree(armed(rows), leaves),
    use: (model, { data }) => predictUpliftForest(model, data),
    hasNoUnits: true,
  }),
]
