export type {
  BayesModel,
  BayesOptions,
  BernoulliBayesModel,
  GaussianBayesModel,
  MultinomialBayesModel,
} from './bayes-model.ts'
export { type CountBayesOptions, fitBernoulliBayes, fitMultinomialBayes } from './count-bayes.ts'
export { fitGaussianBayes, type GaussianBayesOptions } from './gaussian-bayes.ts'
export { predictBayes } from './predict-bayes.ts'
