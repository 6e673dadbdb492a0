export type { BinnedColumnOptions } from './binned-column.ts'
export {
  applySelection,
  type ColumnSelection,
  columnVariances,
  type SelectionOptions,
  selectColumns,
} from './column-selection.ts'
export {
  type EvidenceBin,
  type InformationValue,
  type InformationValueOptions,
  informationValue,
} from './information-value.ts'
export { type LassoScoreOptions, lassoScores } from './lasso-scores.ts'
export {
  checkLeakage,
  type LeakageFinding,
  type LeakageOptions,
  type LeakageReason,
  type LeakageReport,
} from './leakage-check.ts'
export { type MutualInformationOptions, mutualInformation } from './mutual-information.ts'
export {
  type NetEvidenceBin,
  type NetInformationValue,
  type NetInformationValueOptions,
  netInformationValue,
} from './net-information-value.ts'
