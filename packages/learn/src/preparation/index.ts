export { applyBinning, type BinningModel, type BinningOptions, binNames, fitBinning } from './binning.ts'
export {
  type CategoryModel,
  type CategoryOptions,
  codeCount,
  codeNames,
  encodeCategories,
  fitCategories,
} from './category-encoding.ts'
export type { FittedNumber, FittedStep, FittedText } from './fitted-step.ts'
export { applyImputation, fitImputation, type ImputationModel, type ImputationOptions } from './imputation.ts'
export {
  applyNeighbourImputation,
  fitNeighbourImputation,
  type NeighbourImputationModel,
  type NeighbourImputationOptions,
} from './neighbour-imputation.ts'
export { linearPlan, type NumberStep, type PreparationPlan, type TextStep } from './plan.ts'
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
