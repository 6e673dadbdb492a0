export {
  applyBetaCalibration,
  type BetaCalibrationModel,
  type BetaCalibrationOptions,
  fitBetaCalibration,
} from './beta-calibration.ts'
export * from './conformal/index.ts'
export {
  applyCalibration,
  type Calibration,
  type CalibrationOptions,
  type CrossFittedCalibration,
  crossFittedCalibration,
} from './cross-fitted-calibration.ts'
export { type CrossValidated, type CrossValidation, crossValidate } from './cross-validation.ts'
export {
  type Fold,
  foldsFrom,
  groupKFold,
  type KFoldOptions,
  kFold,
  moduloFolds,
  stratifiedKFold,
  type TimeSplitOptions,
  timeSplit,
} from './folds.ts'
export { applyIsotonic, fitIsotonic, type IsotonicModel, type IsotonicOptions } from './isotonic.ts'
export {
  type FoldErrors,
  type LearningCurveOptions,
  type LearningPoint,
  learningCurve,
} from './learning-curve.ts'
export { applyPlatt, fitPlatt, type PlattModel } from './platt.ts'
export { type RollingFoldOptions, rollingFolds } from './rolling-folds.ts'
export * from './search/index.ts'
