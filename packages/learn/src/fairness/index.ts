export {
  auditFairness,
  type FairnessAudit,
  type FairnessOptions,
  type GroupFairness,
  type GroupingFairness,
} from './audit.ts'
export {
  type AmountsAudit,
  auditAmounts,
  type GroupAmounts,
  type GroupingAmounts,
} from './audit-amounts.ts'
export { drawFairSelection, fairSelection } from './fair-selection.ts'
export {
  type FairnessConstraint,
  type FairRule,
  type FairThresholdModel,
  type FairThresholdOptions,
  fitFairThresholds,
} from './fair-thresholds.ts'
export type { GroupGap } from './gap.ts'
export type { GroupingOptions } from './grouping-options.ts'
export type { Attribute } from './groups.ts'
export type { Rate } from './rate.ts'
export { applyReweighing, fitReweighing, type ReweighingModel } from './reweighing.ts'
