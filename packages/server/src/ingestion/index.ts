export type { ImportKind, ImportSummary, MappingProposal } from '@rapport/protocol'
export { type Upserted, upsertProducts } from './catalogue/upsert-products.ts'
export { backInStockSince, findProducts, priceAsOf, priceDropsSince, viewProduct } from './catalogue/view-products.ts'
export { type ImportRequest, importFiles } from './import-files.ts'
export { importTemplate } from './import-template.ts'
export { type BadCall, badCall, checkCall, type Rejection } from './live/check-call.ts'
export { type EventLog, type EventLogOptions, openEventLog } from './live/event-log.ts'
export type { LiveEvent } from './live/live-event.ts'
export { looksLikeConsent } from './mapping/consent-words.ts'
export { type PresetName, presetNames } from './mapping/presets.ts'
export {
  exportQuarantine,
  listQuarantine,
  listQuarantineReasons,
  type QuarantinedRecord,
  type QuarantineFilter,
  type QuarantineReason,
  retryQuarantine,
} from './quarantine.ts'
export type { CallMappings, Source, SourceCursor, SourcePage, ToCalls } from './sources/source.ts'
export { type Batch, listBatches, undoImport } from './undo-import.ts'
