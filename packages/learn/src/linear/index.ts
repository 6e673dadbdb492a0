export {
  chooseElasticNet,
  type ElasticNetChoice,
  type ElasticNetChoiceOptions,
  type ElasticNetTrial,
} from './choose-elastic-net.ts'
export {
  type CoefficientInterval,
  coefficientIntervals,
  type WithStandardErrors,
} from './coefficient-intervals.ts'
export {
  type ElasticNetModel,
  type ElasticNetOptions,
  type ElasticNetPath,
  type ElasticNetPathOptions,
  fitElasticNet,
  fitElasticNetPath,
  predictElasticNet,
} from './elastic-net.ts'
export { continueOnline, fitOnlineLinear, type OnlineFitOptions } from './fit-online.ts'
export {
  fitGeneralisedLinear,
  type GeneralisedLinearModel,
  predictGeneralisedLinear,
} from './generalised-linear.ts'
export type { GeneralisedLinearOptions } from './generalised-linear-options.ts'
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
export {
  fitMultinomial,
  type MultinomialModel,
  type MultinomialOptions,
  predictMultinomial,
} from './multinomial-logistic.ts'
export type { OnlineMethod, OnlineModel, OnlineOptions } from './online-model.ts'
export { predictOnline } from './predict-online.ts'
