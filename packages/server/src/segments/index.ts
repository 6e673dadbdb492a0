export { type DiscoveryMethod, discoveryMethods, isDensity, methodWords } from './discovery/methods.ts'
export { csvOf, type ExportedSegment, exportSegment, purposes } from './export-segment.ts'
export { checkFamilyRequest, type FamilyRequest } from './families/check-request.ts'
export { type DiscoverRequest, discoverFamily } from './families/discover-family.ts'
export type { DiscoveredFamily, FamilyResult, TaughtFamily, TaughtSegment } from './families/family-result.ts'
export { type TaughtFacts, taughtFacts } from './families/taught-facts.ts'
export { type TeachRequest, teachFamily } from './families/teach-family.ts'
export { compileSegments, leavesOfSegments, type SegmentsToCompile } from './live/compile.ts'
export type { CompiledSegments } from './live/compiled.ts'
export type { DaySize } from './live/day-sizes.ts'
export { evaluateSegment } from './live/evaluation.ts'
export {
  type ExplainedClause,
  type ExplainingEvent,
  type Explanation,
  explainSegment,
  type SegmentFacts,
} from './live/explain.ts'
export type { LibraryOptions, SegmentKind, ShippedSegment } from './live/library/shipped-segment.ts'
export { shippedSegments } from './live/library/shipped-segments.ts'
export { ListContents } from './live/list-contents.ts'
export { readListFile } from './live/list-file.ts'
export { LiveSegments, type SegmentSources, type SegmentsBefore } from './live/live-segments.ts'
export type { Cause, DecidingClause, Movement, MovementReason } from './live/movement.ts'
export { readSegmentDefinition, type SegmentDefinition, segmentJson } from './live/segment-definition.ts'
export type { SegmentsSnapshot } from './live/snapshot.ts'
export { eraseFromLists, keepList, listsNaming, storedLists } from './live/stored-lists.ts'
export {
  declareSegments,
  removeSegment,
  type SegmentVersion,
  type StoredSegmentDefinition,
  segmentVersions,
  storedSegmentDefinitions,
} from './live/stored-segment-definitions.ts'
export { refreshSegments, type SegmentsRequest } from './refresh-segments.ts'
export type {
  ClusterCandidate,
  DiscoveredResult,
  DiscoveredSegment,
  ProfileEntry,
  RfmHeatmapCell,
  RfmResult,
  RfmRule,
  RfmSegment,
  RuleSegmentResult,
  ScoreRange,
  SegmentMap,
  SegmentsResult,
} from './result.ts'
export { isMade, isUnstable } from './result.ts'
export { findSegment, listSegments, type SegmentEntry, type ShownSegment, showSegment } from './stored-segments.ts'
export { readLabelList } from './teaching/label-list.ts'
