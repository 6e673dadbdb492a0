export type { ImportKind, ImportSummary, MappingProposal } from '@rapport/protocol'
export { type Upserted, upsertProducts } from './catalogue/upsert-products.ts'
export { backInStockSince, findProducts, priceAsOf, priceDropsSince, viewProduct } from './catalogue/view-products.ts'
export { type ImportRequest, importFiles } from './import-files.ts'
export { importTemplate } from './import-template.ts'
export { appendCalls } from './live/append-calls.ts'
export { type BadCall, badCall, checkCall, type Rejection } from './live/check-call.ts'
export { recoverLog } from './live/drain.ts'
export { type EventLog, type EventLogOptions, openEventLog } from './live/event-log.ts'
export { joinBatch } from './live/join-batch.ts'
export type { LiveEvent } from './live/live-event.ts'
export { emptyLogLeftovers } from './live/log-leftovers.ts'
export { scalarText } from './live/read-call.ts'
export { Segment as LogFile, segmentsIn as logFilesIn } from './live/segment.ts'
export { type SortedBatch, sortBatch } from './live/sort-batch.ts'
export { type Doors, sortCall } from './live/sort-call.ts'
export { keyOfWritten, type WrittenEvent } from './live/written-event.ts'
export { looksLikeConsent } from './mapping/consent-words.ts'
export { type PresetName, presetNames } from './mapping/presets.ts'
export {
  type FindingFilter,
  listBrokenRules,
  listUndeclared,
  listViolations,
} from './plan/findings.ts'
export { followPlan } from './plan/follow-plan.ts'
export {
  declareSchema,
  listSchemas,
  recordPlanChange,
  retireSchema,
  schemaOf,
  schemaVersions,
} from './plan/schemas.ts'
export { openTrackingPlan, type TrackingPlan } from './plan/tracking-plan.ts'
export {
  exportQuarantine,
  listQuarantine,
  listQuarantineReasons,
  type QuarantinedRecord,
  type QuarantineFilter,
  type QuarantineReason,
  retryQuarantine,
} from './quarantine.ts'
export { listCallReasons, listQuarantinedCalls } from './replay/quarantined-calls.ts'
export { type ReplayParts, replayCalls } from './replay/replay-calls.ts'
export { callMappings } from './sources/call-mappings.ts'
export { defineSource } from './sources/define-source.ts'
export { lendSources, lentSources, openSources, type SourceRun, type Sources } from './sources/open-sources.ts'
export { listSecrets, putSecret, removeSecret } from './sources/secrets.ts'
export type { CallMappings, Source, SourceCursor, SourcePage, ToCalls } from './sources/source.ts'
export { askForRun, sourceJob } from './sources/source-job.ts'
export { findSource, listSources, removeSource, type SourceView } from './sources/stored-sources.ts'
export { type Batch, listBatches, undoImport } from './undo-import.ts'
export { openWebhooks, type ReceivingWebhook, type WebhookCount, type Webhooks } from './webhooks/open-webhooks.ts'
export {
  addWebhook,
  auditNameOf,
  listWebhooks,
  type MadeWebhook,
  removeWebhook,
  rotateSecret,
} from './webhooks/stored-webhooks.ts'
export { type TakenPayload, takePayload } from './webhooks/take-payload.ts'
export { faultOfSignature } from './webhooks/verify-signature.ts'
