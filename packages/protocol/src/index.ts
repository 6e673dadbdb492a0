export { type Basis, basis, type Purpose, purpose } from './consent.ts'
export { type Customer, customer } from './customer.ts'
export { type Event, type EventCall, event, eventCall } from './event.ts'
export * as build from './features/build.ts'
export {
  type AggregateExpression,
  type AggregateName,
  aggregateExpression,
  aggregateNames,
  type FeatureDefinition,
  type FeatureEntity,
  type FeatureExpression,
  featureDefinition,
  featureEntity,
  featureExpression,
  featureName,
  featureReference,
  type GivenExpression,
  givenExpression,
  givenOperators,
  modelExpression,
  type SequenceExpression,
  scoreExpression,
  sequenceExpression,
  sumExpression,
  traitExpression,
  trendExpression,
} from './features/expression.ts'
export {
  eventPattern,
  type FactCondition,
  type FactPattern,
  factCondition,
  factPattern,
  linePattern,
} from './features/pattern.ts'
export {
  calendarWindow,
  type Duration,
  duration,
  type FeatureWindow,
  featureWindow,
  rollingWindow,
  sessionWindow,
  type TimeUnit,
  windowBuckets,
} from './features/window.ts'
export type { FieldType } from './fields.ts'
export { auditLog, auditSearch } from './http/audit.ts'
export {
  type ConsentDecision,
  consentDecision,
  consentDefaults,
  consentStanding,
  customerConsents,
  heldConsentDefaults,
} from './http/consents.ts'
export { customerPage, customerProfile, customerSearch, timelinePage, timelineSearch } from './http/customers.ts'
export { customerExport, erasureList, erasureQuery, erasureReceipt, erasureSearch } from './http/erasures.ts'
export { familyList, refitRequest } from './http/families.ts'
export {
  declaredList,
  definitionCheck,
  featureDeclarations,
  featureDocument,
  featureList,
  type ValuesRequest,
  valuesAnswer,
  valuesRequest,
} from './http/features.ts'
export { healthAnswer, readyAnswer } from './http/health.ts'
export { jobCancelling, jobDocument, jobList } from './http/jobs.ts'
export {
  apiKeyDocument,
  keyList,
  keyRequest,
  keyRotation,
  newKey,
  revoked,
  type Scope,
  scope,
  scopes,
} from './http/keys.ts'
export { customerNow, segmentReason } from './http/live.ts'
export { liveInsight } from './http/live-insight.ts'
export { movementList, movementSearch, movementStream } from './http/movements.ts'
export {
  operatorChange,
  operatorDocument,
  operatorInvite,
  operatorInvited,
  operatorList,
  role,
} from './http/operators.ts'
export {
  predictionDocument,
  predictionList,
  predictionModel,
  predictionSummary,
  trainingRequest,
} from './http/predictions.ts'
export { type Problem, problemDocument } from './http/problem.ts'
export { productAsOf, productDocument, productPage, productSearch, productsUpserted } from './http/products.ts'
export {
  madeReceiver,
  type Receiver,
  type ReceiverDraft,
  receiver,
  receiverDraft,
  receiverList,
} from './http/receivers.ts'
export {
  type RetentionPlan,
  type RetentionSettings,
  retentionKind,
  retentionPeriod,
  retentionPlan,
  retentionPreview,
  retentionRequest,
  retentionSettings,
} from './http/retention.ts'
export {
  type ListChange,
  listChange,
  listChanged,
  membersQuery,
  overlapQuery,
  previewRequest,
  segmentDeclarations,
  segmentDocument,
  segmentList,
  segmentMembersPage,
  segmentOverlap,
  segmentPreview,
  segmentTrend,
  trendQuery,
} from './http/segments.ts'
export { secretDraft, secretList, secretView, sourceList, sourceView } from './http/sources.ts'
export {
  type ImportKind,
  type ImportSummary,
  importKind,
  importSummary,
  type MappedColumn,
  type MappingProposal,
  mappingProposal,
  type Target,
  targetsOf,
} from './import.ts'
export { type OrderLine, orderLine } from './order-line.ts'
export {
  featureFamily,
  type Occurrence,
  occurrence,
  type PredictionDefinition,
  type PredictionTarget,
  predictionDefinition,
  predictionTarget,
} from './prediction.ts'
export { type Product, product } from './product.ts'
export {
  type CallReason,
  callReason,
  callReasons,
  type Mend,
  mend,
  mends,
  type QuarantinedCall,
  quarantinedCall,
  quarantinedCalls,
  type ReplayRequest,
  type ReplaySummary,
  replayRequest,
  replaySummary,
  type WhichCalls,
  whichCalls,
} from './quarantine.ts'
export {
  type FolderOrigin,
  type HttpOrigin,
  type Paging,
  type SourceDefinition,
  type SourceDraft,
  type SourceTarget,
  sourceDefinition,
  sourceName,
} from './source.ts'
export {
  type BrokenRule,
  brokenRule,
  everyName,
  type MarkedViolation,
  markedViolation,
  type OnViolation,
  onViolation,
  type Planned,
  type PlannedCall,
  planned,
  plannedCall,
  type SchemaDeclaration,
  type SchemaVersion,
  schemaDeclaration,
  schemaList,
  schemaVersion,
  type UndeclaredEvents,
  undeclaredEvents,
  undeclaredList,
  versionList,
  violationPage,
} from './tracking-plan.ts'
export {
  madeWebhook,
  type PayloadMapping,
  type PayloadTemplate,
  payloadMapping,
  payloadTaken,
  type Webhook,
  type WebhookDraft,
  type WebhookPreset,
  type WebhookSignature,
  webhook,
  webhookDraft,
  webhookList,
  webhookPreset,
  webhookRotation,
  webhookSignature,
} from './webhook.ts'
export { batchAnswer, callAnswer } from './wire/answers.ts'
export {
  aliasCall,
  batchBytes,
  batchCall,
  type Call,
  type CallName,
  calls,
  eventBytes,
  groupCall,
  identifyCall,
  pageCall,
  screenCall,
  trackCall,
} from './wire/calls.ts'
export { cartEvents, commerceOrder, commerceProduct, orderEvents, productEvents } from './wire/commerce.ts'
export { consentEvent, consentPreferences, decisionEvent, decisionProperties } from './wire/consent.ts'
export { mention, review, surveyAnswer, textOf, ticket } from './wire/feedback.ts'
export { consentContext, context } from './wire/message.ts'
export { oneOrManyProducts, type ProductUpsert, productsUpsert, productUpsert } from './wire/products.ts'
export { type SdkSettings, sdkSettings } from './wire/sdk-settings.ts'
