export {
  type BaseLearner,
  type BaseModel,
  type BaseRows,
  boostingBase,
  boostingRegressionBase,
  forestBase,
  forestRegressionBase,
  leastSquaresBase,
  logisticBase,
} from './base-learner.ts'
export type { ConstantModel } from './constant.ts'
