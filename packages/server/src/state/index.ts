export { countFailedEvents, type FailedEvent } from './failed-events.ts'
export { inspectState } from './inspect.ts'
export { followLog, type LogFollower, type LogStep, rowsAtOnce } from './log-follower.ts'
export { openState } from './open-state.ts'
export { isStateEmpty, type RestoredState, restoreState } from './restore.ts'
export { keepSetting, readSetting } from './setting.ts'
export { openStateSnapshot, type StateRow, type StateSnapshot } from './snapshot.ts'
export type { State, StateQueries } from './state.ts'
export type {
  ApiKeyTable,
  AuditTable,
  ConsentTable,
  CursorTable,
  ErasureTable,
  Flag,
  IdentityLinkTable,
  IdentityTable,
  JobTable,
  OperatorTable,
  ReceiverTable,
  ScheduleTable,
  SessionTable,
  SettingTable,
  SourceTable,
  StateTables,
  WebhookTable,
  WriteKeyTable,
} from './tables.ts'
