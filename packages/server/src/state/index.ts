export { openState } from './open-state.ts'
export type { State, StateQueries } from './state.ts'
export type {
  ApiKeyTable,
  ConsentTable,
  CursorTable,
  Flag,
  IdentityLinkTable,
  IdentityTable,
  JobTable,
  ScheduleTable,
  SessionTable,
  SettingTable,
  StateTables,
  WriteKeyTable,
} from './tables.ts'
