export { type DiscoveryMethod, discoveryMethods, isDensity, methodWords } from './discovery/methods.ts'
export { csvOf, type ExportedSegment, exportSegment, type Purpose, purposes } from './export-segment.ts'
export { checkFamilyRequest, type FamilyRequest } from './families/check-request.ts'
export { type DiscoverRequest, discoverFamily } from './families/discover-family.ts'
export type { DiscoveredFamily, FamilyResult, TaughtFamily, TaughtSegment } from './families/family-result.ts'
export { namedByFamilies } from './families/named-features.ts'
export { refitFamily } from './families/refit-family.ts'
export { type RefitRequest, refittable } from './families/refittable.ts'
export { type TaughtFacts, taughtFacts } from './families/taught-facts.ts'
export { type TeachRequest, teachFamily } from './families/teach-family.ts'
export { checkSegments } from './live/check-segments.ts'
export type { ExplainedClause, Explanation } from './live/explain.ts'
export type { LibraryOptions } from './live/library/shipped-segment.ts'
export { shippedSegments } from './live/library/shipped-segments.ts'
export { readListFile } from './live/list-file.ts'
export { LiveCopy } from './live/live-copy.ts'
export { removeLiveSnapshot } from './live/live-snapshot-file.ts'
export type { Movement } from './live/movement.ts'
export { segmentJson } from './live/segment-definition.ts'
export { eraseFromLists, listsNaming } from './live/stored-lists.ts'
export {
  declareSegments,
  noteOtherModels,
  removeSegment,
  type SegmentVersion,
  type StoredSegmentDefinition,
  segmentVersions,
  storedSegmentDefinitions,
} from './live/stored-segment-definitions.ts'
export { followMovements } from './movements/follow-movements.ts'
export { type KeptMovement, type ToldMovement, toldOf } from './movements/kept-movement.ts'
export { eraseMovements, MovementJournal, recoverMovements } from './movements/movement-journal.ts'
export { type ChangedList, changeList, type ListEdit } from './now/change-list.ts'
export { checkHeld } from './now/check-held.ts'
export { type CustomerNow, customerNow, explainNow } from './now/customer-now.ts'
export { pairsNow } from './now/customer-pairs.ts'
export {
  type DescribedSegment,
  describeSegment,
  describeSegments,
  type SegmentDocument,
} from './now/described-segments.ts'
export { exportMembers } from './now/export-members.ts'
export { lostNames } from './now/lost-names.ts'
export { type MembersPage, membersPage } from './now/members-page.ts'
export { type NeverSeen, neverSeen } from './now/never-seen.ts'
export { type Overlap, overlapOf, overlapsWith, type SegmentOverlap } from './now/overlap.ts'
export { type Preview, previewSegment } from './now/preview.ts'
export type { RuleWords } from './now/rule-words.ts'
export type { Standing } from './now/standing.ts'
export { type SegmentTrend, segmentTrend } from './now/trend.ts'
export { warehouseStanding } from './now/warehouse-standing.ts'
export { type ListedFamily, listFamilies } from './placed/list-families.ts'
export { liveModelsRevision, readLiveModels } from './placed/read-live-models.ts'
export { checkReceiverSegments, checkReceiverUrl } from './receivers/receiver-checks.ts'
export {
  addReceiver,
  listReceivers,
  type MadeReceiver,
  removeReceiver,
  resumeReceiver,
  rotateReceiver,
} from './receivers/stored-receivers.ts'
export { Telling, tellReceiverJob } from './receivers/tell-receivers.ts'
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
