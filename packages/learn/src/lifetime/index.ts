export {
  type BetaGeometricParameters,
  type BgNbdModel,
  type FittedLikelihood,
  fitBgNbd,
  fitMbgNbd,
  type MbgNbdModel,
  type PurchaseFitOptions,
} from './beta-geometric.ts'
export {
  type CountIntervals,
  conditionalExpectedPurchases,
  conditionalPurchaseCounts,
  expectedPurchases,
  probabilityAlive,
  purchaseCountIntervals,
  purchaseCounts,
} from './expectations.ts'
export {
  expectedSpend,
  fitGammaGamma,
  type GammaGammaModel,
  type GammaGammaParameters,
  type SpendSummaries,
} from './gamma-gamma.ts'
export {
  customerLifetimeValue,
  type LifetimeModels,
  type LifetimeValueOptions,
  type LifetimeValues,
  lifetimeValueSteps,
  type ValueSummaries,
} from './lifetime-value.ts'
export { fitParetoNbd, type ParetoNbdModel, type ParetoParameters } from './pareto-nbd.ts'
export type { History, PurchaseModel } from './purchase-process.ts'
export {
  type Correlation,
  type IndependenceUnknown,
  type SpendIndependence,
  spendIndependence,
} from './spend-independence.ts'
export type { CustomerSummaries, Unfitted } from './summaries.ts'
export { type PurchaseSummaries, type Purchases, type SummariseOptions, summarise } from './summarise.ts'
export { type FirstSpendRatio, type SpendOfPurchases, summariseSpend } from './summarise-spend.ts'
export {
  lifetimeValueIntervalSteps,
  lifetimeValueIntervals,
  type ValueIntervalOptions,
  type ValueIntervals,
} from './value-intervals.ts'
