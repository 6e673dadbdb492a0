export { discoveredSegments } from './discovered-segments.ts'
export { csvOf, type ExportedSegment, exportSegment } from './export-segment.ts'
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
export { classicTen } from './rfm-rules.ts'
export { rfmSegments } from './rfm-segments.ts'
export { parseRule, type Rule } from './rule.ts'
export { ruleSegments } from './rule-segments.ts'
export { type NamedRule, shippedRules } from './shipped-rules.ts'
export { listSegments, type SegmentEntry, type ShownSegment, showSegment } from './stored-segments.ts'
