export { applyBinning, type BinningModel, type BinningOptions, binNames, fitBinning } from './binning.ts'
export {
  type CategoryModel,
  type CategoryOptions,
  codeCount,
  codeNames,
  encodeCategories,
  fitCategories,
} from './category-encoding.ts'
export { type FeatureHashingOptions, type HashedFeature, hashFeatures } from './feature-hashing.ts'
export type { FittedBins } from './fitted-bins.ts'
export type { FittedInteractions } from './fitted-interactions.ts'
export type { FittedNeighbours } from './fitted-neighbours.ts'
export type { FittedNumber } from './fitted-number.ts'
export type { FittedStep } from './fitted-step.ts'
export type { FittedText } from './fitted-text.ts'
export { applyImputation, fitImputation, type ImputationModel, type ImputationOptions } from './imputation.ts'
export {
  applyInteractions,
  type InteractionModel,
  type InteractionOptions,
  interactionNames,
  listInteractions,
} from './interactions.ts'
export {
  applyNeighbourImputation,
  fitNeighbourImputation,
  type NeighbourImputationModel,
  type NeighbourImputationOptions,
} from './neighbour-imputation.ts'
export {
  type BinStep,
  type InteractionStep,
  linearPlan,
  type NumberStep,
  type PreparationPlan,
  type TextStep,
} from './plan.ts'
export { applyPower, fitPower, type PowerModel, type PowerOptions } from './power.ts'
export {
  applyPreparation,
  fitPreparation,
  type PreparationModel,
  type PreparationOptions,
  prepareTraining,
} from './preparation.ts'
export { quantileOf } from './quantile.ts'
export { applyQuantiles, fitQuantiles, type QuantileModel, type QuantileOptions } from './quantile-scaling.ts'
export { applyScaling, fitScaling, invertScaling, type ScalingModel, type ScalingOptions } from './scaling.ts'
export {
  type Column,
  columnNamed,
  type NumberColumn,
  type Table,
  type TextColumn,
  table,
  takeTableRows,
} from './table.ts'
export {
  applyTargetEncoding,
  crossFittedTargetEncoding,
  fitTargetEncoding,
  type TargetEncodingModel,
  type TargetEncodingOptions,
} from './target-encoding.ts'
