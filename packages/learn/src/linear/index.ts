export {
  fitLeastSquares,
  type LeastSquaresModel,
  type LeastSquaresOptions,
  predictLeastSquares,
} from './least-squares.ts'
export {
  contributionsOfLogistic,
  type LogisticContributions,
  logisticScores,
  predictLogistic,
} from './logistic-prediction.ts'
export { fitLogistic, type LogisticModel, type LogisticOptions } from './logistic-regression.ts'
